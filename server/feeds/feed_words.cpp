#include "feeds/feed_words.h"

#include "base/messages.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::feeds
{
namespace
{

using calendars::InLanguage;

date::local_days day_of(LocalTime local)
{
    return date::floor<date::days>(local);
}

// "EEST", "MSK", "+05"
std::string zone_abbreviation(std::string_view zone, Instant at)
{
    return date::locate_zone(zone)->get_info(at).abbrev;
}

// One span on the clocks of one city.
std::string times_in(std::string_view language, events::Span const& span, std::string_view zone,
                     std::string city)
{
    auto const starts = to_local(span.starts.at, zone);
    auto const ends = to_local(span.ends.at, zone);
    Arguments arguments = {{"starts", format_time(language, starts)},
                           {"ends", format_time(language, ends)},
                           {"city", std::move(city)},
                           {"zone", zone_abbreviation(zone, span.starts.at)}};
    if (day_of(starts) == day_of(ends) && day_of(starts) == day_of(span.starts.local))
        return message(language, "calendar.times", arguments);
    arguments.push_back({"starts_on", format_date_short(language, starts)});
    arguments.push_back({"ends_on", format_date_short(language, ends)});
    return message(language, "calendar.times_on", arguments);
}

std::string own_city(std::string_view language, events::Event const& event, std::string_view zone)
{
    if (event.venue && !event.venue->city.empty() && event.venue->time_zone == zone)
        return city_name(language, event.venue->city, event.venue->city_slug);
    return events::zone_city(zone, language);
}

bool is_cyrillic(std::string_view language)
{
    constexpr std::array<std::string_view, 4> cyrillic = {"ru", "kk", "uk", "be"};
    return std::ranges::find(cyrillic, language) != cyrillic.end();
}

std::string_view address_in(std::string_view language, events::Venue const& venue)
{
    auto const& wanted = is_cyrillic(language) ? venue.address_cyrillic : venue.address_latin;
    auto const& other = is_cyrillic(language) ? venue.address_latin : venue.address_cyrillic;
    return wanted.empty() ? other : wanted;
}

void append_part(std::string& line, std::string_view part)
{
    if (!part.empty())
        line.append(line.empty() ? "" : ", ").append(part);
}

// Names and addresses often end in the city already.
bool names_city(std::string_view line, std::string_view language, events::Venue const& venue)
{
    return line.contains(venue.city) || line.contains(city_name(language, venue.city, venue.city_slug)) ||
           (is_cyrillic(language) && !venue.address_cyrillic.empty());
}

std::string names_of(std::string_view language, std::vector<std::string> const& codes)
{
    std::string names;
    for (auto const& code : codes)
        append_part(names, language_name(language, code));
    return names;
}

// Paragraphs of a description; empty ones leave no gap.
class Paragraphs
{
public:
    void line(std::string_view words)
    {
        if (!words.empty())
            text_.append(text_.empty() ? "" : begin_ ? "\n\n" : "\n").append(words);
        begin_ = begin_ && words.empty();
    }
    void next() { begin_ = true; }
    std::optional<InLanguage<calendars::Text>> in(std::string_view language) const
    {
        auto text = calendars::Text::from(text_);
        auto tag = calendars::LanguageTag::from(language);
        if (!text || !tag || text->empty())
            return std::nullopt;
        return InLanguage<calendars::Text>{std::move(*text), std::move(*tag)};
    }

private:
    std::string text_;
    bool begin_ = false;
};

void add_state(Paragraphs& out, std::string_view language, events::Event const& event)
{
    if (event.status == "postponed")
        out.line(message(language, "calendar.postponed"));
    if (auto const reason = event.cancel_reason.in(language); reason && !reason->empty())
        out.line(message(language, "calendar.reason", {{"reason", std::string(*reason)}}));
}

void add_languages(Paragraphs& out, std::string_view language, std::vector<std::string> const& floor,
                   std::vector<std::string> const& interpretation)
{
    if (!floor.empty())
        out.line(message(
            language, "calendar.languages",
            {{"count", static_cast<std::int64_t>(floor.size())}, {"languages", names_of(language, floor)}}));
    if (!interpretation.empty())
        out.line(message(language, "calendar.interpretation",
                         {{"languages", names_of(language, interpretation)}}));
}

// The language all words of an entry are in: that of the description, when we can say the rest in it too.
std::string_view language_of(std::string_view language, Words const* words)
{
    return words && is_language(words->language) ? std::string_view(words->language) : language;
}

}

std::string city_name(std::string_view language, std::string_view city, std::string_view city_slug)
{
    auto const key = fmt::format("city.{}", city_slug);
    return has_message(language, key) ? message(language, key) : std::string(city);
}

std::string times_line(std::string_view language, events::Event const& event, events::Span const& span)
{
    auto const& home = span.starts.time_zone;
    auto line = times_in(language, span, home, own_city(language, event, home));
    for (auto const& zone : event.other_time_zones) {
        if (zone == home || !is_known_zone(zone))
            continue;
        auto other = times_in(language, span, zone, events::zone_city(zone, language));
        line = message(language, "calendar.times_also",
                       {{"times", std::move(line)}, {"other", std::move(other)}});
    }
    return line;
}

std::optional<InLanguage<calendars::Line>>
location_words(std::string_view language, events::Event const& event, std::optional<events::Room> const& room)
{
    if (!event.venue)
        return std::nullopt;
    auto const& venue = *event.venue;
    auto const* name = venue.name.best(language);
    std::string_view const spoken = name ? std::string_view(name->language) : language;
    auto const* room_name = room ? room->name.best(spoken) : nullptr;
    std::string words;
    append_part(words, room_name ? std::string_view(room_name->text) : "");
    append_part(words, name ? std::string_view(name->text) : "");
    append_part(words, address_in(spoken, venue));
    if (words.empty() || !names_city(words, spoken, venue))
        append_part(words, city_name(spoken, venue.city, venue.city_slug));
    auto line = calendars::Line::from(words);
    auto tag = calendars::LanguageTag::from(spoken);
    if (!line || !tag || line->empty())
        return std::nullopt;
    return InLanguage<calendars::Line>{std::move(*line), std::move(*tag)};
}

std::optional<InLanguage<calendars::Text>> event_words(std::string_view language, events::Event const& event,
                                                       std::string_view page)
{
    auto const* description = event.description.best(language);
    auto const spoken = language_of(language, description);
    Paragraphs out;
    out.line(times_line(spoken, event, event.span));
    add_state(out, spoken, event);
    out.next();
    out.line(description ? std::string_view(description->text) : "");
    out.next();
    add_languages(out, spoken, event.floor_languages, event.interpretation_languages);
    out.next();
    out.line(page);
    return out.in(description ? std::string_view(description->language) : spoken);
}

std::optional<InLanguage<calendars::Text>> session_words(std::string_view language,
                                                         events::Event const& event,
                                                         events::Session const& session,
                                                         std::string_view page)
{
    Paragraphs out;
    out.line(times_line(language, event, session.span));
    add_state(out, language, event);
    out.next();
    std::string names;
    for (auto const& speaker : session.speakers)
        append_part(names, events::display_name(speaker, language));
    if (!names.empty())
        out.line(message(language, "calendar.speakers",
                         {{"count", static_cast<std::int64_t>(session.speakers.size())}, {"names", names}}));
    std::vector<std::string> floor;
    if (!session.language.empty())
        floor.push_back(session.language);
    add_languages(out, language, floor, session.interpretation);
    out.next();
    out.line(page);
    return out.in(language);
}

}
