// HTTP routes and socket methods of what owners do after registering (own_commands.h).
#include "registration/own_commands.h"
#include "registration/registration_api_parts.h"

namespace kutsu::registration
{
namespace
{

json::object ended(std::string_view status, std::string const& event)
{
    return {{"status", status}, {"event", event}};
}

net::Response answer(Services const& services, net::Request const& request,
                     Result<json::object> const& result)
{
    if (!result)
        return net::problem_response(result.error(), language_of(services, request));
    return private_json(*result);
}

asio::awaitable<Result<json::object>> try_transfer(Services& services, std::string token, json::object fields,
                                                   std::string peer)
{
    if (auto const admitted = admit_deed(services, peer, token); !admitted)
        co_return std::unexpected(admitted.error());
    auto wanted = decode_transfer(fields);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    auto const event = co_await transfer(services, std::move(token), std::move(*wanted));
    if (!event)
        co_return std::unexpected(event.error());
    co_return ended("transferred", *event);
}

asio::awaitable<Result<json::object>> try_erase(Services& services, std::string token, std::string peer)
{
    if (auto const admitted = admit_deed(services, peer, token); !admitted)
        co_return std::unexpected(admitted.error());
    auto const event = co_await erase(services, std::move(token));
    if (!event)
        co_return std::unexpected(event.error());
    co_return ended("erased", *event);
}

asio::awaitable<Result<json::object>> try_lost_link(Services& services, json::object fields, std::string peer)
{
    auto wanted = decode_lost_link(fields);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    auto const sent = co_await send_lost_links(services, std::move(*wanted), std::move(peer));
    if (!sent)
        co_return std::unexpected(sent.error());
    co_return json::object{{"accepted", true}};
}

// ── HTTP ──

asio::awaitable<net::Response> post_transfer(Services& services, net::Request const& request)
{
    auto body = body_object(request);
    if (!body)
        co_return not_an_object(language_of(services, request));
    auto const result =
        co_await try_transfer(services, request.capture("token"), std::move(*body), request.peer);
    co_return answer(services, request, result);
}

asio::awaitable<net::Response> post_erase(Services& services, net::Request const& request)
{
    auto const result = co_await try_erase(services, request.capture("token"), request.peer);
    co_return answer(services, request, result);
}

asio::awaitable<net::Response> get_export(Services& services, net::Request const& request)
{
    auto const result = co_await export_data(services, request.capture("token"));
    co_return result ? as_download(*result) : answer(services, request, result);
}

asio::awaitable<net::Response> post_lost_link(Services& services, net::Request const& request)
{
    auto body = body_object(request);
    if (!body)
        co_return not_an_object(language_of(services, request));
    auto const result = co_await try_lost_link(services, std::move(*body), request.peer);
    if (!result)
        co_return answer(services, request, result);
    co_return private_json(*result, 202);
}

// ── Socket ──

net::RpcResult as_value(Result<json::object> result)
{
    if (!result)
        return std::unexpected(std::move(result.error()));
    return json::value(std::move(*result));
}

asio::awaitable<net::RpcResult> transfer_method(Services& services, std::string peer, json::object params)
{
    auto token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    co_return as_value(
        co_await try_transfer(services, std::move(*token), std::move(params), std::move(peer)));
}

asio::awaitable<net::RpcResult> erase_method(Services& services, std::string peer, json::object params)
{
    auto token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    co_return as_value(co_await try_erase(services, std::move(*token), std::move(peer)));
}

asio::awaitable<net::RpcResult> export_method(Services& services, std::string, json::object params)
{
    auto token = token_of(params);
    if (!token)
        co_return std::unexpected(token.error());
    co_return as_value(co_await export_data(services, std::move(*token)));
}

asio::awaitable<net::RpcResult> lost_link_method(Services& services, std::string peer, json::object params)
{
    co_return as_value(co_await try_lost_link(services, std::move(params), std::move(peer)));
}

}

net::Response as_download(json::object const& data)
{
    return net::with_header(private_json(data), "Content-Disposition",
                            "attachment; filename=\"kutsu-registration.json\"");
}

std::vector<net::Route> own_api_routes(Services& services)
{
    auto const route = [&services](std::string method, std::string pattern, auto handler) {
        return net::Route{
            std::move(method), std::move(pattern),
            [&services, handler](net::Request const& request) { return handler(services, request); }};
    };
    return {
        route("POST", "/api/v1/registrations/{token}/transfer", post_transfer),
        route("POST", "/api/v1/registrations/{token}/erase", post_erase),
        route("GET", "/api/v1/registrations/{token}/export", get_export),
        route("POST", "/api/v1/registrations/lost-link", post_lost_link),
    };
}

std::vector<net::Method> own_api_methods(Services& services)
{
    auto const method = [&services](std::string name, auto handler) {
        return net::Method{std::move(name), [&services, handler](std::shared_ptr<net::Session> session,
                                                                 json::object const& params) {
                               return handler(services, session->handshake.peer, params);
                           }};
    };
    return {method("registration.transfer", transfer_method), method("registration.erase", erase_method),
            method("registration.export", export_method), method("registration.lost_link", lost_link_method)};
}

}
