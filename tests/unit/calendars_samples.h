// What the tests of calendars/ share: small values made in one line, and a reader's view of written bytes.
#pragma once

#include "calendars/calendar.h"
#include "calendars/lint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace kutsu::calendars
{

inline void PrintTo(Violation const& violation, std::ostream* out)
{
    *out << violation.rule << " in line " << violation.line << ": " << violation.what;
}

namespace samples
{

inline Line line(std::string_view text)
{
    return Line::from(text).value();
}

inline Text text(std::string_view text)
{
    return Text::from(text).value();
}

inline LanguageTag language(std::string_view tag)
{
    return LanguageTag::from(tag).value();
}

inline ZoneName zone(std::string_view name)
{
    return ZoneName::from(name).value();
}

inline Utc utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0)
{
    return date::sys_days(date::year(year) / date::month(month) / date::day(day)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute);
}

inline Span span(Utc start, std::string_view start_zone, Utc end, std::string_view end_zone)
{
    return Span::timed({start, zone(start_zone)}, {end, zone(end_zone)}).value();
}

inline Span span(Utc start, std::string_view in)
{
    return span(start, in, start + std::chrono::hours(2), in);
}

inline Event event(Span when, std::string_view id = "ev-1", std::string_view title = "Seminar")
{
    return {.uid = Uid::from(id, "kutsu.example").value(),
            .created = utc(2026, 9, 1, 8),
            .last_modified = utc(2026, 9, 2, 9, 30),
            .when = std::move(when),
            .summary = {line(title), language("en")}};
}

inline Event event()
{
    return event(span(utc(2027, 5, 27, 9), "Europe/Helsinki"));
}

inline CalendarHead head()
{
    return {.name = {line("Kutsu"), language("en")}, .time_zone = zone("Europe/Helsinki")};
}

inline std::string written(std::vector<Event> events)
{
    return write_calendar(Calendar{head(), std::move(events)});
}

// Content lines as a reader sees them.
inline std::vector<std::string> unfolded(std::string_view bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        auto const end = std::min(bytes.find("\r\n"), bytes.size());
        if (bytes.starts_with(' ') && !lines.empty())
            lines.back() += bytes.substr(1, end - 1);
        else
            lines.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 2, bytes.size()));
    }
    return lines;
}

// The rest of the first content line that begins so, or "(none)".
inline std::string after(std::string_view beginning, std::string_view bytes)
{
    for (auto const& each : unfolded(bytes)) {
        if (each.starts_with(beginning))
            return each.substr(beginning.size());
    }
    return "(none)";
}

// A TEXT value without its escapes.
inline std::string unescaped(std::string_view value)
{
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size())
            out += value[++i] == 'n' ? '\n' : value[i];
        else
            out += value[i];
    }
    return out;
}

}

}
