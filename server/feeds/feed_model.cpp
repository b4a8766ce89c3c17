#include "feeds/feed_model.h"

#include "base/messages.h"
#include "feeds/feed_key.h"
#include "feeds/feed_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

using calendars::InLanguage;
using calendars::Line;

constexpr std::string_view empty_id = "calendar-empty";

calendars::Utc seconds(Instant at)
{
    return date::floor<std::chrono::seconds>(at);
}

std::uint32_t sequence(std::int64_t value)
{
    return static_cast<std::uint32_t>(std::max<std::int64_t>(value, 0));
}

std::optional<calendars::Span> span_of(Instant starts, std::string_view starts_zone, Instant ends,
                                       std::string_view ends_zone)
{
    auto first = calendars::ZoneName::from(starts_zone);
    auto last = calendars::ZoneName::from(ends_zone);
    if (!first || !last)
        return std::nullopt;
    return calendars::Span::timed({seconds(starts), std::move(*first)}, {seconds(ends), std::move(*last)});
}

std::optional<calendars::Span> span_of(events::Span const& span)
{
    return span_of(span.starts.at, span.starts.time_zone, span.ends.at, span.ends.time_zone);
}

std::optional<InLanguage<Line>> line_in(std::string_view language, std::string_view words)
{
    auto line = Line::from(words);
    auto tag = calendars::LanguageTag::from(language);
    if (!line || !tag || line->empty())
        return std::nullopt;
    return InLanguage<Line>{std::move(*line), std::move(*tag)};
}

// The title in the reader's language or the best other one, with the language it really is in.
std::optional<InLanguage<Line>> title_in(std::string_view language, Text const& title,
                                         std::string_view otherwise, bool cancelled)
{
    auto const* best = title.best(language);
    bool const usable = best && line_in(best->language, best->text).has_value();
    auto words = usable ? best->text : std::string(otherwise);
    if (cancelled)
        words = message(language, "calendar.cancelled_prefix", {{"title", std::move(words)}});
    return line_in(usable ? std::string_view(best->language) : language, words);
}

calendars::Status status_of(events::Event const& event)
{
    if (event.status == "cancelled")
        return calendars::Status::cancelled;
    return event.status == "postponed" ? calendars::Status::tentative : calendars::Status::confirmed;
}

std::string kind_name(std::string_view language, std::string const& kind)
{
    auto const key = fmt::format("kind.{}", kind);
    return has_message(language, key) ? message(language, key) : kind;
}

// What an event and its sessions have in common: project, kind, place on the map.
void add_context(calendars::Event& entry, Site const& site, std::string_view language,
                 events::Event const& event)
{
    entry.categories.push_back(Line::from(kind_name(language, event.kind)).value_or(Line()));
    entry.kind = calendars::Uri::from(
        fmt::format("{}/calendar/{}.ics", site.base_url, feed_name(Scope::kind, event.kind)));
    if (event.project)
        entry.reference = Line::from(event.project->id);
    if (event.venue && event.venue->latitude && event.venue->longitude)
        entry.geo = calendars::Geo::from(*event.venue->latitude, *event.venue->longitude);
}

}

std::optional<calendars::Uid> uid_of(Site const& site, std::string_view id)
{
    auto host = site.uid_host;
    std::ranges::replace_if(host, [](char c) { return c == ':' || c == '[' || c == ']'; }, '-');
    return calendars::Uid::from(id, host);
}

std::string page_of(Site const& site, std::string_view language, std::string_view slug)
{
    return fmt::format("{}/{}/events/{}", site.base_url, language, slug);
}

std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         events::Event const& event)
{
    auto const status = status_of(event);
    auto uid = uid_of(site, event.id);
    auto when = span_of(event.span);
    auto summary = title_in(language, event.title, event.slug, status == calendars::Status::cancelled);
    if (!uid || !when || !summary)
        return std::nullopt;
    auto const page = page_of(site, language, event.slug);
    calendars::Event entry{.uid = *uid,
                           .created = seconds(event.created_at),
                           .last_modified = seconds(event.calendar_modified),
                           .sequence = sequence(event.calendar_sequence),
                           .status = status,
                           .when = *when,
                           .summary = *summary};
    entry.description = event_words(language, event, page);
    entry.location = location_words(language, event, event.room);
    entry.url = calendars::Uri::from(page);
    add_context(entry, site, language, event);
    return entry;
}

std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         events::Event const& event, events::Session const& session)
{
    auto const status = session.status == "cancelled" ? calendars::Status::cancelled : status_of(event);
    auto uid = uid_of(site, session.id);
    auto when = span_of(session.span);
    auto summary = title_in(language, session.title, session.id, status == calendars::Status::cancelled);
    if (!uid || !when || !summary)
        return std::nullopt;
    auto const page = fmt::format("{}#session-{}", page_of(site, language, event.slug), session.id);
    calendars::Event entry{.uid = *uid,
                           .created = seconds(session.created_at),
                           .last_modified = seconds(modified_of(event, session)),
                           .sequence = sequence(sequence_of(event, session)),
                           .status = status,
                           .when = *when,
                           .summary = *summary};
    entry.description = session_words(language, event, session, page);
    entry.location = location_words(language, event, session.room ? session.room : event.room);
    entry.url = calendars::Uri::from(page);
    entry.related_to = uid_of(site, event.id);
    add_context(entry, site, language, event);
    return entry;
}

std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         Departure const& departure)
{
    auto uid = uid_of(site, departure.id);
    auto when = span_of(departure.starts_at, departure.starts_zone, departure.ends_at, departure.ends_zone);
    auto summary = title_in(language, departure.title, message(language, "calendar.withdrawn"), true);
    if (!uid || !when || !summary)
        return std::nullopt;
    calendars::Event entry{.uid = *uid,
                           .created = seconds(departure.created_at),
                           .last_modified = seconds(departure.modified),
                           .sequence = sequence(departure.sequence),
                           .status = calendars::Status::cancelled,
                           .when = *when,
                           .summary = *summary};
    if (!departure.event_slug.empty())
        entry.url = calendars::Uri::from(page_of(site, language, departure.event_slug));
    if (!departure.event.empty())
        entry.related_to = uid_of(site, departure.event);
    return entry;
}

std::optional<calendars::Event> empty_entry(Site const& site, std::string_view language, Instant since)
{
    auto uid = uid_of(site, empty_id);
    auto const day = calendars::Day(date::floor<date::days>(since));
    auto when = calendars::Span::all_day(day, day);
    auto summary = line_in(language, message(language, "calendar.empty"));
    auto about = calendars::Text::from(message(language, "calendar.empty_about"));
    if (!uid || !when || !summary || !about)
        return std::nullopt;
    calendars::Event entry{.uid = *uid,
                           .created = seconds(Instant()),
                           .last_modified = seconds(since),
                           .when = *when,
                           .summary = *summary};
    entry.description = InLanguage<calendars::Text>{std::move(*about), summary->language};
    return entry;
}

}
