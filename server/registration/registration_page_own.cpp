// The page of one's own registration (S4): where one stands, the ticket, changes, the way out.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "html/drawings.h"
#include "registration/registration_page_own_parts.h"
#include "registration/registration_page_step_two.h"
#include "registration/registration_pages.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Sign;
using html::Tag;
using html::Url;

Sign sign_of(std::string_view status)
{
    if (status == "confirmed")
        return Sign::tick;
    if (status == "cancelled" || status == "declined")
        return Sign::cross;
    return Sign::clock;
}

// A status of the contract has a title and a detail in the catalogue; a newer one is shown as pending. Once
// the event is over nobody waits any more.
std::string status_key(OwnView const& view)
{
    if (is_alive(view.registration) && is_over(view))
        return "own.over";
    auto const key = fmt::format("own.{}", view.registration.receipt.status);
    return has_message(view.in.language, key + ".title") ? key : "own.pending";
}

std::string status_title(OwnView const& view)
{
    return message(view.in.language, status_key(view) + ".title",
                   {{"position", view.registration.receipt.position.value_or(1)}});
}

void add_offer(Html& html, OwnView const& view)
{
    auto const& registration = view.registration;
    auto const& language = view.in.language;
    if (registration.receipt.status != "offered" || is_over(view))
        return;
    if (registration.offer_expires_at && view.event)
        html.add(Tag::p, {attr::cls("deadline")}, [&] {
            auto const moment = events::on_clock_of(*view.event, *registration.offer_expires_at);
            html.sentence(language, "own.offer_until", {{"moment", [&] {
                                                             events::add_moment(html, language, moment,
                                                                                view.event->other_time_zones);
                                                         }}});
        });
    html.add(Tag::form,
             {attr::cls("offer"), attr::method("post"), attr::action(own_url(language, registration))}, [&] {
                 html.add(Tag::button,
                          {attr::type("submit"), attr::name("action"), attr::value("accept-offer")},
                          message(language, "own.accept"));
                 html.add(Tag::button,
                          {attr::type("submit"), attr::cls("button-quiet"), attr::name("action"),
                           attr::value("decline-offer")},
                          message(language, "own.decline"));
             });
}

void add_again(Html& html, OwnView const& view)
{
    if (is_alive(view.registration) || !view.event)
        return;
    auto const state = registration_state(*view.event, view.in.now);
    if (state != events::RegistrationState::open && state != events::RegistrationState::waitlist)
        return;
    html.add(Tag::p, [&] {
        html.add(Tag::a, {attr::cls("button"), attr::href(events::event_url(view.in.language, *view.event))},
                 message(view.in.language, "own.again"));
    });
}

void add_status(Html& html, OwnView const& view)
{
    auto const& language = view.in.language;
    auto const& status = view.registration.receipt.status;
    html.add(Tag::section, {attr::cls("own-status own-" + status)}, [&] {
        add_sign(html, sign_of(status));
        html.add(Tag::div, [&] {
            if (view.event)
                html.add(Tag::p, {attr::cls("eyebrow")}, [&] {
                    auto const title = html::shown(view.event->title, language);
                    html.add(Tag::a,
                             {attr::href(events::event_url(language, *view.event)),
                              attr::lang(title.other_language)},
                             title.words);
                });
            html.add(Tag::h1, status_title(view));
            html.add(Tag::p, {attr::cls("lead")}, message(language, status_key(view) + ".detail"));
            add_offer(html, view);
            add_again(html, view);
        });
    });
}

void add_ticket(Html& html, OwnView const& view)
{
    if (view.registration.receipt.status != "confirmed" || is_over(view))
        return;
    auto const& language = view.in.language;
    auto const url = Url::absolute(view.in.base_url, own_url(language, view.registration)).text();
    html.add(Tag::section, {attr::cls("ticket"), attr::aria("labelledby", "ticket-title")}, [&] {
        html.add(Tag::h2, {attr::id("ticket-title")}, message(language, "own.ticket"));
        html::add_qr(html, url, message(language, "own.qr", {{"address", url}}));
        html.add(Tag::p, {attr::cls("ticket-name")}, view.registration.name);
        html.add(Tag::p, {attr::cls("quiet")}, message(language, "own.ticket_hint"));
    });
}

void add_companions(Html& html, OwnView const& view)
{
    if (view.registration.companions.empty())
        return;
    html.add(Tag::h3, message(view.in.language, "own.companions"));
    html.add(Tag::ul, [&] {
        for (auto const& companion : view.registration.companions)
            html.add(Tag::li, companion.name);
    });
}

void add_details(Html& html, OwnView const& view)
{
    auto const& language = view.in.language;
    html.add(Tag::section, {attr::aria("labelledby", "details-title")}, [&] {
        html.add(Tag::h2, {attr::id("details-title")}, message(language, "own.details"));
        if (view.event)
            events::add_facts(html, view.in, *view.event);
        html.add(Tag::dl, {attr::cls("facts")}, [&] {
            events::add_fact(html, message(language, "form.name"),
                             [&] { html.text(view.registration.name); });
            events::add_fact(html, message(language, "form.email"),
                             [&] { html.text(view.registration.email); });
            if (view.registration.attendance)
                events::add_fact(html, message(language, "own.attendance"), [&] {
                    html.text(
                        message(language, fmt::format("form.attendance.{}", *view.registration.attendance)));
                });
        });
        add_companions(html, view);
    });
}

// Sessions at the same time, as long as they are chosen.
std::vector<std::string> warnings_about(OwnView const& view)
{
    std::vector<std::string> chosen;
    for (auto const& session : view.registration.receipt.sessions)
        chosen.push_back(session.id);
    return view.event && is_alive(view.registration) ? warnings_of(chosen, *view.event)
                                                     : std::vector<std::string>();
}

void add_notices(Html& html, OwnView const& view)
{
    html::add_age_notice(html, view.in);
    for (auto const& note : view.notes)
        html.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("alert")}, note);
    for (auto const& warning : warnings_about(view))
        html.add(Tag::p, {attr::cls("notice notice-warning")},
                 message(view.in.language, fmt::format("warning.{}", warning)));
    auto const key = "own.done." + view.done;
    if (!view.done.empty() && has_message(view.in.language, key))
        html.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
                 message(view.in.language, key));
}

}

std::string render_own_page(OwnView const& view)
{
    auto head = own_head(view, status_title(view));
    head.loads_live = is_alive(view.registration) && !is_over(view);
    return html::page(view.in, head, own_main(view), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow own")}, [&] {
            add_notices(html, view);
            if (view.event)
                events::add_banner(html, view.in, *view.event);
            // What the browser's module puts anew when it changes (client-web/public/own.ts).
            html.add(Tag::div, {attr::id("standing"), attr::cls("own-standing")}, [&] {
                add_status(html, view);
                add_ticket(html, view);
                add_step_two(html, view);
            });
            html.add(Tag::p, {attr::cls("news"), attr::role("status"), attr::data("live", "own"),
                              attr::data("message-changed", message(view.in.language, "own.live_changed"))});
            add_details(html, view);
            add_my_programme(html, view);
            add_ways_out(html, view);
            if (view.event && is_alive(view.registration))
                events::add_calendar_links(html, view.in, *view.event);
        });
    });
}

}
