// The door for programs.
#include "accounts/accounts_room.h"
#include "base/json.h"
#include "base/local_time.h"
#include "base/log.h"
#include "db/database.h"

namespace kutsu::accounts
{
namespace
{

struct Login
{
    std::string email;
    std::string password;
};

Result<Login> decode_login(net::Request const& request)
{
    auto const type = request.header("content-type");
    bool const is_json = type == "application/json" || type.starts_with("application/json;");
    auto const parsed = is_json ? parse_json(request.body) : std::nullopt;
    if (!parsed || !parsed->is_object())
        return refuse_fields({{"", "field.expected_object", {}}});
    std::vector<FieldError> errors;
    ObjectReader reader(parsed->as_object(), errors);
    Login login{reader.required_text("email"), reader.required_text("password")};
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return login;
}

json::object to_json(SignedIn const& signed_in)
{
    auto const& actor = signed_in.actor;
    return {{"user", json::object{{"id", actor.id}, {"email", actor.email}, {"name", actor.name}}},
            {"csrf_token", actor.csrf_token},
            {"expires_at", format_utc(signed_in.expires_at)}};
}

asio::awaitable<net::Response> login(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    if (is_foreign_browser(request, room.services.site))
        co_return net::problem_response(refuse(ProblemName::not_allowed).error(), language);
    auto const wanted = decode_login(request);
    if (!wanted)
        co_return net::problem_response(wanted.error(), language);
    PasswordAttempt const attempt{wanted->email, wanted->password, request.peer};
    auto const signed_in = co_await sign_in_with_password(room, attempt);
    if (!signed_in) {
        log_warn("sign-in refused", {{"request", request.id}});
        co_return net::problem_response(signed_in.error(), language);
    }
    log_info("signed in with a password", {{"user", signed_in->actor.id}, {"request", request.id}});
    co_return with_session(net::json_response(to_json(*signed_in)), room.services.site, *signed_in);
}

asio::awaitable<net::Response> logout(Room& room, net::Request const& request)
{
    auto& services = room.services;
    auto const actor = co_await actor_of(services, request);
    if (actor && (is_foreign_browser(request, services.site) || !has_csrf_token(request, *actor)))
        co_return net::problem_response(refuse(ProblemName::not_allowed).error(), language_of(room, request));
    auto const token = session_cookie(request, services.site).value_or("");
    co_await services.db.write(sign_out, token);
    co_return net::with_header(net::json_response(json::object()), "Set-Cookie", clear_cookie(services.site));
}

}

std::vector<net::Route> api_routes(std::shared_ptr<Room> const& room)
{
    return {route(room, "POST", "/api/v1/login", login), route(room, "POST", "/api/v1/logout", logout)};
}

}
