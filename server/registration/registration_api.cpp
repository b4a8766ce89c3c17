#include "registration/registration_api.h"

#include "base/json.h"
#include "registration/own_commands.h"
#include "registration/registration_api_parts.h"
#include "registration/registration_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace kutsu::registration
{
namespace
{

using Command = asio::awaitable<Result<Registration>> (*)(Services&, std::string);

asio::awaitable<net::Response> post_registration(Services& services, net::Request const& request)
{
    auto const language = language_of(services, request);
    auto body = body_object(request);
    if (!body)
        co_return not_an_object(language);
    // The header is the same thing for clients that have it as a habit.
    if (auto const key = request.header("idempotency-key"); !key.empty() && !body->contains("submission_id"))
        (*body)["submission_id"] = key;
    auto const& slug = request.capture("slug");
    Door door{request.peer, language, false};
    auto const receipt = co_await register_guest(services, slug, std::move(*body), std::move(door));
    if (!receipt)
        co_return net::problem_response(receipt.error(), language);
    auto response = private_json(to_json(*receipt), receipt->seen_before ? 200 : 201);
    response.headers.emplace_back("Location", fmt::format("/api/v1/registrations/{}", receipt->token));
    co_return response;
}

net::Response answer(Services const& services, net::Request const& request,
                     Result<Registration> const& result)
{
    if (!result)
        return net::problem_response(result.error(), language_of(services, request));
    return net::with_header(private_json(to_json(*result)), "ETag", fmt::format("\"{}\"", result->version));
}

asio::awaitable<net::Response> get_registration(Services& services, net::Request const& request)
{
    co_return answer(services, request, co_await get(services, request.capture("token")));
}

asio::awaitable<net::Response> patch_registration(Services& services, net::Request const& request)
{
    if (auto const admitted = admit_deed(services, request.peer, request.capture("token")); !admitted)
        co_return net::problem_response(admitted.error(), language_of(services, request));
    auto const body = body_object(request);
    if (!body)
        co_return not_an_object(language_of(services, request));
    auto wanted = decode_change(*body);
    if (!wanted)
        co_return net::problem_response(wanted.error(), language_of(services, request));
    co_return answer(services, request,
                     co_await change(services, request.capture("token"), std::move(*wanted)));
}

asio::awaitable<net::Response> delete_registration(Services& services, net::Request const& request)
{
    if (auto const admitted = admit_deed(services, request.peer, request.capture("token")); !admitted)
        co_return net::problem_response(admitted.error(), language_of(services, request));
    auto reason = tidy_reason(request.query.find("reason").value_or(""));
    if (!reason)
        co_return net::problem_response(reason.error(), language_of(services, request));
    co_return answer(services, request,
                     co_await cancel(services, request.capture("token"), std::move(*reason)));
}

asio::awaitable<net::RpcResult> submit(Services& services, std::shared_ptr<net::Session> session,
                                       json::object params)
{
    auto const* slug = params.if_contains("event");
    if (!slug || !slug->is_string())
        co_return refuse_fields({{"event", slug ? "field.expected_text" : "field.missing", {}}});
    std::string const event(slug->get_string());
    Door door{session->handshake.peer, session->language, true};
    auto const receipt = co_await register_guest(services, event, std::move(params), std::move(door));
    if (!receipt)
        co_return std::unexpected(receipt.error());
    co_return to_json(*receipt);
}

// The token of a deed, when its caller has not done too much lately.
Result<std::string> admitted_token(Services& services, net::Session const& session,
                                   json::object const& params)
{
    auto token = token_of(params);
    if (!token)
        return token;
    if (auto const admitted = admit_deed(services, session.handshake.peer, *token); !admitted)
        return std::unexpected(admitted.error());
    return token;
}

net::RpcResult told(Result<Registration> const& result)
{
    if (!result)
        return std::unexpected(result.error());
    return to_json(*result);
}

asio::awaitable<net::RpcResult> get_by_token(Services& services, std::shared_ptr<net::Session>,
                                             json::object params)
{
    auto const token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    co_return told(co_await get(services, *token));
}

asio::awaitable<net::RpcResult> by_token(Services& services, std::shared_ptr<net::Session> session,
                                         Command command, json::object params)
{
    auto const token = admitted_token(services, *session, params);
    if (!token)
        co_return std::unexpected(token.error());
    co_return told(co_await command(services, *token));
}

asio::awaitable<net::RpcResult> cancel_by_token(Services& services, std::shared_ptr<net::Session> session,
                                                json::object params)
{
    auto const token = admitted_token(services, *session, params);
    if (!token)
        co_return std::unexpected(token.error());
    auto const* given = params.if_contains("reason");
    if (given && !given->is_string())
        co_return refuse_fields({{"reason", "field.expected_text", {}}});
    auto reason = tidy_reason(given ? std::string_view(given->get_string()) : std::string_view());
    if (!reason)
        co_return std::unexpected(reason.error());
    co_return told(co_await cancel(services, *token, std::move(*reason)));
}

asio::awaitable<net::RpcResult> change_by_token(Services& services, std::shared_ptr<net::Session> session,
                                                json::object params)
{
    auto const token = admitted_token(services, *session, params);
    if (!token)
        co_return std::unexpected(token.error());
    auto wanted = decode_change(params);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    co_return told(co_await change(services, *token, std::move(*wanted)));
}

net::Method token_method(Services& services, std::string name, Command command)
{
    return {std::move(name),
            [&services, command](std::shared_ptr<net::Session> session, json::object const& params) {
                return by_token(services, std::move(session), command, params);
            }};
}

template <class Handler>
net::Method method(Services& services, std::string name, Handler handler)
{
    return {std::move(name),
            [&services, handler](std::shared_ptr<net::Session> session, json::object const& params) {
                return handler(services, std::move(session), params);
            }};
}

}

std::vector<net::Route> api_routes(Services& services)
{
    auto const route = [&services](std::string method, std::string pattern, auto handler) {
        return net::Route{
            std::move(method), std::move(pattern),
            [&services, handler](net::Request const& request) { return handler(services, request); }};
    };
    std::vector<net::Route> routes = {
        route("POST", "/api/v1/events/{slug}/registrations", post_registration),
        route("GET", "/api/v1/registrations/{token}", get_registration),
        route("PATCH", "/api/v1/registrations/{token}", patch_registration),
        route("DELETE", "/api/v1/registrations/{token}", delete_registration),
    };
    std::ranges::move(own_api_routes(services), std::back_inserter(routes));
    std::ranges::move(seats_api_routes(services), std::back_inserter(routes));
    return routes;
}

std::vector<net::Method> api_methods(Services& services)
{
    std::vector<net::Method> methods = {
        method(services, "registration.submit", submit),
        method(services, "registration.get", get_by_token),
        method(services, "registration.cancel", cancel_by_token),
        method(services, "registration.change", change_by_token),
        token_method(services, "registration.accept", accept_offer),
        token_method(services, "registration.decline", decline_offer),
    };
    std::ranges::move(own_api_methods(services), std::back_inserter(methods));
    return methods;
}

}
