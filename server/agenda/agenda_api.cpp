#include "agenda/agenda_api.h"

#include "accounts/accounts_guard.h"
#include "agenda/agenda_commands.h"
#include "base/json.h"
#include "base/unicode.h"

namespace kutsu::agenda
{
namespace
{

constexpr std::size_t op_id_limit = 100;

Result<EditInput> decode_edit(json::object const& params, std::string event)
{
    EditInput input{std::move(event), {}, {}};
    if (auto const* op_id = params.if_contains("op_id")) {
        if (!op_id->is_string() || op_id->get_string().size() > op_id_limit ||
            !is_clean_utf8(op_id->get_string()))
            return refuse_fields({{"op_id", "field.expected_text", {}}});
        input.op_id = std::string(op_id->get_string());
    }
    auto operations = decode_operations(params);
    if (!operations)
        return std::unexpected(operations.error());
    input.operations = std::move(*operations);
    return input;
}

asio::awaitable<Result<json::object>> carry_out(Services& services, Result<EditInput> input,
                                                std::optional<accounts::Actor> actor)
{
    if (!actor)
        co_return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    if (!input)
        co_return std::unexpected(input.error());
    auto done = co_await edit_agenda(services, std::move(*input), *actor);
    if (!done)
        co_return std::unexpected(done.error());
    co_return json::object{{"version", done->version}, {"sessions", std::move(done->sessions)}};
}

asio::awaitable<net::RpcResult> edit_by_socket(Services& services, std::shared_ptr<net::Session> session,
                                               json::object const& params)
{
    auto const* event = params.if_contains("event");
    if (!event || !event->is_string())
        co_return refuse_fields({{"event", "field.missing", {}}});
    auto input = decode_edit(params, std::string(event->get_string()));
    auto actor = co_await accounts::actor_of(services, session->handshake);
    auto done = co_await carry_out(services, std::move(input), std::move(actor));
    if (!done)
        co_return std::unexpected(done.error());
    co_return std::move(*done);
}

asio::awaitable<net::Response> edit_by_http(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const body = parse_json(request.body);
    auto actor = co_await accounts::actor_of(services, request);
    if (actor &&
        (accounts::is_foreign_browser(request, services.site) || !accounts::has_csrf_token(request, *actor)))
        actor.reset();
    Result<EditInput> input = refuse_fields({{"", "field.expected_object", {}}});
    if (body && body->is_object())
        input = decode_edit(body->get_object(), request.capture("slug"));
    auto const done = co_await carry_out(services, std::move(input), std::move(actor));
    co_return done ? net::json_response(*done) : net::problem_response(done.error(), language);
}

// Who I am and what I may: the application greys what it may not do.
asio::awaitable<net::RpcResult> open_session(Services& services, std::shared_ptr<net::Session> session,
                                             json::object const&)
{
    auto const actor = co_await accounts::actor_of(services, session->handshake);
    if (!actor)
        co_return json::object{{"user", nullptr}, {"roles", json::array()}};
    json::array roles;
    for (auto const& grant : actor->grants)
        roles.push_back({{"role", accounts::name_of(grant.role)}, {"id", grant.id}});
    if (accounts::may_somewhere(*actor, accounts::Right::edit_agenda))
        session->state["organiser"] = true;
    co_return json::object{{"user", {{"id", actor->id}, {"name", actor->name}}}, {"roles", std::move(roles)}};
}

}

std::vector<net::Route> api_routes(Services& services)
{
    auto routes = together_routes(services);
    routes.push_back({"POST", "/api/v1/events/{slug}/agenda",
                      [&services](net::Request const& request) { return edit_by_http(services, request); }});
    return routes;
}

std::vector<net::Method> api_methods(Services& services)
{
    auto methods = together_methods(services);
    methods.push_back(
        {"agenda.edit", [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return edit_by_socket(services, std::move(session), params);
         }});
    methods.push_back(
        {"session.open", [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return open_session(services, std::move(session), params);
         }});
    return methods;
}

}
