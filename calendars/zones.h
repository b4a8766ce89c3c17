// The zones we write by name, each with its VTIMEZONE, and from which instant the block is true. Readers
// trust either the block or the name, so both are given and agree; everything the block does not tell truly
// is written in UTC: earlier instants, the autumn hour that comes twice, other zones.
//
// When a government changes a rule: a new block, a new boundary, the next revision.
#pragma once

#include "calendars/values.h"

#include <span>

namespace kutsu::calendars
{

// Part of every ETag, and a reason to move LAST-MODIFIED of the events concerned (R31).
inline constexpr int zone_rules_revision = 1;

struct ZoneRules
{
    std::string_view name;
    Utc valid_from;
    std::chrono::seconds winter_offset;
    bool european_summer; // one hour more from the last Sunday of March to that of October, 01:00 UTC
    std::string_view block;
};

// By name.
std::span<ZoneRules const> all_zones();
// Null for zones that are written in UTC.
ZoneRules const* find_zone(std::string_view name);

std::chrono::seconds offset_at(ZoneRules const& zone, Utc at);
// What the clocks there show, or nothing when the block cannot say it: before the boundary or ambiguous (R22,
// R27).
std::optional<date::local_seconds> wall_time(ZoneRules const& zone, Utc at);

struct Wall
{
    ZoneRules const* zone;
    date::local_seconds time;
};
// The same of a moment; nothing also where its zone is written in UTC.
std::optional<Wall> wall_of(Moment const& moment);

}
