// What the owner of a link may do: look, change, cancel, answer an offer.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/own_commands.h"
#include "registration/registration_api_parts.h"
#include "registration/registration_commands.h"
#include "registration/registration_page_handlers.h"
#include "registration/registration_page_step_two.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using events::EventPtr;

}

OwnView own_view(PageContext const& context, std::string const& language, Registration const& registration)
{
    auto const& services = context.services;
    return {events::surroundings(context.services, context.assets, language),
            registration,
            services.catalogue.find(registration.receipt.event),
            {language, values_of(registration), {}},
            {},
            {}};
}

namespace
{

using Pairs = std::vector<std::pair<std::string, std::string>>;

// The members of a change that the form has; what is empty there is emptied.
json::object change_object(Pairs const& fields, EventPtr const& event)
{
    static events::Event const none;
    static constexpr std::array<std::string_view, 3> texts = {"name", "organisation", "name_other_script"};
    auto const has = [&](std::string_view wanted) {
        return std::ranges::any_of(fields, [&](auto const& field) { return field.first == wanted; });
    };
    auto const all = object_from_form(fields, event ? *event : none);
    html::Values const values(fields);
    json::object change;
    for (auto const name : texts) {
        if (has(name))
            change[name] = values.first(name);
    }
    for (auto const* name : {"language", "attendance", "participant_type", "answers"}) {
        if (auto const* value = all.if_contains(name))
            change[name] = *value;
    }
    if (has("sessions")) // have a form of their own, where none ticked means none
        change["sessions"] = all.at("sessions");
    return change;
}

asio::awaitable<Result<Registration>> change_by_form(Services& services, std::string token, Pairs fields,
                                                     EventPtr event)
{
    auto wanted = decode_change(change_object(fields, event));
    if (!wanted)
        co_return std::unexpected(std::move(wanted.error()));
    co_return co_await change(services, std::move(token), std::move(*wanted));
}

asio::awaitable<Result<Registration>> choose_sessions(Services& services, std::string token, Pairs fields)
{
    Change chosen;
    chosen.sessions.emplace();
    for (auto const& [name, value] : fields) {
        if (name == "sessions" && !value.empty())
            chosen.sessions->push_back(value);
    }
    co_return co_await change(services, std::move(token), std::move(chosen));
}

asio::awaitable<Result<Registration>> cancel_by_form(Services& services, std::string token, Pairs fields)
{
    auto reason = tidy_reason(html::Values(std::move(fields)).first("reason"));
    if (!reason)
        co_return std::unexpected(std::move(reason.error()));
    co_return co_await cancel(services, std::move(token), std::move(*reason));
}

// What the link survives.
asio::awaitable<Result<Registration>> act(PageContext const& context, std::string token, std::string action,
                                          Pairs fields, EventPtr event)
{
    auto& services = context.services;
    if (action == "cancel")
        co_return co_await cancel_by_form(services, std::move(token), std::move(fields));
    if (action == "accept-offer")
        co_return co_await accept_offer(services, std::move(token));
    if (action == "decline-offer")
        co_return co_await decline_offer(services, std::move(token));
    if (action == "sessions")
        co_return co_await choose_sessions(services, std::move(token), std::move(fields));
    if (action == "answer")
        co_return co_await save_answer(services, std::move(token), std::move(event),
                                       net::Fields(std::move(fields)));
    if (action == "change")
        co_return co_await change_by_form(services, std::move(token), std::move(fields), std::move(event));
    co_return refuse(ProblemName::validation, "own.unknown_action");
}

// After these the link is gone.
asio::awaitable<Result<std::string>> leave(PageContext const& context, std::string token, std::string action,
                                           Pairs fields)
{
    auto& services = context.services;
    if (action == "erase")
        co_return co_await erase(services, std::move(token));
    static constexpr std::array<std::string_view, 4> members = {"name", "email", "organisation", "language"};
    json::object person;
    for (auto const& [name, value] : fields) {
        bool const needed = name == "name" || name == "email";
        if (std::ranges::find(members, name) != members.end() && (needed || !value.empty()))
            person[name] = value;
    }
    auto wanted = decode_transfer(person);
    if (!wanted)
        co_return std::unexpected(std::move(wanted.error()));
    co_return co_await transfer(services, std::move(token), std::move(*wanted));
}

// The page that was asked from, once more with what was entered and what is wrong with it.
net::Response refused(OwnView view, Problem const& problem, std::string_view action, Pairs fields)
{
    auto const& language = view.in.language;
    bool const has_form =
        action == "change" || action == "transfer" || action == "sessions" || action == "cancel";
    if (action == "answer")
        show_wrong_answer(view, net::Fields(std::move(fields)), problem);
    else
        view.change = {language, has_form ? html::Values(std::move(fields)) : view.change.values,
                       problem.errors};
    if (problem.errors.empty())
        view.notes.push_back(problem_words(language, problem));
    bool const asks_again = problem.name == ProblemName::validation && !problem.errors.empty();
    auto page = action == "transfer" && asks_again ? render_transfer_page(view)
                : action == "cancel" && asks_again ? render_cancel_page(view)
                                                   : render_own_page(view);
    auto response = private_page(std::move(page), http_status(problem.name), language);
    if (problem.retry_after_ms)
        response = html::with_retry_after(std::move(response), *problem.retry_after_ms);
    return response;
}

}

asio::awaitable<net::Response> show_own(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const registration = co_await get(context.services, request.capture("token"));
    if (!registration)
        co_return html::problem_page(registration.error(), language, context.assets);
    auto view = own_view(context, language, *registration);
    view.change.values =
        html::Values(co_await with_file_names(context, view.event, view.change.values.pairs()));
    auto const confirm = request.query.find("confirm").value_or("");
    view.done = request.query.find("done").value_or("");
    if (confirm == "cancel")
        co_return private_page(render_cancel_page(view), 200, language);
    if (confirm == "erase")
        co_return private_page(render_erase_page(view), 200, language);
    if (confirm == "transfer") {
        // Of somebody else nothing is known yet but the language.
        view.change.values = html::Values({{"language", registration->language}});
        co_return private_page(render_transfer_page(view), 200, language);
    }
    co_return private_page(render_own_page(view), 200, language);
}

asio::awaitable<net::Response> take_own(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const& token = request.capture("token");
    auto form = net::parse_form(request);
    if (!form)
        co_return html::problem_page({}, language, context.assets);
    auto const* sent = &form->fields;
    auto const before = co_await get(context.services, token);
    if (!before)
        co_return html::problem_page(before.error(), language, context.assets);
    auto view = own_view(context, language, *before);
    auto const action = sent->find("action").value_or("");
    if (auto const admitted = admit_deed(context.services, request.peer, token); !admitted)
        co_return refused(std::move(view), admitted.error(), action, sent->pairs());
    view.change.values =
        html::Values(co_await with_file_names(context, view.event, view.change.values.pairs()));
    if (auto unfit = co_await keep_files(context, view.event, request.peer, *form); !unfit.empty())
        co_return refused(std::move(view), refuse_fields(std::move(unfit)).error(), action, sent->pairs());
    if (action == "export") {
        auto const held = co_await export_data(context.services, token);
        co_return held ? as_download(*held) : html::problem_page(held.error(), language, context.assets);
    }
    if (action == "transfer" || action == "erase") {
        auto const left = co_await leave(context, token, action, sent->pairs());
        if (left)
            co_return net::redirect(
                html::Url::local({language, "registrations"}).as_folder().with("done", action).text());
        co_return refused(std::move(view), left.error(), action, sent->pairs());
    }
    auto const after = co_await act(context, token, action, sent->pairs(), view.event);
    if (after)
        co_return net::redirect(
            html::Url::local({language, "registrations", token}).with("done", action).text());
    co_return refused(std::move(view), after.error(), action, sent->pairs());
}

net::Response private_page(std::string body, int status, std::string_view language)
{
    auto response = personal_page(std::move(body), status, language);
    response.headers.emplace_back("Referrer-Policy", "same-origin");
    response.headers.emplace_back("X-Robots-Tag", "noindex");
    return response;
}

}
