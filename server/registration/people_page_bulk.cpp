// Deeds on many: what would be done is shown first, and done when somebody says yes. And how many seats there
// are.
#include "base/messages.h"
#include "registration/people_page_parts.h"
#include "registration/people_pages.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

constexpr std::size_t body_limit = 512UL * 1024;

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("people.{}", key), arguments);
}

struct Asked
{
    Bulk bulk;
    net::Fields fields; // as they came, to be sent again
    bool confirmed = false;
};

// filter.NAME are the list's; with "all" they say who is meant, else the chosen ids do.
Result<Asked> read_asked(net::Request const& request, Desked const& desked, std::string_view language)
{
    Asked asked;
    asked.fields = net::parse_fields(request.body).value_or(net::Fields());
    auto const action = bulk_action_named(asked.fields.find("action").value_or(""));
    if (!action)
        return refuse_fields({{"action", "field.unknown_choice", {}}});
    asked.bulk.action = *action;
    asked.bulk.tag = asked.fields.find("tag").value_or("");
    asked.bulk.notify = !asked.fields.find("quiet");
    asked.confirmed = asked.fields.find("confirm").has_value();
    if (!asked.fields.find("all")) {
        asked.bulk.ids = asked.fields.all("id");
        return asked;
    }
    std::vector<std::pair<std::string, std::string>> filter;
    for (auto const& [name, value] : asked.fields.pairs()) {
        if (name.starts_with("filter."))
            filter.emplace_back(name.substr(7), value);
    }
    auto query = read_people_query(net::Fields(std::move(filter)), *desked.event, desked.sight, language);
    if (!query)
        return std::unexpected(query.error());
    asked.bulk.filter = std::move(query->filter);
    return asked;
}

// Those that are meant, as a list: the first of them by name, and how many there are.
asio::awaitable<Result<PeopleList>> meant(PeopleRoom& room, Desked const& desked, Bulk const& bulk)
{
    PeopleQuery query;
    query.limit = most_people;
    query.sort = "name";
    query.descending = false;
    if (bulk.filter)
        query.filter = *bulk.filter;
    else
        query.filter.choices["id"] = bulk.ids;
    co_return co_await list_people(room.services, desked, std::move(query), true);
}

void add_names(Html& html, std::string const& language, PeopleList const& list)
{
    constexpr std::size_t shown = 20;
    html.add(Tag::ul, [&] {
        for (std::size_t i = 0; i < std::min(shown, list.people.size()); ++i)
            html.add(Tag::li, [&] {
                add_name(html, list.people[i]);
                html.text(" ");
                add_status(html, language, list.people[i]);
            });
        if (list.total > static_cast<std::int64_t>(shown))
            html.add(Tag::li, words(language, "and_others",
                                    {{"count", list.total - static_cast<std::int64_t>(shown)}}));
    });
}

net::Response ask_first(PeopleRoom const& room, std::string const& language, Desked const& desked,
                        Asked const& asked, PeopleList const& list)
{
    auto const action = std::string(boost::describe::enum_to_string(asked.bulk.action, ""));
    auto const title = words(language, "bulk_title", {{"action", words(language, "action." + action)}});
    return people_page(room, language, desked, {title}, [&](Html& html) {
        if (list.total == 0) {
            html.add(Tag::p, {attr::cls("notice notice-warning")}, words(language, "nobody_chosen"));
            return;
        }
        html.add(Tag::p, {attr::cls("lead")},
                 words(language, "bulk_lead", {{"count", list.total}, {"tag", asked.bulk.tag}}));
        add_names(html, language, list);
        add_post_form(html, table_url(desked, "bulk"), {attr::cls("form")}, [&] {
            for (auto const& [name, value] : asked.fields.pairs())
                html::add_hidden(html, name, value);
            html::add_hidden(html, "confirm", "1");
            add_button(html, words(language, "bulk_confirm", {{"count", list.total}}));
        });
    });
}

std::string name_of(PeopleList const& list, std::string const& id)
{
    auto const found = std::ranges::find(list.people, id, &Person::id);
    return found == list.people.end() ? id : found->name;
}

net::Response tell_result(PeopleRoom const& room, std::string const& language, Desked const& desked,
                          std::vector<BulkResult> const& results, PeopleList const& list)
{
    auto const failed = [](BulkResult const& each) {
        return each.outcome != "done" && each.outcome != "unchanged";
    };
    auto const failures = std::ranges::count_if(results, failed);
    auto const done = std::ssize(results) - failures;
    if (failures == 0)
        return net::redirect(table_url(desked).with("done", "bulk").with("n", std::to_string(done)).text());
    return people_page(room, language, desked, {words(language, "bulk_partly")}, [&](Html& html) {
        html.add(Tag::p, {attr::cls("lead"), attr::role("status")},
                 words(language, "bulk_failures",
                       {{"done", static_cast<std::int64_t>(done)},
                        {"failed", static_cast<std::int64_t>(failures)}}));
        html.add(Tag::ul, [&] {
            for (auto const& each : results) {
                if (!failed(each))
                    continue;
                auto const key = fmt::format("people.outcome.{}", each.outcome);
                html.add(Tag::li, message(language, "people.failure",
                                          {{"name", name_of(list, each.id)},
                                           {"why", has_message(language, key) ? message(language, key)
                                                                              : each.outcome}}));
            }
        });
    });
}

asio::awaitable<net::Response> bulk(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked || !desked->sight.manage)
        co_return people_refused(room, request,
                                 desked ? refuse(ProblemName::not_allowed).error() : desked.error());
    auto const language = page_language(room, request);
    auto const asked = read_asked(request, *desked, language);
    if (!asked)
        co_return people_refused(room, request, asked.error());
    Result<PeopleList> list = PeopleList();
    if (asked->bulk.filter || !asked->bulk.ids.empty())
        list = co_await meant(room, *desked, asked->bulk);
    if (!list)
        co_return people_refused(room, request, list.error());
    if (!asked->confirmed || list->total == 0)
        co_return ask_first(room, language, *desked, *asked, *list);
    auto const results = co_await carry_out(room.services, *desked, asked->bulk);
    if (!results)
        co_return people_refused(room, request, results.error());
    co_return tell_result(room, language, *desked, *results, *list);
}

// Empty: as many as come.
Result<CapacityChange> read_capacity(net::Request const& request)
{
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    auto const text = fields.find("capacity").value_or("");
    CapacityChange change;
    change.session = fields.find("session").value_or("");
    change.pool = fields.find("pool").value_or("");
    if (text.empty())
        return change;
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size() || number < 0 || number > 1'000'000)
        return refuse(ProblemName::validation, "people.capacity_number.detail");
    change.capacity = number;
    return change;
}

asio::awaitable<net::Response> capacity(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const change = read_capacity(request);
    if (!change)
        co_return people_refused(room, request, change.error());
    auto const seats = co_await set_capacity(room.services, *desked, *change);
    if (!seats)
        co_return people_refused(room, request, seats.error());
    co_return net::redirect(table_url(*desked).with("done", "capacity").text());
}

}

std::vector<net::Route> people_bulk_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "POST", "/bulk", bulk, body_limit),
            people_route(room, "POST", "/capacity", capacity)};
}

std::vector<net::Route> people_page_routes(Services& services, html::Assets const& assets)
{
    auto const room = std::make_shared<PeopleRoom>(services, assets);
    std::vector<net::Route> all;
    for (auto&& part : {people_list_routes(room), people_person_routes(room), people_bulk_routes(room),
                        people_import_routes(room), people_message_routes(room)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}
