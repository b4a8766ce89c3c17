// The limits of an event over HTTP, for organisers. No If-Match is demanded: a limit is set absolutely and
// refused with the truth when it is below what is taken, and an event's version grows with every guest. Who
// sends one (from the ETag of GET) is refused when anything has happened since.
#include "registration/people_door.h"
#include "registration/registration_api_parts.h"
#include "registration/seats_commands.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace kutsu::registration
{
namespace
{

constexpr std::int64_t page_size = 100;

std::optional<std::int64_t> whole_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// Nothing: any version will do; a tag that is none of ours fits no version.
std::optional<std::int64_t> expected_version(std::string_view tag)
{
    if (tag.empty() || tag == "*")
        return std::nullopt;
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"')
        return whole_number(tag.substr(1, tag.size() - 2)).value_or(-1);
    return -1;
}

net::Response answer(Services const& services, net::Request const& request,
                     Result<json::object> const& limits)
{
    if (!limits)
        return net::problem_response(limits.error(), language_of(services, request));
    auto const version = limits->at("version").to_number<std::int64_t>();
    return net::with_header(private_json(*limits), "ETag", fmt::format("\"{}\"", version));
}

asio::awaitable<net::Response> get_seats(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return net::problem_response(desked.error(), language_of(services, request));
    auto const found = co_await limits(services, desked->event, desked->actor);
    co_return answer(services, request, found);
}

asio::awaitable<net::Response> patch_seats(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return net::problem_response(desked.error(), language_of(services, request));
    auto const body = body_object(request);
    if (!body)
        co_return not_an_object(language_of(services, request));
    auto change = decode_capacity_change(*body);
    if (!change)
        co_return net::problem_response(change.error(), language_of(services, request));
    change->if_version = expected_version(request.header("if-match"));
    auto const done = co_await set_capacity(services, desked->event, desked->actor, std::move(*change));
    co_return answer(services, request, done);
}

asio::awaitable<net::Response> get_promotions(Services& services, net::Request const& request)
{
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return net::problem_response(desked.error(), language_of(services, request));
    auto const before = whole_number(request.query.find("before").value_or(""));
    auto const found =
        co_await promotions(services, desked->event, desked->actor,
                            before.value_or(std::numeric_limits<std::int64_t>::max()), page_size);
    if (!found)
        co_return net::problem_response(found.error(), language_of(services, request));
    json::array items;
    for (auto const& promotion : *found)
        items.push_back(to_json(promotion));
    bool const more = std::ssize(*found) == page_size;
    json::value next = more ? json::value(found->back().promotion_id) : json::value();
    co_return private_json({{"items", std::move(items)}, {"next", std::move(next)}});
}

}

std::vector<net::Route> seats_api_routes(Services& services)
{
    auto const route = [&services](std::string method, std::string pattern, auto handler) {
        return net::Route{
            std::move(method), std::move(pattern),
            [&services, handler](net::Request const& request) { return handler(services, request); }};
    };
    return {
        route("GET", "/api/v1/events/{slug}/seats", get_seats),
        route("PATCH", "/api/v1/events/{slug}/seats", patch_seats),
        route("GET", "/api/v1/events/{slug}/promotions", get_promotions),
    };
}

}
