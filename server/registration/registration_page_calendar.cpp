// The page of a registration's calendar addresses: /LANG/registrations/TOKEN/calendar. A new address is shown
// once, on the answer to the post that made it; nothing happens on GET.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/personal_calendar.h"
#include "registration/registration_commands.h"
#include "registration/registration_page_handlers.h"
#include "registration/registration_page_own_parts.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

struct CalendarView
{
    html::Surroundings in;
    Registration registration;
    events::EventPtr event; // null: no longer there
    std::vector<CalendarAddress> addresses;
    std::string made; // the secret just made
    std::string done; // mail, revoke
    std::vector<std::string> notes;
};

Url page_url(CalendarView const& view)
{
    return Url::local({view.in.language, "registrations", view.registration.receipt.token, "calendar"});
}

void add_button(Html& html, CalendarView const& view, std::string_view action, std::string_view label,
                std::string_view address = {})
{
    html.add(Tag::form, {attr::method("post"), attr::action(page_url(view))}, [&] {
        html::add_hidden(html, "action", action);
        if (!address.empty())
            html::add_hidden(html, "address", address);
        html.add(Tag::button, {attr::type("submit"), attr::cls("button-quiet")},
                 message(view.in.language, label));
    });
}

void add_made(Html& html, CalendarView const& view)
{
    if (view.made.empty())
        return;
    auto const& language = view.in.language;
    auto const file = Url::local({"calendar", "personal", view.made + ".ics"});
    auto const address = Url::absolute(view.in.base_url, file);
    html.add(Tag::section, {attr::cls("notice"), attr::role("status")}, [&] {
        html.add(Tag::p, message(language, "own.calendar.made"));
        html.add(Tag::p, [&] {
            html.add(Tag::strong, {attr::cls("address")}, address.empty() ? file.text() : address.text());
        });
        if (auto const open = Url::webcal(view.in.base_url, file); !open.empty())
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::cls("button"), attr::href(open)},
                         message(language, "own.calendar.open"));
            });
    });
}

std::string time_words(CalendarView const& view, Instant at)
{
    auto const zone = view.event ? view.event->span.starts.time_zone : std::string("Europe/Helsinki");
    return events::moment_words(view.in.language, {to_local(at, zone), zone, at}, {});
}

void add_address(Html& html, CalendarView const& view, CalendarAddress const& address)
{
    auto const& language = view.in.language;
    auto const kind = address.whole_person ? "own.calendar.of_person" : "own.calendar.of_registration";
    html.add(Tag::li, [&] {
        html.add(Tag::p, message(language, kind, {{"created", time_words(view, address.created_at)}}));
        html.add(Tag::p, {attr::cls("quiet")},
                 address.last_used_at ? message(language, "own.calendar.used",
                                                {{"used", time_words(view, *address.last_used_at)}})
                                      : message(language, "own.calendar.unused"));
        add_button(html, view, "revoke", "own.calendar.revoke", address.public_id);
    });
}

void add_addresses(Html& html, CalendarView const& view)
{
    auto const& language = view.in.language;
    html.add(Tag::h2, message(language, "own.calendar.existing"));
    if (view.addresses.empty())
        return html.add(Tag::p, {attr::cls("quiet")}, message(language, "own.calendar.none"));
    html.add(Tag::ul, {attr::cls("plain")}, [&] {
        for (auto const& address : view.addresses)
            add_address(html, view, address);
    });
}

void add_done(Html& html, CalendarView const& view)
{
    auto const& language = view.in.language;
    for (auto const& note : view.notes)
        html.add(Tag::p, {attr::cls("notice"), attr::role("alert")}, note);
    auto const* key = view.done == "mail"     ? "own.calendar.mailed"
                      : view.done == "revoke" ? "own.calendar.revoked"
                                              : nullptr;
    if (key)
        html.add(Tag::p, {attr::cls("notice"), attr::role("status")}, message(language, key));
}

std::string render(CalendarView const& view)
{
    auto const& language = view.in.language;
    auto const title = message(language, "own.calendar.title");
    auto head = own_head({view.in, view.registration, view.event, {}, {}, {}}, title);
    head.path = Url::local({"registrations", view.registration.receipt.token, "calendar"});
    return html::page(view.in, head, {}, [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            html.add(Tag::h1, title);
            add_done(html, view);
            add_made(html, view);
            html.add(Tag::p, {attr::cls("lead")}, message(language, "own.calendar.lead"));
            add_button(html, view, "make", "own.calendar.make");
            html.add(Tag::p, {attr::cls("quiet")}, message(language, "own.calendar.slow"));
            html.add(Tag::h2, message(language, "own.calendar.all"));
            html.add(Tag::p, message(language, "own.calendar.all_detail"));
            add_button(html, view, "mail", "own.calendar.mail");
            add_addresses(html, view);
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(own_url(language, view.registration))},
                         message(language, "own.calendar.back"));
            });
        });
    });
}

net::Response shown(CalendarView const& view, int status = 200)
{
    return private_page(render(view), status, view.in.language);
}

asio::awaitable<Result<CalendarView>> view_of(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const& token = request.capture("token");
    auto registration = co_await get(context.services, token);
    if (!registration)
        co_return std::unexpected(registration.error());
    auto addresses = co_await calendar_addresses(context.services, token);
    if (!addresses)
        co_return std::unexpected(addresses.error());
    auto event = context.services.catalogue.find(registration->receipt.event);
    co_return CalendarView{events::surroundings(context.services, context.assets, language),
                           std::move(*registration),
                           std::move(event),
                           std::move(*addresses),
                           {},
                           {},
                           {}};
}

asio::awaitable<Result<std::string>> act(PageContext const& context, net::Request const& request,
                                         net::Fields const& sent)
{
    auto& services = context.services;
    auto const& token = request.capture("token");
    auto const action = sent.find("action").value_or("");
    if (action == "make")
        co_return co_await make_calendar(services, token, request.capture("lang"));
    Result<bool> done = refuse(ProblemName::validation, "own.unknown_action");
    if (action == "mail")
        done = co_await mail_calendar(services, token, request.peer);
    else if (action == "revoke")
        done = co_await revoke_calendars(services, token, sent.find("address"));
    if (!done)
        co_return std::unexpected(done.error());
    co_return std::string();
}

}

asio::awaitable<net::Response> show_calendar(PageContext const& context, net::Request const& request)
{
    auto view = co_await view_of(context, request);
    if (!view)
        co_return html::problem_page(view.error(), request.capture("lang"), context.assets);
    view->done = request.query.find("done").value_or("");
    co_return shown(*view);
}

asio::awaitable<net::Response> take_calendar(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const sent = net::parse_fields(request.body);
    if (!sent)
        co_return html::problem_page({}, language, context.assets);
    auto const done = co_await act(context, request, *sent);
    auto view = co_await view_of(context, request);
    if (!view)
        co_return html::problem_page(view.error(), language, context.assets);
    if (!done) {
        view->notes.push_back(problem_words(language, done.error()));
        co_return shown(*view, http_status(done.error().name));
    }
    if (done->empty())
        co_return net::redirect(page_url(*view).with("done", sent->find("action").value_or("")).text());
    view->made = *done; // shown once: a redirect would put the secret into an address
    co_return shown(*view);
}

}
