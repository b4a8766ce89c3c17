// Times as project files write them. `{tz, local, utc, also_local}` is a moment, `{tz, starts_local,
// ends_local, starts_utc, …}` a span; local and tz are what was agreed on, everything else is derived from
// them. Pure.
#pragma once

#include "base/json.h"
#include "base/local_time.h"
#include "transfer/file_problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

// What a whole text looks like, by its digits and separators; whether such a time exists is another question.
enum class TimeForm
{
    none = 1,
    day,   // 2027-05-03
    local, // 2027-05-03T09:00
    stamp  // 2027-05-03T06:00:00Z
};
TimeForm time_form(std::string_view text);

// The instant of a wall time. Of an hour that comes twice in autumn the first one counts, unless `hint` is
// the second. Empty for a time in a gap; the zone must be known.
std::optional<Instant> instant_of(LocalTime local, std::string_view zone, std::optional<Instant> hint);

// Members whose values are derived, in an object with a wall time.
bool is_derived_member(std::string_view name);

// "+2", "-3:30"
std::string offset_text(Instant at, std::string_view zone);

// Everything wrong with the wall times directly in this object: unknown zone, no such time, an end before its
// start, a *_utc or also_local that is not the same instant, departures after arrivals.
FileProblems check_times(json::object const& object, std::string const& path);

// Writes the derived members anew: *_utc (or utc), utc_offset_at_start, also_local for the zones it has. A
// wall time in a gap is moved forward out of it. Objects without a wall time are left alone.
void derive_times(json::object& object);

}
