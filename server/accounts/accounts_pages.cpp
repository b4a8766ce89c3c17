// The door: signing in and out.
#include "accounts/accounts_pages.h"

#include "accounts/accounts_room.h"
#include "base/log.h"
#include "base/messages.h"
#include "db/database.h"
#include "html/error_pages.h"
#include "html/forms.h"

namespace kutsu::accounts
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

void add_form(Html& html, Url const& action, std::string_view button, std::function<void()> const& fields)
{
    html.add(Tag::form, {attr::method("post"), attr::action(action)}, [&] {
        fields();
        html.add(Tag::button, {attr::type("submit")}, button);
    });
}

html::Field email_field(std::string_view language)
{
    html::Field field;
    field.name = "email";
    field.label = message(language, "accounts.field.email");
    field.required = true;
    field.autocomplete = "username";
    field.type = "email";
    field.maxlength = 254;
    return field;
}

html::Field password_field(std::string_view language)
{
    html::Field field;
    field.name = "password";
    field.label = message(language, "accounts.field.password");
    field.required = true;
    field.autocomplete = "current-password";
    field.type = "password";
    return field;
}

// The same field twice on a page would give two elements one id, so the second form asks on its own page.
void add_link_offer(Html& html, std::string_view language)
{
    html.add(Tag::details, [&] {
        html.add(Tag::summary, message(language, "accounts.mail_link.title"));
        html.add(Tag::p, message(language, "accounts.mail_link.lead"));
        add_form(html, Url::local({"app", "sign-in-link"}), message(language, "accounts.mail_link.submit"),
                 [&] {
                     html.add(Tag::label, {attr::for_field("link-email")},
                              message(language, "accounts.field.email"));
                     html.add(Tag::input,
                              {attr::type("email"), attr::id("link-email"), attr::name("email"),
                               attr::autocomplete("username"), attr::maxlength(254), attr::required(true)});
                 });
    });
}

net::Response sign_in_page(Room const& room, std::string const& language, html::Values entered = {},
                           std::string const& trouble = {}, int status = 200)
{
    auto const title = message(language, "accounts.sign_in.title");
    html::FormState const form{language, std::move(entered), {}};
    return app_page(
        room, language, title,
        [&](Html& html) {
            html.add(Tag::h1, title);
            html.add(Tag::p, {attr::cls("lead")}, message(language, "accounts.sign_in.lead"));
            if (!trouble.empty())
                html.add(Tag::p, {attr::cls("error"), attr::role("alert")}, trouble);
            add_form(html, Url::local({"app", "sign-in"}), message(language, "accounts.sign_in.submit"), [&] {
                html::add_input(html, form, email_field(language));
                html::add_input(html, form, password_field(language));
            });
            add_link_offer(html, language);
        },
        status);
}

// One sentence and the way back to the sign-in page.
net::Response notice(Room const& room, std::string const& language, std::string const& title,
                     std::string const& words, int status)
{
    return app_page(
        room, language, title,
        [&](Html& html) {
            html.add(Tag::h1, title);
            html.add(Tag::p, {attr::cls("lead")}, words);
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(Url::local({"app"}).as_folder())},
                         message(language, "accounts.to_sign_in"));
            });
        },
        status);
}

net::Response wrong_origin(Room const& room, std::string const& language)
{
    auto const address = room.services.site.base_url + "/app/";
    return notice(room, language, message(language, "problem.not-allowed.title"),
                  message(language, "accounts.wrong_origin", {{"address", address}}), 403);
}

net::Response refused(Room const& room, std::string const& language, Problem const& problem)
{
    auto const wait = problem.retry_after_ms.value_or(1000);
    if (problem.name == ProblemName::too_many_requests)
        return html::too_many_requests_page(language, room.assets, wait);
    if (problem.name == ProblemName::overloaded)
        return html::unavailable_page(language, room.assets, wait);
    return notice(room, language, message(language, "accounts.sign_in.title"),
                  message(language, problem.detail), http_status(problem.name));
}

asio::awaitable<net::Response> sign_in(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    if (!is_same_origin(request, room.services.site))
        co_return wrong_origin(room, language);
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    PasswordAttempt const attempt{fields.find("email").value_or(""), fields.find("password").value_or(""),
                                  request.peer};
    auto const signed_in = co_await sign_in_with_password(room, attempt);
    if (signed_in) {
        log_info("signed in with a password", {{"user", signed_in->actor.id}, {"request", request.id}});
        co_return with_session(net::redirect("/app/"), room.services.site, *signed_in);
    }
    log_warn("sign-in refused", {{"request", request.id}});
    if (signed_in.error().name != ProblemName::not_allowed)
        co_return refused(room, language, signed_in.error());
    html::Values entered({{"email", attempt.email}});
    co_return sign_in_page(room, language, std::move(entered), message(language, "accounts.wrong_password"),
                           403);
}

asio::awaitable<net::Response> mail_link(Room& room, net::Request const& request)
{
    auto& services = room.services;
    auto const language = language_of(room, request);
    if (!is_same_origin(request, services.site))
        co_return wrong_origin(room, language);
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    auto const email = fields.find("email").value_or("");
    auto const now = services.clock.now();
    if (auto allowed = room.door.knock_for_mail(email, request.peer, now); !allowed)
        co_return refused(room, language, allowed.error());
    LinkRequest const wanted{email, random_token(services.random), now, language};
    co_await services.db.write(mail_sign_in_link, wanted);
    co_return notice(room, language, message(language, "accounts.mail_link.title"),
                     message(language, "accounts.mail_link.sent"), 200);
}

asio::awaitable<net::Response> confirm_page(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    auto const title = message(language, "accounts.confirm.title");
    co_return app_page(room, language, title, [&](Html& html) {
        html.add(Tag::h1, title);
        html.add(Tag::p, {attr::cls("lead")}, message(language, "accounts.confirm.lead"));
        add_form(html, Url::local({"app", "sign-in", request.capture("token")}),
                 message(language, "accounts.sign_in.submit"), [] {});
    });
}

asio::awaitable<net::Response> use_link(Room& room, net::Request const& request)
{
    auto& services = room.services;
    auto const language = language_of(room, request);
    if (!is_same_origin(request, services.site))
        co_return wrong_origin(room, language);
    auto const now = services.clock.now();
    if (auto allowed = room.door.knock_with_link(request.peer, now); !allowed)
        co_return refused(room, language, allowed.error());
    LinkSignIn const attempt{request.capture("token"), new_session(services.random, now)};
    auto const signed_in = co_await services.db.write(sign_in_with_link, attempt);
    if (!signed_in)
        co_return refused(room, language, signed_in.error());
    log_info("signed in with a link", {{"user", signed_in->actor.id}, {"request", request.id}});
    co_return with_session(net::redirect("/app/"), services.site, *signed_in);
}

asio::awaitable<net::Response> leave(Room& room, net::Request const& request)
{
    auto& services = room.services;
    if (!is_same_origin(request, services.site))
        co_return wrong_origin(room, language_of(room, request));
    auto const token = session_cookie(request, services.site).value_or("");
    co_await services.db.write(sign_out, token);
    co_return net::with_header(net::redirect("/app/"), "Set-Cookie", clear_cookie(services.site));
}

}

net::Response sign_in_form(Room const& room, std::string const& language)
{
    return sign_in_page(room, language);
}

std::vector<net::Route> sign_in_routes(std::shared_ptr<Room> const& room)
{
    return {route(room, "POST", "/app/sign-in", sign_in), route(room, "POST", "/app/sign-in-link", mail_link),
            route(room, "GET", "/app/sign-in/{token}", confirm_page),
            route(room, "POST", "/app/sign-in/{token}", use_link),
            route(room, "POST", "/app/sign-out", leave)};
}

}
