#include "registration/registration_api.h"

#include "base/json.h"
#include "base/messages.h"
#include "registration/registration_commands.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

using Command = asio::awaitable<Result<Registration>> (*)(Services&, std::string);

std::string language_of(Services const& services, net::Request const& request)
{
    return net::language_of(request, services.site.default_language);
}

net::Response private_json(json::object const& body, int status = 200)
{
    return net::with_header(net::json_response(body, status), "Cache-Control", "private, no-store");
}

// The body as an object; what is no JSON object is one mistake of the whole body.
std::optional<json::object> body_object(net::Request const& request)
{
    auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object())
        return std::nullopt;
    return std::move(parsed->get_object());
}

net::Response not_an_object(std::string const& language)
{
    Problem const problem{ProblemName::validation, "problem.not-json.detail", {}, {}, {}, {}};
    auto response = net::problem_response(problem, language);
    response.status = 400;
    return response;
}

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
    co_return answer(services, request, co_await cancel(services, request.capture("token")));
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

Result<std::string> token_of(json::object const& params)
{
    auto const* token = params.if_contains("token");
    if (!token || !token->is_string())
        return refuse_fields({{"token", token ? "field.expected_text" : "field.missing", {}}});
    return std::string(token->get_string());
}

asio::awaitable<net::RpcResult> by_token(Services& services, Command command, json::object const& params)
{
    auto const token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    auto const result = co_await command(services, *token);
    if (!result)
        co_return std::unexpected(result.error());
    co_return to_json(*result);
}

asio::awaitable<net::RpcResult> change_by_token(Services& services, json::object const& params)
{
    auto const token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    auto wanted = decode_change(params);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    auto const result = co_await change(services, *token, std::move(*wanted));
    if (!result)
        co_return std::unexpected(result.error());
    co_return to_json(*result);
}

net::Method token_method(Services& services, std::string name, Command command)
{
    return {std::move(name), [&services, command](std::shared_ptr<net::Session>, json::object const& params) {
                return by_token(services, command, params);
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
    return {
        route("POST", "/api/v1/events/{slug}/registrations", post_registration),
        route("GET", "/api/v1/registrations/{token}", get_registration),
        route("PATCH", "/api/v1/registrations/{token}", patch_registration),
        route("DELETE", "/api/v1/registrations/{token}", delete_registration),
    };
}

std::vector<net::Method> api_methods(Services& services)
{
    return {
        {"registration.submit",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return submit(services, std::move(session), params);
         }},
        token_method(services, "registration.get", get),
        token_method(services, "registration.cancel", cancel),
        token_method(services, "registration.accept", accept_offer),
        token_method(services, "registration.decline", decline_offer),
        {"registration.change",
         [&services](std::shared_ptr<net::Session>, json::object const& params) {
             return change_by_token(services, params);
         }},
    };
}

}
