#include "registration/people_api.h"

#include "registration/people_door.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t bulk_body_limit = 512UL * 1024; // ten thousand ids

std::string language_of(Services const& services, net::Request const& request)
{
    return net::language_of(request, services.site.default_language);
}

net::Response refused(Services const& services, net::Request const& request, Problem const& problem)
{
    return net::problem_response(problem, language_of(services, request));
}

Result<json::object> body_of(net::Request const& request)
{
    auto const parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object())
        return refuse(ProblemName::validation, "problem.not-json.detail");
    return parsed->get_object();
}

std::string etag_of(Person const& person)
{
    return fmt::format("\"{}-{}\"", person.id, person.version);
}

net::Response person_response(Person const& person, json::object const& body, int status = 200)
{
    auto response = net::json_response(body, status);
    response.headers.emplace_back("ETag", etag_of(person));
    response.headers.emplace_back("Cache-Control", "private, no-cache");
    return response;
}

asio::awaitable<net::Response> list(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return refused(services, request, desked.error());
    auto const language = language_of(services, request);
    auto const query = read_people_query(request.query, *desked->event, desked->sight, language, {"lang"});
    if (!query)
        co_return refused(services, request, query.error());
    bool const with_facets = !query->cursor;
    auto const found = co_await list_people(services, *desked, *query, with_facets);
    if (!found)
        co_return refused(services, request, found.error());
    auto response = net::json_response(to_json(*found, *desked, *query, with_facets));
    co_return net::with_header(std::move(response), "Cache-Control", "private, no-store");
}

asio::awaitable<net::Response> one(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return refused(services, request, desked.error());
    auto const query = read_people_query(request.query, *desked->event, desked->sight, "", {"lang"});
    if (!query)
        co_return refused(services, request, query.error());
    auto const file = co_await person_file(services, *desked, request.capture("id"), query->reveal);
    if (!file)
        co_return refused(services, request, file.error());
    co_return person_response(file->person, to_json(*file, *desked, {desked->sight, query->reveal}));
}

// "ID-VERSION" in quotes; "*" and none: whatever it is now.
Result<std::optional<std::int64_t>> expected_version(net::Request const& request)
{
    auto tag = request.header("if-match");
    if (tag.empty() || tag == "*")
        return std::nullopt;
    auto const prefix = fmt::format("\"{}-", request.capture("id"));
    std::int64_t version = 0;
    bool fine = tag.starts_with(prefix) && tag.ends_with('"') && tag.size() > prefix.size() + 1;
    if (fine) {
        tag = tag.substr(prefix.size(), tag.size() - prefix.size() - 1);
        auto const [end, failed] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
        fine = failed == std::errc() && end == tag.data() + tag.size();
    }
    return fine ? std::optional(version) : std::optional<std::int64_t>(-1);
}

asio::awaitable<net::Response> edit(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return refused(services, request, desked.error());
    auto const body = body_of(request);
    if (!body)
        co_return refused(services, request, body.error());
    auto const wanted = decode_person_edit(*body, *desked->event);
    if (!wanted)
        co_return refused(services, request, wanted.error());
    auto const version = expected_version(request);
    auto const person = co_await edit_person(services, *desked, request.capture("id"), *wanted, *version);
    if (!person)
        co_return refused(services, request, person.error());
    co_return person_response(*person, to_json(*person, *desked->event, {desked->sight, {}}));
}

asio::awaitable<net::Response> add(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return refused(services, request, desked.error());
    auto body = body_of(request);
    if (!body)
        co_return refused(services, request, body.error());
    std::string source = "organiser";
    if (auto const* given = body->if_contains("source")) {
        source = given->is_string() ? std::string(given->get_string()) : std::string();
        if (source != "organiser" && source != "walk_in")
            co_return refused(services, request,
                              refuse_fields({{"source", "field.unknown_choice", {}}}).error());
        body->erase("source");
    }
    auto const added = co_await add_person(services, *desked, std::move(*body), source);
    if (!added)
        co_return refused(services, request, added.error());
    std::set<std::string, std::less<>> const nothing;
    auto const file = co_await person_file(services, *desked, added->id, nothing);
    if (!file)
        co_return refused(services, request, file.error());
    auto response = person_response(file->person, to_json(*file, *desked, {desked->sight, {}}),
                                    added->receipt.seen_before ? 200 : 201);
    co_return net::with_header(
        std::move(response), "Location",
        fmt::format("/api/v1/events/{}/people/{}", desked->event->slug, net::percent_encode(added->id)));
}

asio::awaitable<net::Response> bulk(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return refused(services, request, desked.error());
    auto const body = body_of(request);
    if (!body)
        co_return refused(services, request, body.error());
    auto const wanted = decode_bulk(*body, *desked, language_of(services, request));
    if (!wanted)
        co_return refused(services, request, wanted.error());
    auto const results = co_await carry_out(services, *desked, *wanted);
    if (!results)
        co_return refused(services, request, results.error());
    co_return net::json_response(to_json(wanted->action, *results));
}

asio::awaitable<net::Response> file(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return refused(services, request, desked.error());
    co_return co_await people_file(services, *desked, request,
                                   request.path.ends_with(".csv") ? "csv" : "xlsx");
}

}

std::vector<net::Route> people_api_routes(Services& services)
{
    using Answer = asio::awaitable<net::Response> (*)(Services&, net::Request const&);
    auto const route = [&services](std::string method, std::string pattern, Answer answer) {
        return net::Route{
            std::move(method), "/api/v1/events/{slug}/" + pattern,
            [&services, answer](net::Request const& request) { return answer(services, request); }};
    };
    std::vector<net::Route> routes = {route("GET", "people", list),       route("POST", "people", add),
                                      route("GET", "people/{id}", one),   route("PATCH", "people/{id}", edit),
                                      route("POST", "people/bulk", bulk), route("GET", "people.csv", file),
                                      route("GET", "people.xlsx", file)};
    routes[4].body_limit = bulk_body_limit;
    for (auto&& more : {people_import_api_routes(services), people_message_api_routes(services)})
        routes.insert(routes.end(), more.begin(), more.end());
    return routes;
}

}
