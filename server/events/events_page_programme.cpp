// The programme of an event: a heading per day, a list item per session, each with the clocks of all its
// cities.
#include "base/messages.h"
#include "base/unicode.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

Day day_of(Session const& session)
{
    return Day(date::floor<date::days>(session.span.starts.local));
}

void add_speaker_names(Html& html, std::string_view language, Session const& session)
{
    if (session.speakers.empty())
        return;
    html.add(Tag::p, {attr::cls("session-speakers"), attr::data("live", "speakers")}, [&] {
        for (std::size_t i = 0; i < session.speakers.size(); ++i) {
            html.text(i == 0 ? "" : ", ");
            html.text(display_name(session.speakers[i], language));
        }
    });
}

void add_interpretation(Html& html, std::string_view language, Session const& session)
{
    if (!session.language.empty())
        html.add(
            Tag::span, {attr::cls("tag")},
            message(language, "session.language", {{"language", language_name(language, session.language)}}));
    if (!session.interpretation.empty())
        html.add(Tag::span, {attr::cls("tag"), attr::data("live", "interpretation")},
                 message(language, "session.interpretation",
                         {{"languages", language_names(language, session.interpretation)}}));
    if (!session.linked_city.empty())
        html.add(
            Tag::span, {attr::cls("tag tag-link")},
            message(language, "session.linked",
                    {{"city", city_words(language, session.linked_city, slugify(session.linked_city))}}));
}

void add_free(Html& html, std::string_view language, Session const& session)
{
    if (!session.sign_up || !session.capacity)
        return;
    auto const free = session.free.value_or(0);
    html.add(Tag::span,
             {attr::cls("tag tag-seats"), attr::data("live", "free"), attr::data("free", free),
              attr::data("capacity", *session.capacity)},
             free > 0 ? message(language, "session.free", {{"free", free}})
                      : message(language, "session.full"));
}

void add_tags(Html& html, std::string_view language, Session const& session)
{
    html.add(Tag::p, {attr::cls("tags")}, [&] {
        if (session.room && !session.room->name.empty()) {
            auto const room = html::shown(session.room->name, language);
            html.add(Tag::span,
                     {attr::cls("tag tag-room"), attr::data("live", "room"), attr::lang(room.other_language)},
                     room.words);
        }
        if (!session.track.empty())
            html.add(Tag::span, {attr::cls("tag")}, session.track);
        add_interpretation(html, language, session);
        add_free(html, language, session);
    });
}

void add_mark(Html& html, std::string_view language, bool is_cancelled)
{
    html.add(Tag::strong, {attr::cls("mark"), attr::data("live", "mark"), attr::hidden(!is_cancelled)},
             is_cancelled ? message(language, "session.cancelled") : std::string());
}

void add_session(Html& html, html::Surroundings const& in, Event const& event, Session const& session)
{
    auto const& language = in.language;
    bool const is_cancelled = session.status == "cancelled";
    bool const is_pause = session.kind == "break" || session.kind == "meal" || session.kind == "registration";
    auto const title = html::shown(session.title, language);
    html.add(Tag::li,
             {attr::cls(is_cancelled ? "session session-cancelled"
                        : is_pause   ? "session session-pause"
                                     : "session"),
              attr::id("session-" + session.id), attr::data("session", session.id),
              attr::data("version", session.version), attr::data("status", session.status),
              attr::data("kind", session.kind), attr::data("zone", session.span.starts.time_zone)},
             [&] {
                 html.add(Tag::p, {attr::cls("session-time")},
                          [&] { add_times(html, language, session.span, event.other_time_zones); });
                 html.add(Tag::div, {attr::cls("session-body")}, [&] {
                     html.add(Tag::h4, [&] {
                         html.add(Tag::span, {attr::data("live", "title"), attr::lang(title.other_language)},
                                  title.words);
                         html.text(" ");
                         add_mark(html, language, is_cancelled);
                     });
                     add_note(html, title, language);
                     add_speaker_names(html, language, session);
                     add_tags(html, language, session);
                 });
             });
}

std::vector<html::Attr> list_attributes(std::string_view language, Day day)
{
    return {attr::cls("sessions"),
            attr::data("live", "agenda"),
            attr::data("day", format_day(day)),
            attr::data("message-moved", message(language, "session.moved")),
            attr::data("message-cancelled", message(language, "session.cancelled")),
            attr::data("message-now", message(language, "session.now")),
            attr::data("message-next", message(language, "session.next"))};
}

// Drafts are the organisers' business.
std::vector<Session const*> public_sessions(Event const& event)
{
    std::vector<Session const*> sessions;
    for (auto const& session : event.sessions) {
        if (session.status != "draft" && session.status != "removed")
            sessions.push_back(&session);
    }
    return sessions;
}

}

void add_programme(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const sessions = public_sessions(event);
    if (sessions.empty())
        return;
    html.add(Tag::section,
             {attr::cls("programme"), attr::id("programme"), attr::aria("labelledby", "programme-title")},
             [&] {
                 html.add(Tag::h2, {attr::id("programme-title")}, message(in.language, "event.programme"));
                 for (std::size_t i = 0; i < sessions.size();) {
                     auto const day = day_of(*sessions[i]);
                     html.add(Tag::h3, {attr::cls("day")},
                              format_date_long(in.language, sessions[i]->span.starts.local));
                     html.add(Tag::ol, list_attributes(in.language, day), [&] {
                         for (; i < sessions.size() && day_of(*sessions[i]) == day; ++i)
                             add_session(html, in, event, *sessions[i]);
                     });
                 }
             });
}

void add_speakers(Html& html, html::Surroundings const& in, Event const& event)
{
    std::vector<Person const*> speakers;
    std::set<std::string_view> seen;
    for (auto const* session : public_sessions(event)) {
        for (auto const& person : session->speakers) {
            if (seen.insert(person.id).second)
                speakers.push_back(&person);
        }
    }
    if (speakers.empty())
        return;
    html.add(Tag::section, {attr::cls("speakers"), attr::aria("labelledby", "speakers-title")}, [&] {
        html.add(Tag::h2, {attr::id("speakers-title")}, message(in.language, "event.speakers"));
        html.add(Tag::ul, {attr::cls("people")}, [&] {
            for (auto const* person : speakers)
                html.add(Tag::li, [&] {
                    html.add(Tag::strong, display_name(*person, in.language));
                    if (!person->organisation.empty())
                        html.add(Tag::span, {attr::cls("quiet")},
                                 [&] { add_words(html, person->organisation, in.language); });
                });
        });
    });
}

}
