#include "events/events_api.h"

#include "base/json.h"
#include "base/messages.h"
#include "events/catalogue.h"
#include "events/event_filter.h"
#include "live/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kutsu::events
{
namespace
{

constexpr std::int64_t default_page = 50;
constexpr std::int64_t largest_page = 100;

net::Response public_json(Services const& services, net::Request const& request, EventPtr const& event,
                          boost::json::object body)
{
    // The picture's own version is a strong validator: same version, same content.
    auto const etag = fmt::format("\"{}-{}\"", event->slug, event->version);
    net::Response response;
    if (request.header("if-none-match") == etag)
        response.status = 304;
    else
        response = net::json_response(body);
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Cache-Control", "public, max-age=0, must-revalidate");
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    if (services.catalogue.away())
        response.headers.emplace_back("Warning", "110 - \"Response is Stale\"");
    return response;
}

net::Response not_found(Services const& services, net::Request const& request)
{
    auto const problem = refuse(ProblemName::not_found);
    return net::problem_response(problem.error(), net::language_of(request, services.site.default_language));
}

struct PageOf
{
    std::int64_t limit = default_page;
    std::size_t offset = 0;
};

// The cursor is the place after the last item; ids of items do not move between pages of one picture.
Result<PageOf> read_page(net::Fields const& query)
{
    auto const number = [&](std::string_view name, std::int64_t fallback) -> std::optional<std::int64_t> {
        auto const text = query.find(name);
        if (!text || text->empty())
            return fallback;
        std::int64_t value = 0;
        auto const [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
        return failed == std::errc() && end == text->data() + text->size() && value >= 0
                   ? std::optional(value)
                   : std::nullopt;
    };
    auto const limit = number("limit", default_page);
    auto const cursor = number("cursor", 0);
    std::vector<FieldError> errors;
    if (!limit || *limit < 1)
        errors.push_back({"limit", "field.expected_number", {}});
    if (!cursor)
        errors.push_back({"cursor", "field.expected_number", {}});
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return PageOf{std::min(*limit, largest_page), static_cast<std::size_t>(*cursor)};
}

asio::awaitable<net::Response> list_events(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const filter = read_filter(request.query);
    if (!filter)
        co_return net::problem_response(filter.error(), language);
    auto const page = read_page(request.query);
    if (!page)
        co_return net::problem_response(page.error(), language);
    auto const found = find_public_events(*services.catalogue.picture(), *filter);
    auto const end = std::min(page->offset + static_cast<std::size_t>(page->limit), found.size());
    boost::json::array items;
    for (auto i = page->offset; i < end; ++i)
        items.push_back(item_json(*found[i]));
    boost::json::object body{{"items", std::move(items)}, {"next", nullptr}};
    if (end < found.size())
        body["next"] = std::to_string(end);
    co_return net::with_header(net::json_response(body), "Access-Control-Allow-Origin", "*");
}

asio::awaitable<net::Response> one_event(Services& services, net::Request const& request)
{
    auto const event = services.catalogue.find_public(request.capture("slug"));
    co_return event ? public_json(services, request, event, detail_json(*event, services.clock.now()))
                    : not_found(services, request);
}

asio::awaitable<net::Response> agenda(Services& services, net::Request const& request)
{
    auto const event = services.catalogue.find_public(request.capture("slug"));
    co_return event ? public_json(services, request, event, agenda_json(*event))
                    : not_found(services, request);
}

// `net` has checked that the parameters fit.
Result<EventPtr> watched_event(Services const& services, json::object const& params)
{
    auto event = services.catalogue.find_public(params.at("event").get_string());
    if (!event)
        return refuse(ProblemName::not_found);
    return event;
}

// No suspension between reading the picture and subscribing: what is published later is newer than the
// answer.
asio::awaitable<net::RpcResult> watch(Services& services, std::shared_ptr<net::Session> session,
                                      json::object const& params)
{
    auto const asked = watched_event(services, params);
    if (!asked)
        co_return std::unexpected(asked.error());
    auto const& event = *asked;
    auto const* since = params.if_contains("since");
    services.live.subscribe(session, event->slug, event->version, session->state.contains("organiser"));
    if (since) {
        if (auto missed = services.live.since(event->slug, since->to_number<std::int64_t>(), event->version))
            co_return json::object{
                {"event", event->slug}, {"version", event->version}, {"changes", std::move(*missed)}};
    }
    co_return snapshot_json(*event);
}

asio::awaitable<net::RpcResult> unwatch(Services& services, std::shared_ptr<net::Session> session,
                                        json::object const& params)
{
    auto const asked = watched_event(services, params);
    if (!asked)
        co_return std::unexpected(asked.error());
    services.live.unsubscribe(*session, (*asked)->slug);
    co_return json::object();
}

}

std::vector<net::Route> api_routes(Services& services)
{
    return {
        {"GET", "/api/v1/events",
         [&services](net::Request const& request) { return list_events(services, request); }},
        {"GET", "/api/v1/events/{slug}",
         [&services](net::Request const& request) { return one_event(services, request); }},
        {"GET", "/api/v1/events/{slug}/agenda",
         [&services](net::Request const& request) { return agenda(services, request); }},
    };
}

std::vector<net::Method> api_methods(Services& services)
{
    return {
        {"event.watch",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return watch(services, std::move(session), params);
         },
         {{"event"}, {"since", net::Parameter::Kind::integer, false}}},
        {"event.unwatch",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return unwatch(services, std::move(session), params);
         },
         {{"event"}}},
    };
}

}
