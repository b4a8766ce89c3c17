// Wall time and zones. The future is agreed on in local time: a LocalTime and an IANA zone name are stored,
// the Instant is derived with the system's tzdata. Times that do not exist are refused, repeated ones are
// reported.
#pragma once

#include "base/clock.h"

#include <date/date.h>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace kutsu
{

// What a clock on the wall shows, to the second; meaningless without a zone beside it.
using LocalTime = date::local_seconds;
using Day = date::year_month_day;

enum class LocalTimeError
{
    unknown_zone = 1,
    does_not_exist, // in the gap of a spring night
};

struct Derived
{
    Instant at;
    bool repeated = false; // the hour of an autumn night that comes twice; `at` is the first one
};

bool is_known_zone(std::string_view zone);
std::expected<Derived, LocalTimeError> to_instant(LocalTime local, std::string_view zone);
// The zone must be known (throws std::runtime_error otherwise).
LocalTime to_local(Instant at, std::string_view zone);
std::chrono::seconds offset_at(Instant at, std::string_view zone);
// The version of the tzdata in use, such as "2025b", or "unknown".
std::string tzdata_version();

// "2027-05-27T08:30" or "2027-05-27T08:30:00"; nothing else.
std::optional<LocalTime> parse_local(std::string_view text);
std::optional<Day> parse_day(std::string_view text);
// RFC 3339 with "Z" or an offset.
std::optional<Instant> parse_instant(std::string_view text);

std::string format_local(LocalTime local); // 2027-05-27T08:30, with seconds only if there are any
std::string format_day(Day day);           // 2027-05-27
std::string format_utc(Instant at);        // 2027-05-27T05:30:00Z
std::string format_rfc3339(Instant at, std::string_view zone); // 2027-05-27T08:30:00+03:00

}
