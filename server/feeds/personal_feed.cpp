#include "feeds/personal_feed.h"

#include "base/messages.h"
#include "feeds/feed_model.h"
#include "feeds/feed_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

using calendars::InLanguage;
using calendars::Line;
using registration::CalendarEntry;

constexpr auto window = std::chrono::hours(24) * 400;

calendars::Utc whole_seconds(Instant at)
{
    return date::floor<std::chrono::seconds>(at);
}

bool is_over(std::string_view status)
{
    return status == "cancelled" || status == "declined";
}

// Only a seat is a promise; a place in the queue or an application is a maybe.
calendars::Status status_of(std::string_view status)
{
    if (is_over(status))
        return calendars::Status::cancelled;
    return status == "confirmed" ? calendars::Status::confirmed : calendars::Status::tentative;
}

// "Jonossa: Kevätseminaari"; a title that says already that the event is cancelled stays.
void say_where_they_stand(calendars::Event& entry, std::string_view language, std::string_view status)
{
    auto const key = is_over(status) ? std::string("calendar.cancelled_prefix")
                                     : fmt::format("calendar.personal.{}", status);
    if (status == "confirmed" || !has_message(language, key))
        return;
    if (auto words = Line::from(message(language, key, {{"title", entry.summary.words.str()}})))
        entry.summary.words = std::move(*words);
}

// The event's own clocks and the registration's: both only grow, so their sum and their later one do.
void make_own(calendars::Event& entry, std::string_view language, CalendarEntry const& own,
              std::string_view status)
{
    entry.sequence += static_cast<std::uint32_t>(std::max<std::int64_t>(own.version - 1, 0));
    entry.last_modified = std::max(entry.last_modified, whole_seconds(own.changed_at));
    if (entry.status == calendars::Status::cancelled) {
        entry.transparent = true;
        return;
    }
    say_where_they_stand(entry, language, status);
    auto const mine = status_of(status);
    if (mine == calendars::Status::cancelled || entry.status == calendars::Status::confirmed)
        entry.status = mine;
    entry.transparent = status != "confirmed";
}

std::string_view status_in(CalendarEntry const& own, events::Session const& session)
{
    auto const chosen = std::ranges::find(own.sessions, session.id, &registration::SessionChoice::id);
    if (chosen == own.sessions.end())
        return session.sign_up ? std::string_view() : std::string_view(own.status);
    return own.status == "confirmed" ? std::string_view(chosen->status) : std::string_view(own.status);
}

// Sessions everybody is in, and those they signed up for; none once they do not come.
void add_sessions(calendars::Calendar& to, Site const& site, PersonalView const& view,
                  events::Event const& event, CalendarEntry const& own)
{
    if (!view.sessions || is_over(own.status))
        return;
    for (auto const& session : event.sessions) {
        auto const status = status_in(own, session);
        if (status.empty() || session.status == "draft" || session.kind == "break")
            continue;
        if (auto entry = entry_of(site, view.language, event, session)) {
            make_own(*entry, view.language, own, status);
            to.events.push_back(std::move(*entry));
        }
    }
}

// By when an offered seat has to be taken: the last half hour, free for anything else.
void add_deadline(calendars::Calendar& to, Site const& site, PersonalView const& view,
                  events::Event const& event, CalendarEntry const& own)
{
    if (own.status != "offered" || !own.offer_expires_at || *own.offer_expires_at <= view.now)
        return;
    auto const zone = calendars::ZoneName::from(event.span.starts.time_zone);
    auto const uid = calendars::Uid::from("offer-" + own.public_id, site.uid_host);
    auto const* title = event.title.best(view.language);
    if (!zone || !uid || !title)
        return;
    auto const end = whole_seconds(*own.offer_expires_at);
    auto const when = calendars::Span::timed({end - std::chrono::minutes(30), *zone}, {end, *zone});
    auto const words =
        Line::from(message(view.language, "calendar.personal.answer_by", {{"event", title->text}}));
    auto const language = calendars::LanguageTag::from(view.language);
    if (!when || !words || !language)
        return;
    calendars::Event entry{.uid = *uid,
                           .created = whole_seconds(own.changed_at),
                           .last_modified = whole_seconds(own.changed_at),
                           .sequence = static_cast<std::uint32_t>(own.version),
                           .when = *when,
                           .summary = {*words, *language}};
    entry.url = calendars::Uri::from(page_of(site, view.language, event.slug));
    to.events.push_back(std::move(entry));
}

void add_event(calendars::Calendar& to, Site const& site, PersonalView const& view,
               events::Event const& event, CalendarEntry const& own)
{
    if (event.status == "draft" || (!view.past_all && event.span.ends.at + window <= view.now))
        return;
    auto entry = entry_of(site, view.language, event);
    if (!entry)
        return;
    make_own(*entry, view.language, own, own.status);
    to.events.push_back(std::move(*entry));
    add_sessions(to, site, view, event, own);
    add_deadline(to, site, view, event, own);
}

calendars::CalendarHead head_of(PersonalView const& view)
{
    auto const language = calendars::LanguageTag::from(view.language).value();
    calendars::CalendarHead head{
        .name = {Line::from(message(view.language, "calendar.name.personal")).value_or(Line()), language},
        .time_zone = calendars::ZoneName::from("Europe/Helsinki").value()};
    if (auto about = calendars::Text::from(message(view.language, "calendar.personal.about")))
        head.description = InLanguage<calendars::Text>{std::move(*about), language};
    return head;
}

// Whoever registered again after cancelling has two registrations for an event: the living one counts, else
// the later.
bool counts_more(CalendarEntry const& left, CalendarEntry const& right)
{
    return std::pair(!is_over(left.status), left.changed_at) >
           std::pair(!is_over(right.status), right.changed_at);
}

}

calendars::Calendar personal_calendar(Site const& site, events::Picture const& picture,
                                      registration::PersonalCalendar const& own, PersonalView const& view)
{
    calendars::Calendar calendar{head_of(view), {}};
    for (auto const& entry : own.entries) {
        auto const event = picture.find(entry.event);
        bool const is_second = std::ranges::any_of(own.entries, [&](CalendarEntry const& other) {
            return other.event == entry.event && counts_more(other, entry);
        });
        if (event && !is_second)
            add_event(calendar, site, view, *event, entry);
    }
    if (calendar.events.empty()) {
        if (auto entry = empty_entry(site, view.language, date::floor<date::days>(view.now)))
            calendar.events.push_back(std::move(*entry));
    }
    return calendar;
}

}
