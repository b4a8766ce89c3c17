#include "registration/people_door.h"

#include "accounts/accounts_guard.h"
#include "base/local_time.h"
#include "db/database.h"
#include "registration/people_export.h"

#include <fmt/format.h>

namespace kutsu::registration
{

asio::awaitable<Result<Desked>> desked_by_api(Services& services, net::Request const& request, bool changes)
{
    auto actor = co_await accounts::actor_of(services, request);
    if (actor && changes &&
        (accounts::is_foreign_browser(request, services.site) || !accounts::has_csrf_token(request, *actor)))
        co_return refuse(ProblemName::not_allowed, "people.csrf.detail");
    co_return people_of(services, std::move(actor), request.capture("slug"));
}

asio::awaitable<Result<Desked>> desked_by_page(Services& services, net::Request const& request)
{
    auto actor = co_await accounts::actor_of(services, request);
    if (actor && request.method == "POST" && !accounts::is_same_origin(request, services.site))
        co_return refuse(ProblemName::not_allowed, "accounts.wrong_origin",
                         {{"address", services.site.base_url + request.path}});
    co_return people_of(services, std::move(actor), request.capture("slug"));
}

json::object to_json(PeopleList const& list, Desked const& desked, PeopleQuery const& query, bool with_facets)
{
    json::array items;
    for (auto const& person : list.people)
        items.push_back(to_json(person, *desked.event, {desked.sight, query.reveal}));
    json::object object{{"items", std::move(items)},
                        {"next", list.next ? json::value(*list.next) : json::value()},
                        {"version", list.version}};
    if (!with_facets)
        return object;
    object["total"] = list.total;
    object["all"] = list.all;
    json::object facets;
    for (auto const& each : list.facets) {
        auto& counts = facets[each.facet];
        if (!counts.is_array())
            counts = json::array();
        counts.as_array().push_back(json::object{{"value", each.value}, {"count", each.count}});
    }
    object["facets"] = std::move(facets);
    return object;
}

json::object to_json(PersonFile const& file, Desked const& desked, Shown const& shown)
{
    auto object = to_json(file.person, *desked.event, shown);
    if (!desked.sight.contacts)
        return object;
    json::array timeline;
    for (auto const& each : file.timeline) {
        json::object happening{
            {"kind", each.kind}, {"detail", each.detail}, {"by", each.actor}, {"at", format_utc(each.at)}};
        if (!each.state.empty())
            happening["state"] = each.state;
        timeline.push_back(std::move(happening));
    }
    object["timeline"] = std::move(timeline);
    return object;
}

json::object to_json(BulkAction action, std::vector<BulkResult> const& results)
{
    json::array list;
    std::int64_t done = 0;
    std::int64_t failed = 0;
    for (auto const& each : results) {
        list.push_back({{"id", each.id}, {"outcome", each.outcome}});
        if (each.outcome == "done")
            ++done;
        else if (each.outcome != "unchanged")
            ++failed;
    }
    return {{"action", boost::describe::enum_to_string(action, "")},
            {"done", done},
            {"failed", failed},
            {"results", std::move(list)}};
}

std::optional<BulkAction> bulk_action_named(std::string_view name)
{
    BulkAction action{};
    if (!boost::describe::enum_from_string(std::string(name).c_str(), action))
        return std::nullopt;
    return action;
}

namespace
{

void read_ids(ObjectReader& reader, Bulk& bulk)
{
    auto const* ids = reader.array("ids");
    for (auto const& id : ids ? *ids : json::array()) {
        if (id.is_string() && id.get_string().size() <= 100)
            bulk.ids.emplace_back(id.get_string());
        else
            reader.fail("ids", "field.expected_text");
    }
}

// An empty filter means everybody, and has to be said: {"filter": {}}.
Result<void> read_filter(ObjectReader& reader, Bulk& bulk, Desked const& desked, std::string_view language)
{
    auto const* filter = reader.object("filter");
    if (!filter)
        return {};
    auto const fields = fields_of(*filter, "filter");
    if (!fields)
        return std::unexpected(fields.error());
    auto query =
        read_people_query(*fields, *desked.event, desked.sight, language, {"sort", "limit", "cursor"});
    if (!query)
        return std::unexpected(query.error());
    bulk.filter = std::move(query->filter);
    return {};
}

}

Result<Bulk> decode_bulk(json::object const& object, Desked const& desked, std::string_view language)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    Bulk bulk;
    auto const action = bulk_action_named(reader.required_text("action"));
    if (!action)
        reader.fail("action", "field.unknown_choice");
    bulk.action = action.value_or(BulkAction::tag);
    read_ids(reader, bulk);
    if (auto const read = read_filter(reader, bulk, desked, language); !read)
        return std::unexpected(read.error());
    bulk.tag = reader.text("tag").value_or("");
    bulk.notify = reader.boolean("notify").value_or(true);
    if (bulk.ids.empty() == !bulk.filter)
        reader.fail("ids", "people.ids_or_filter");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return bulk;
}

namespace
{

// On a database thread: thousands of rows take longer than others on an I/O thread should wait.
std::string written_file(db::Reader&, std::vector<Person> const& people, events::EventPtr const& event,
                         std::string const& language, std::set<std::string, std::less<>> const& revealed,
                         bool is_csv)
{
    auto const sheet = sheet_of(*event, people, language, revealed);
    return is_csv ? to_csv(sheet, language) : to_xlsx(sheet);
}

}

asio::awaitable<net::Response> people_file(Services& services, Desked const& desked,
                                           net::Request const& request, std::string kind)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto query =
        read_people_query(request.query, *desked.event, desked.sight, language, {"lang", "limit", "cursor"});
    if (!query)
        co_return net::problem_response(query.error(), language);
    if (!request.query.find("sort"))
        query->descending = false; // a list on paper begins with the first
    auto const people = co_await everybody(services, desked, *query, "people." + kind);
    if (!people)
        co_return net::problem_response(people.error(), language);
    bool const is_csv = kind == "csv";
    auto bytes =
        co_await services.db.read(written_file, *people, desked.event, language, query->reveal, is_csv);
    auto response = net::text_response(std::move(bytes));
    response.headers.front().second =
        is_csv ? "text/csv; charset=utf-8"
               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.headers.emplace_back("Content-Disposition",
                                  fmt::format("attachment; filename=\"{}.{}\"", desked.event->slug, kind));
    response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
}

}
