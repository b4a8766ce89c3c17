#include "feeds/dav.h"

#include "base/messages.h"
#include "base/secret.h"
#include "db/database.h"
#include "db/error.h"
#include "feeds/dav_answers.h"
#include "feeds/dav_properties.h"
#include "feeds/dav_sync_store.h"
#include "feeds/personal_feed.h"
#include "feeds/revalidation.h"
#include "net/basic_auth.h"
#include "registration/personal_calendar.h"

#include <array>

namespace kutsu::feeds
{
namespace
{

using namespace calendars::dav;
using Kind = DavPlace::Kind;

constexpr std::array<char const*, 11> methods = {"GET",       "PROPFIND", "REPORT", "OPTIONS",
                                                 "PUT",       "DELETE",   "MKCOL",  "MKCALENDAR",
                                                 "PROPPATCH", "COPY",     "MOVE"};
constexpr std::array<char const*, 8> patterns = {"/dav",
                                                 "/dav/",
                                                 "/dav/{one}",
                                                 "/dav/{one}/",
                                                 "/dav/{one}/{two}",
                                                 "/dav/{one}/{two}/",
                                                 "/dav/{one}/{two}/{three}",
                                                 "/dav/{one}/{two}/{three}/"};
constexpr std::string_view token_scheme = "urn:uuid:";

Result<std::string> keep_deed(db::Transaction& transaction, store::SyncState const& state)
{
    return store::keep_sync_state(transaction, state);
}

}

Dav::Dav(Services& services, FeedShelf const& shelf)
    : services_(services), feed_shelf_(shelf), shelf_(services), misses_({.burst = 20, .per_second = 0.2})
{}

std::vector<net::Route> Dav::routes()
{
    constexpr std::size_t body_limit = 1024 * 1024;
    auto const handle = [this](net::Request const& request) { return answer(request); };
    std::vector<net::Route> routes;
    for (auto const* method : methods) {
        for (auto const* pattern : patterns)
            routes.push_back({method, pattern, handle, body_limit});
    }
    for (auto const* method : {"GET", "PROPFIND"})
        routes.push_back({method, "/.well-known/caldav", [](net::Request const&) -> Awaitable<net::Response> {
                              co_return net::redirect("/dav/", 301);
                          }});
    return routes;
}

net::asio::awaitable<net::Response> Dav::answer(net::Request const& request)
{
    auto const& method = request.method;
    if (method == "OPTIONS")
        co_return options_answer();
    auto const asked = co_await ask(request);
    if (!asked)
        co_return asked.error();
    if (method == "PROPFIND")
        co_return co_await propfind(*asked);
    if (method == "REPORT")
        co_return co_await report(*asked);
    if (method == "GET")
        co_return get(*asked);
    co_return refused({403, XmlName{std::string(dav_space), "need-privileges"}});
}

net::asio::awaitable<Dav::Outcome> Dav::ask(net::Request const& request)
{
    auto const place = parse_dav_path(request.path);
    if (!place)
        co_return std::unexpected(not_found());
    Asked asked{request, *place, nullptr};
    if (place->is_own()) {
        auto own = co_await own_collection(request);
        if (!own)
            co_return std::unexpected(std::move(own.error()));
        asked.collection = std::move(*own);
    } else if (place->is_calendar() || place->is_object()) {
        asked.collection = shelf_.find(*place, *feed_shelf_.departures());
        if (!asked.collection)
            co_return std::unexpected(not_found());
    }
    co_return asked;
}

// The password is the secret of a personal calendar; the user's name may be anything.
net::asio::awaitable<std::expected<DavCollectionPtr, net::Response>>
Dav::own_collection(net::Request const& request)
{
    auto const given = net::parse_basic(request.header("authorization"));
    if (!given || given->password.size() > 100)
        co_return std::unexpected(unauthorized());
    std::optional<registration::PersonalCalendar> own;
    try {
        own = co_await registration::read_calendar(services_, given->password);
    } catch (db::DatabaseAway const&) {
        co_return std::unexpected(unavailable());
    }
    if (!own || own->revoked) {
        if (auto const allowed = misses_.take(request.peer, services_.clock.now()); !allowed)
            co_return std::unexpected(
                net::problem_response(allowed.error(), services_.site.default_language));
        co_return std::unexpected(unauthorized());
    }
    PersonalView const view{own->language, true, false, services_.clock.now()};
    co_return std::make_shared<DavCollection const>(
        dav_collection("me/" + own->public_id,
                       personal_calendar(services_.site, *services_.catalogue.picture(), *own, view)));
}

net::asio::awaitable<net::Response> Dav::propfind(Asked const& asked)
{
    auto const depth = asked.request.header("depth");
    if (depth != "0" && depth != "1")
        co_return refused({403, XmlName{std::string(dav_space), "propfind-finite-depth"}});
    auto const wanted = read_propfind(asked.request.body);
    if (!wanted)
        co_return refused(wanted.error());
    Multistatus multistatus;
    bool const with_members = depth == "1";
    if (asked.place.is_object()) {
        auto const object = asked.collection->objects.find(asked.place.file);
        if (object == asked.collection->objects.end())
            co_return not_found();
        multistatus.add(dav_href(asked.place), *wanted, object_properties(asked.place, object->second));
    } else if (asked.place.is_calendar()) {
        co_await add_calendar(multistatus, asked.place, *asked.collection, *wanted);
        for (auto const& [name, object] : asked.collection->objects) {
            auto const place = object_in(asked.place, name);
            if (with_members)
                multistatus.add(dav_href(place), *wanted, object_properties(place, object));
        }
    } else {
        co_await add_folder(multistatus, asked, *wanted, with_members);
    }
    co_return multistatus_answer(std::move(multistatus));
}

net::asio::awaitable<void> Dav::add_folder(Multistatus& to, Asked const& asked, Properties const& wanted,
                                           bool with_members)
{
    auto const& place = asked.place;
    auto const& language = place.language.empty() ? services_.site.default_language : place.language;
    auto const home =
        place.is_own() ? DavPlace{Kind::own_home, {}, {}, {}} : DavPlace{Kind::home, language, {}, {}};
    to.add(dav_href(place), wanted,
           folder_properties(place, message(language, "calendar.name.events"), home));
    if (!with_members)
        co_return;
    DavPlace const own{Kind::own_calendar, {}, "calendar", {}};
    if (place.kind == Kind::own_home)
        co_await add_calendar(to, own, *asked.collection, wanted);
    if (place.kind == Kind::root) {
        for (auto const& each : languages())
            to.add(
                dav_href({Kind::home, each, {}, {}}), wanted,
                folder_properties({Kind::home, each, {}, {}}, message(each, "calendar.name.events"), home));
    }
    if (place.kind != Kind::home)
        co_return;
    auto const departures = feed_shelf_.departures();
    for (auto const& name : shelf_.listed()) {
        DavPlace const child{Kind::calendar, place.language, name, {}};
        if (auto const collection = shelf_.find(child, *departures))
            co_await add_calendar(to, child, *collection, wanted);
    }
}

net::asio::awaitable<void> Dav::add_calendar(Multistatus& to, DavPlace const& place,
                                             DavCollection const& collection, Properties const& wanted)
{
    std::optional<std::string> token;
    if (asks_for(wanted, "sync-token"))
        token = co_await token_of(collection.id, collection.digest, members_of(collection));
    to.add(dav_href(place), wanted, calendar_properties(place, collection, token));
}

net::asio::awaitable<net::Response> Dav::report(Asked const& asked)
{
    auto const report = read_report(asked.request.body);
    if (!report)
        co_return refused(report.error());
    if (!asked.place.is_calendar())
        co_return refused({403, XmlName{std::string(dav_space), "supported-report"}});
    if (auto const* wanted = std::get_if<Query>(&*report))
        co_return query(asked, *wanted);
    if (auto const* wanted = std::get_if<Multiget>(&*report))
        co_return multiget(asked, *wanted);
    co_return co_await sync(asked, std::get<SyncCollection>(*report));
}

net::Response Dav::query(Asked const& asked, Query const& wanted) const
{
    Multistatus multistatus;
    for (auto const& name : matching(*asked.collection, wanted)) {
        auto const place = object_in(asked.place, name);
        multistatus.add(dav_href(place), wanted.properties,
                        object_properties(place, asked.collection->objects.find(name)->second));
    }
    return multistatus_answer(std::move(multistatus));
}

net::Response Dav::multiget(Asked const& asked, Multiget const& wanted) const
{
    Multistatus multistatus;
    for (auto const& href : wanted.hrefs) {
        auto const name = file_of(asked.place, href);
        auto const object = name ? asked.collection->objects.find(*name) : asked.collection->objects.end();
        if (object == asked.collection->objects.end())
            multistatus.add_missing(href);
        else
            multistatus.add(dav_href(object_in(asked.place, *name)), wanted.properties,
                            object_properties(object_in(asked.place, *name), object->second));
    }
    return multistatus_answer(std::move(multistatus));
}

// The next token stands for what the client knows after this answer, also when that is not yet everything.
net::asio::awaitable<net::Response> Dav::sync(Asked const& asked, SyncCollection const& wanted)
{
    auto const& now = *asked.collection;
    DavMembers known;
    if (!wanted.token.empty()) {
        std::optional<DavMembers> before;
        try {
            auto const token = wanted.token.starts_with(token_scheme)
                                   ? wanted.token.substr(token_scheme.size())
                                   : std::string("none");
            before = co_await services_.db.read(store::find_sync_state, now.id, token);
        } catch (db::DatabaseAway const&) {
            co_return unavailable();
        }
        if (!before)
            co_return refused({403, XmlName{std::string(dav_space), "valid-sync-token"}});
        known = std::move(*before);
    }
    auto changes = changes_since(known, now);
    auto const limit = wanted.limit.value_or(changes.changed.size() + changes.removed.size());
    bool const is_cut = changes.changed.size() + changes.removed.size() > limit;
    changes.removed.resize(std::min(changes.removed.size(), limit));
    changes.changed.resize(std::min(changes.changed.size(), limit - changes.removed.size()));

    Multistatus multistatus;
    for (auto const& name : changes.changed) {
        auto const place = object_in(asked.place, name);
        auto const& object = now.objects.find(name)->second;
        multistatus.add(dav_href(place), wanted.properties, object_properties(place, object));
        known[name] = object.etag;
    }
    for (auto const& name : changes.removed) {
        multistatus.add_missing(dav_href(object_in(asked.place, name)));
        known.erase(name);
    }
    if (is_cut)
        multistatus.add_more(dav_href(asked.place));
    auto const digest = is_cut ? "part " + digest_of(known) : now.digest;
    auto const token = co_await token_of(now.id, digest, std::move(known));
    if (!token)
        co_return unavailable();
    multistatus.set_sync_token(*token);
    co_return multistatus_answer(std::move(multistatus));
}

net::asio::awaitable<std::optional<std::string>> Dav::token_of(std::string const& collection,
                                                               std::string const& digest, DavMembers members)
{
    store::SyncState const state{random_uuid(services_.random), collection, digest, std::move(members),
                                 services_.clock.now()};
    try {
        if (auto const token = co_await services_.db.write(keep_deed, state))
            co_return std::string(token_scheme) + *token;
    } catch (db::DatabaseAway const&) {
        co_return std::nullopt;
    }
    co_return std::nullopt;
}

net::Response Dav::get(Asked const& asked) const
{
    if (!asked.place.is_object())
        return with_dav(net::text_response("A folder of calendars for CalDAV programs.\n", 405),
                        "PROPFIND, REPORT, OPTIONS");
    auto const object = asked.collection->objects.find(asked.place.file);
    if (object == asked.collection->objects.end())
        return not_found();
    return object_answer(object->second, asked.request, asked.place.is_own());
}

}
