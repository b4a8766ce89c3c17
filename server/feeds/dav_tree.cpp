#include "feeds/dav_tree.h"

#include "base/messages.h"
#include "feeds/feed_contents.h"
#include "feeds/feed_forms.h"
#include "net/http.h"

#include <boost/container_hash/hash.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace kutsu::feeds
{
namespace
{

using Kind = DavPlace::Kind;

struct Family
{
    std::string_view prefix;
    Scope scope;
};
constexpr std::array<Family, 4> families = {
    {{"event-", Scope::event}, {"kind-", Scope::kind}, {"city-", Scope::city}, {"project-", Scope::project}}};

std::vector<std::string> segments_of(std::string_view path)
{
    std::vector<std::string> segments;
    while (!path.empty()) {
        auto const slash = std::min(path.find('/'), path.size());
        if (slash > 0)
            segments.emplace_back(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return segments;
}

std::optional<DavPlace> own_place(std::vector<std::string> const& segments)
{
    if (segments.size() == 1)
        return DavPlace{Kind::own_home, {}, {}, {}};
    if (segments[1] != "calendar" || segments.size() > 3)
        return std::nullopt;
    if (segments.size() == 2)
        return DavPlace{Kind::own_calendar, {}, "calendar", {}};
    return DavPlace{Kind::own_object, {}, "calendar", segments[2]};
}

}

std::optional<DavPlace> parse_dav_path(std::string_view path)
{
    auto segments = segments_of(path);
    if (segments.empty() || segments.front() != "dav")
        return std::nullopt;
    segments.erase(segments.begin());
    if (segments.empty())
        return DavPlace{};
    if (segments.front() == "me")
        return own_place(segments);
    if (segments.front() == "principal" && segments.size() == 1)
        return DavPlace{Kind::principal, {}, {}, {}};
    if (!is_language(segments.front()) || segments.size() > 3)
        return std::nullopt;
    DavPlace place{Kind::home, segments.front(), {}, {}};
    if (segments.size() > 1) {
        place.kind = Kind::calendar;
        place.calendar = segments[1];
    }
    if (segments.size() > 2) {
        place.kind = Kind::object;
        place.file = segments[2];
    }
    return place;
}

std::string dav_href(DavPlace const& place)
{
    using net::percent_encode;
    switch (place.kind) {
    case Kind::root:
        break;
    case Kind::principal:
        return "/dav/principal/";
    case Kind::home:
        return fmt::format("/dav/{}/", place.language);
    case Kind::calendar:
        return fmt::format("/dav/{}/{}/", place.language, percent_encode(place.calendar));
    case Kind::object:
        return fmt::format("/dav/{}/{}/{}", place.language, percent_encode(place.calendar),
                           percent_encode(place.file));
    case Kind::own_home:
        return "/dav/me/";
    case Kind::own_calendar:
        return "/dav/me/calendar/";
    case Kind::own_object:
        return fmt::format("/dav/me/calendar/{}", percent_encode(place.file));
    }
    return "/dav/";
}

std::optional<FeedKey> dav_feed(std::string_view language, std::string_view calendar)
{
    FeedKey key{.language = std::string(language)};
    if (calendar == "events")
        return key;
    auto const family =
        std::ranges::find_if(families, [&](auto const& each) { return calendar.starts_with(each.prefix); });
    if (family == families.end())
        return std::nullopt;
    key.scope = family->scope;
    key.name = calendar.substr(family->prefix.size());
    key.sessions = key.scope == Scope::event;
    key.past_all = key.scope == Scope::event || key.scope == Scope::project;
    if (key.name.empty() || (key.scope == Scope::kind && !is_feed_kind(key.name)))
        return std::nullopt;
    return key;
}

DavCollectionPtr DavShelf::find(DavPlace const& place, Departures const& departures)
{
    auto const key = dav_feed(place.language, place.calendar);
    if (!key)
        return nullptr;
    auto const picture = services_.catalogue.picture();
    auto const contents = contents_of(*key, *picture, departures, services_.clock.now());
    if (contents.found != Found::here)
        return nullptr;
    {
        std::scoped_lock const lock(guard_);
        auto const kept = kept_.find(*key);
        if (kept != kept_.end() && kept->second.revision == contents.revision)
            return kept->second.collection;
    }
    auto made = std::make_shared<DavCollection const>(dav_collection(
        fmt::format("{}/{}", place.language, place.calendar), calendar_of(services_.site, *key, contents)));
    std::scoped_lock const lock(guard_);
    kept_[*key] = {contents.revision, made};
    return made;
}

std::vector<std::string> DavShelf::listed() const
{
    std::set<std::string> cities, projects;
    auto const picture = services_.catalogue.picture();
    for (auto const& event : picture->by_start) {
        if (!events::is_public(*event))
            continue;
        if (event->venue && !event->venue->city_slug.empty())
            cities.insert("city-" + event->venue->city_slug);
        if (event->project)
            projects.insert("project-" + event->project->id);
    }
    std::vector<std::string> names = {"events"};
    for (auto const kind : feed_kinds())
        names.push_back(fmt::format("kind-{}", kind));
    names.insert(names.end(), cities.begin(), cities.end());
    names.insert(names.end(), projects.begin(), projects.end());
    return names;
}

}
