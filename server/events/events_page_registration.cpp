// What an event's page says about coming: the banner of a cancelled event, the card with seats, deadline and
// button.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Sign;
using html::Tag;

void add_seats(Html& html, std::string_view language, Event const& event, RegistrationState state)
{
    auto const words = seats_words(language, event, state);
    if (words.empty())
        return;
    html.add(Tag::p,
             {attr::cls("seats"), attr::data("live", "seats"),
              attr::data("free", event.seats.free.value_or(0)),
              attr::data("capacity", event.seats.capacity.value_or(0)),
              attr::data("waitlisted", event.seats.waitlisted)},
             words);
}

void add_deadline(Html& html, std::string_view language, char const* key, std::optional<Moment> const& moment,
                  Zones const& zones)
{
    if (!moment)
        return;
    html.add(Tag::p, {attr::cls("deadline")}, [&] {
        html.sentence(language, key, {{"moment", [&] { add_moment(html, language, *moment, zones); }}});
    });
}

char const* button_key(Event const& event, RegistrationState state)
{
    if (state == RegistrationState::waitlist)
        return "register.join_queue";
    return event.form->admission == "approval" ? "register.apply" : "register.submit";
}

void add_open_card(Html& html, EventView const& view, RegistrationState state)
{
    auto const& language = view.in.language;
    auto const& form = *view.event.form;
    add_seats(html, language, view.event, state);
    if (state == RegistrationState::waitlist) {
        html.add(Tag::p, message(language, "register.queue_explained"));
        html.add(Tag::p, {attr::cls("quiet")},
                 message(language, form.group_policy == "skip" ? "queue.policy.skip" : "queue.policy.hold"));
    }
    if (form.admission != "open")
        html.add(Tag::p, message(language,
                                 form.admission == "approval" ? "register.approval" : "register.invitation"));
    html.add(Tag::p, [&] {
        html.add(Tag::a, {attr::cls("button"), attr::href(html::Url::fragment("register"))},
                 message(language, button_key(view.event, state)));
    });
    add_deadline(html, language, "register.closes", form.closes, view.event.other_time_zones);
}

void add_closed_card(Html& html, EventView const& view, RegistrationState state)
{
    auto const& language = view.in.language;
    auto const& event = view.event;
    auto const& zones = event.other_time_zones;
    switch (state) {
    case RegistrationState::not_open_yet:
        add_deadline(html, language, "register.opens", event.form->opens, zones);
        break;
    case RegistrationState::closed:
        add_deadline(html, language, "register.closed_at", event.form->closes, zones);
        html.add(Tag::p, message(language, "problem.closed.detail"));
        break;
    case RegistrationState::full:
        add_seats(html, language, event, state);
        html.add(Tag::p, message(language, "problem.full.detail"));
        break;
    case RegistrationState::none:
        html.add(Tag::p, message(language, "register.none"));
        break;
    case RegistrationState::over:
        html.add(Tag::p, message(language, "register.over"));
        break;
    default:
        html.add(Tag::p, message(language, "register.not_possible"));
    }
}

}

void add_banner(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const& language = in.language;
    bool const cancelled = event.status == "cancelled";
    if (!cancelled && event.status != "postponed")
        return;
    html.add(Tag::section, {attr::cls("banner banner-cancelled"), attr::aria("labelledby", "banner")}, [&] {
        add_sign(html, Sign::warning);
        html.add(Tag::div, [&] {
            html.add(Tag::p, {attr::cls("banner-title"), attr::id("banner")},
                     message(language, cancelled ? "event.cancelled" : "event.postponed"));
            if (!event.cancel_reason.empty()) {
                add_words(html, Tag::p, event.cancel_reason, language);
                add_note(html, html::shown(event.cancel_reason, language), language);
            }
            html.add(Tag::p,
                     message(language, cancelled ? "event.cancelled_detail" : "event.postponed_detail"));
        });
    });
}

void add_registration_card(Html& html, EventView const& view)
{
    auto const& language = view.in.language;
    auto const state = registration_state(view.event, view.in.now);
    html.add(Tag::section, {attr::cls("card"), attr::aria("labelledby", "card-title")}, [&] {
        html.add(Tag::h2, {attr::id("card-title")}, message(language, "register.card"));
        add_state(html, state_words(language, view.event, view.in.now));
        // A form that is closed in memory but open by the clock, or the other way round, has no button to
        // press.
        if (!view.form.empty() && view.event.form)
            add_open_card(html, view, state);
        else
            add_closed_card(html, view, state);
        if (view.event.form)
            html.add(Tag::p, {attr::cls("hint")}, [&] {
                html.text(message(language, "own.lost.already"));
                html.text(" ");
                html.add(Tag::a,
                         {attr::href(html::Url::local({language, "registrations"})
                                         .as_folder()
                                         .with("event", view.event.slug))},
                         message(language, "own.lost.link"));
            });
    });
}

}
