// What the owner of a link may do: look, change, cancel, answer an offer.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/registration_page_handlers.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using events::EventPtr;

// Pages with a secret in their address: found by nobody, told to nobody.
net::Response private_page(std::string body, int status, std::string_view language)
{
    auto response = personal_page(std::move(body), status, language);
    response.headers.emplace_back("Referrer-Policy", "same-origin");
    response.headers.emplace_back("X-Robots-Tag", "noindex");
    return response;
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

// The members of a change that the form has; what is empty there is emptied.
json::object change_object(std::vector<std::pair<std::string, std::string>> const& fields,
                           EventPtr const& event)
{
    static events::Event const none;
    static constexpr std::array<std::string_view, 3> texts = {"name", "organisation", "name_other_script"};
    auto const all = object_from_form(fields, event ? *event : none);
    html::Values const values(fields);
    json::object change;
    for (auto const name : texts) {
        if (std::ranges::any_of(fields, [&](auto const& field) { return field.first == name; }))
            change[name] = values.first(name);
    }
    for (auto const* name : {"language", "answers", "sessions"}) {
        if (auto const* value = all.if_contains(name))
            change[name] = *value;
    }
    return change;
}

asio::awaitable<Result<Registration>> act(PageContext const& context, std::string token, std::string action,
                                          std::vector<std::pair<std::string, std::string>> fields,
                                          EventPtr event)
{
    auto& services = context.services;
    if (action == "cancel")
        co_return co_await cancel(services, std::move(token));
    if (action == "accept-offer")
        co_return co_await accept_offer(services, std::move(token));
    if (action == "decline-offer")
        co_return co_await decline_offer(services, std::move(token));
    if (action != "change")
        co_return refuse(ProblemName::validation, "own.unknown_action");
    auto wanted = decode_change(change_object(fields, event));
    if (!wanted)
        co_return std::unexpected(std::move(wanted.error()));
    co_return co_await change(services, std::move(token), std::move(*wanted));
}

}

asio::awaitable<net::Response> show_own(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const registration = co_await get(context.services, request.capture("token"));
    if (!registration)
        co_return html::problem_page(registration.error(), language, context.assets);
    auto view = own_view(context, language, *registration);
    if (request.query.find("confirm") == "cancel")
        co_return private_page(render_cancel_page(view), 200, language);
    view.done = request.query.find("done").value_or("");
    co_return private_page(render_own_page(view), 200, language);
}

asio::awaitable<net::Response> take_own(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const& token = request.capture("token");
    auto const sent = net::parse_fields(request.body);
    if (!sent)
        co_return html::problem_page({}, language, context.assets);
    auto const before = co_await get(context.services, token);
    if (!before)
        co_return html::problem_page(before.error(), language, context.assets);
    auto view = own_view(context, language, *before);
    auto const action = sent->find("action").value_or("");
    auto const after = co_await act(context, token, action, sent->pairs(), view.event);
    if (after)
        co_return net::redirect(
            html::Url::local({language, "registrations", token}).with("done", action).text());
    auto const& problem = after.error();
    view.change = {language, action == "change" ? html::Values(sent->pairs()) : view.change.values,
                   problem.errors};
    if (problem.errors.empty())
        view.notes.push_back(problem_words(language, problem));
    auto response = private_page(render_own_page(view), http_status(problem.name), language);
    if (problem.retry_after_ms)
        response = html::with_retry_after(std::move(response), *problem.retry_after_ms);
    co_return response;
}

}
