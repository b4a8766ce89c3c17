// When an entry is, as jCal, xCal and JSCalendar write it (RFC 3339 marks, no fractions).
#pragma once

#include "calendars/calendar.h"
#include "calendars/zones.h"

#include <string>
#include <utility>
#include <vector>

namespace kutsu::calendars
{

struct WrittenTime
{
    std::string text; // "2027-05-27T08:30:00" by the wall, the same with Z in UTC, or "2027-05-27"
    ZoneRules const* zone = nullptr; // null: UTC or a date
    bool is_date = false;
};

// Both ends by the wall or both in UTC, like the .ics form; the end of whole days is the first day that no
// longer belongs.
std::pair<WrittenTime, WrittenTime> written_ends(Span const& when);

std::string written_utc(Utc at);
std::string written_duration(std::chrono::seconds time); // "PT6H30M", at least "PT1S"
std::vector<std::string> written_geo(Geo const& geo);    // latitude, longitude

std::vector<Event const*> in_calendar_order(std::vector<Event> const& events);

}
