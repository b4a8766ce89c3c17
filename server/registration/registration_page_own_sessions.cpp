// The sessions one has signed up for, with time, room and whether one has a seat, and the form that chooses
// others.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "registration/registration_page_own_parts.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

bool can_choose(events::Event const& event)
{
    return std::ranges::any_of(event.sessions, [](events::Session const& session) {
        return session.sign_up && session.status == "confirmed";
    });
}

char const* standing_of(events::Session const& session, SessionChoice const& choice)
{
    if (session.status == "cancelled")
        return "own.session_cancelled";
    return choice.status == "confirmed" ? "own.session_confirmed" : "own.session_waiting";
}

void add_chosen(Html& html, OwnView const& view, events::Session const& session, SessionChoice const& choice)
{
    auto const& language = view.in.language;
    html.add(Tag::li, {attr::data("session", session.id), attr::data("status", choice.status)}, [&] {
        add_words(html, Tag::strong, session.title, language);
        html.text(" ");
        html.add(Tag::span, {attr::cls("quiet")}, [&] {
            events::add_times(html, language, session.span, view.event->other_time_zones);
            if (session.room) {
                html.text(" · ");
                add_words(html, session.room->name, language);
            }
        });
        html.text(" ");
        html.add(Tag::span, {attr::cls("tag")}, message(language, standing_of(session, choice)));
    });
}

html::Url programme_url(OwnView const& view)
{
    return html::Url::local(
        {view.in.language, "registrations", view.registration.receipt.token, "programme"});
}

// In the order of the programme, whatever the order of choosing.
void add_list(Html& html, OwnView const& view)
{
    auto const& chosen = view.registration.receipt.sessions;
    if (chosen.empty()) {
        html.add(Tag::p, message(view.in.language, "own.programme_empty"));
        return;
    }
    html.add(Tag::ul, [&] {
        for (auto const& session : view.event->sessions) {
            auto const choice = std::ranges::find(chosen, session.id, &SessionChoice::id);
            if (choice != chosen.end())
                add_chosen(html, view, session, *choice);
        }
    });
}

void add_choice_form(Html& html, OwnView const& view)
{
    auto const& language = view.in.language;
    auto const failed = !view.change.errors_of("sessions").empty();
    html.add(Tag::details, {attr::cls("change"), attr::id("sessions"), attr::open(failed)}, [&] {
        html.add(Tag::summary, message(language, "own.choose_sessions"));
        html.add(
            Tag::form,
            {attr::cls("form"), attr::method("post"), attr::action(own_url(language, view.registration))},
            [&] {
                html::add_hidden(html, "action", "sessions");
                add_session_choices(html, view.change, *view.event);
                html.add(Tag::button, {attr::type("submit")}, message(language, "own.save_sessions"));
            });
    });
}

}

void add_my_programme(Html& html, OwnView const& view)
{
    if (!view.event || view.event->sessions.empty() || !is_alive(view.registration))
        return;
    bool const has_choice = can_choose(*view.event) || !view.registration.receipt.sessions.empty();
    html.add(Tag::section, {attr::id("my-programme"), attr::aria("labelledby", "my-programme-title")}, [&] {
        html.add(Tag::h2, {attr::id("my-programme-title")}, message(view.in.language, "own.programme"));
        if (has_choice)
            add_list(html, view);
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(programme_url(view))},
                     message(view.in.language, "own.programme_page"));
        });
        if (!is_over(view) && can_choose(*view.event))
            add_choice_form(html, view);
    });
}

}
