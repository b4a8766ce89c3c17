// The form without JavaScript: shown, taken, and shown again with what was entered when something is wrong.
#include "base/log.h"
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/registration_page_handlers.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using events::RegistrationState;

constexpr std::int64_t retry_soon_ms = 5000;

bool takes_registrations(events::Event const& event, Instant now)
{
    auto const state = registration_state(event, now);
    return event.form && (state == RegistrationState::open || state == RegistrationState::waitlist);
}

// The page's own language is what messages come in unless somebody says otherwise.
html::FormState form_state(std::string const& language, html::Values const& values)
{
    auto pairs = values.pairs();
    if (!values.has_any("language"))
        pairs.emplace_back("language", language);
    return {language, html::Values(std::move(pairs)), {}};
}

FormView form_view(PageContext const& context, std::string const& language, events::Event const& event,
                   html::Values const& values)
{
    auto& services = context.services;
    FormView view{events::surroundings(services, context.assets, language),
                  event,
                  form_state(language, values),
                  {},
                  {},
                  {}};
    view.submission_id = random_uuid(services.random);
    view.form_time = form_time(services.keys.form, services.clock.now());
    return view;
}

// The form once more with what was entered, or, when there is nothing to fill any more, what is so.
net::Response refused(FormView view, Problem const& problem, std::string const& used_id)
{
    auto const& language = view.in.language;
    auto const status = http_status(problem.name);
    view.state.errors = problem.errors;
    // A refused form may be sent again under its id; under one that is taken, it is another form.
    if (problem.name == ProblemName::conflict)
        view.notes.push_back(message(language, "form.used_before"));
    else if (!used_id.empty())
        view.submission_id = used_id;
    if (problem.name != ProblemName::conflict &&
        (problem.name != ProblemName::validation || problem.errors.empty()))
        view.notes.push_back(problem_words(language, problem));
    bool const is_shut = problem.name == ProblemName::closed || problem.name == ProblemName::not_open_yet ||
                         problem.name == ProblemName::full;
    auto response =
        personal_page(is_shut ? render_closed_page(view) : render_form_page(view), status, language);
    if (status == 429 || status == 503)
        response =
            html::with_retry_after(std::move(response), problem.retry_after_ms.value_or(retry_soon_ms));
    return response;
}

Problem automatic()
{
    Problem problem;
    problem.name = ProblemName::validation;
    problem.detail = "form.automatic";
    return problem;
}

Problem validation(std::vector<FieldError> errors)
{
    Problem problem;
    problem.errors = std::move(errors);
    return problem;
}

asio::awaitable<Result<Receipt>> try_register(Services& services, net::Request const& request,
                                              json::object fields)
{
    try {
        Door door{request.peer, request.capture("lang"), false};
        co_return co_await register_guest(services, request.capture("slug"), std::move(fields),
                                          std::move(door));
    } catch (std::exception const&) {
        // Nobody's fault here: the visitor keeps what was typed. Error texts of a database hold values, so
        // none is logged.
        log_error("a registration by form failed", {{"request", request.id}});
    }
    Problem problem;
    problem.name = ProblemName::overloaded;
    problem.retry_after_ms = retry_soon_ms;
    co_return std::unexpected(std::move(problem));
}

}

asio::awaitable<net::Response> show_form(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const event = context.services.catalogue.find_public(request.capture("slug"));
    if (!event)
        co_return html::not_found_page(language, context.assets);
    auto const code = request.query.find("invitation");
    InvitedGuest guest;
    if (code)
        guest = co_await invited_guest(context, event, request, code->substr(0, 100));
    auto view = form_view(context, language, *event, html::Values(std::move(guest.fields)));
    view.state.errors = std::move(guest.errors);
    view.invitation = std::move(guest.note);
    bool const open = takes_registrations(*event, view.in.now);
    auto page = open ? render_form_page(view) : render_closed_page(view);
    co_return code ? private_page(std::move(page), 200, language)
                   : personal_page(std::move(page), 200, language);
}

asio::awaitable<net::Response> take_form(PageContext const& context, net::Request const& request)
{
    auto& services = context.services;
    auto const& language = request.capture("lang");
    auto const event = services.catalogue.find_public(request.capture("slug"));
    if (!event)
        co_return html::not_found_page(language, context.assets);
    auto sent = net::parse_form(request);
    if (!sent)
        co_return html::problem_page({}, language, context.assets);
    auto const id = std::string(sent->fields.find("submission_id").value_or(""));
    html::Values const typed(sent->fields.pairs());
    if (looks_automatic(services.keys.form, typed, services.clock.now()))
        co_return refused(form_view(context, language, *event, typed), automatic(), id);
    auto unfit = co_await keep_files(context, event, request.peer, *sent);
    auto const fields = without_gaps(sent->fields.pairs());
    auto shown = co_await with_file_names(context, event, fields);
    auto view = form_view(context, language, *event, html::Values(std::move(shown)));
    if (!unfit.empty())
        co_return refused(std::move(view), validation(std::move(unfit)), id);
    auto const receipt = co_await try_register(services, request, submission_from_form(fields, *event));
    if (receipt)
        co_return net::redirect(html::Url::local({language, "registrations", receipt->token}).text());
    if (receipt.error().name == ProblemName::not_found || receipt.error().name == ProblemName::gone)
        co_return html::problem_page(receipt.error(), language, context.assets);
    co_return refused(std::move(view), receipt.error(), id);
}

net::Response personal_page(std::string body, int status, std::string_view language)
{
    auto response = net::html(std::move(body), status);
    std::erase_if(response.headers, [](auto const& header) { return header.first == "Cache-Control"; });
    response.headers.emplace_back("Cache-Control", "private, no-store");
    response.headers.emplace_back("Content-Language", std::string(language));
    return response;
}

std::string problem_words(std::string_view language, Problem const& problem)
{
    auto const key =
        problem.detail.empty() ? fmt::format("problem.{}.detail", wire_name(problem.name)) : problem.detail;
    return message(language, key, problem.arguments);
}

html::SafeHtml blank_form(html::Surroundings const& in, events::Event const& event)
{
    if (!takes_registrations(event, in.now))
        return {};
    return render_form({in, event, form_state(in.language, {}), {}, {}, {}});
}

std::string with_fresh_ids(Services& services, std::string_view page)
{
    // Text of people cannot look like these: its quotation marks are escaped.
    constexpr std::string_view id_place = "name=\"submission_id\" value=\"";
    constexpr std::string_view time_place = "name=\"form_time\" value=\"";
    std::string fresh;
    fresh.reserve(page.size() + 128);
    auto const insert = [&](std::string_view place, std::string const& value) {
        auto const at = page.find(place);
        if (at == std::string_view::npos)
            return;
        fresh.append(page.substr(0, at + place.size())).append(value);
        page.remove_prefix(at + place.size());
    };
    insert(id_place, random_uuid(services.random));
    insert(time_place, form_time(services.keys.form, services.clock.now()));
    return fresh.append(page);
}

}
