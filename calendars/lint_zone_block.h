// A VTIMEZONE as a reader that trusts it understands it: only what R20 allows, evaluated from its text.
#pragma once

#include "calendars/lint_parts.h"

#include <date/date.h>

namespace kutsu::calendars::lint_parts
{

struct Observance
{
    std::chrono::seconds from, to;
    date::local_seconds first;
    std::optional<date::month> month; // each year on the last Sunday of this month; else only once
};

// 20270328T030000, with or without Z.
std::optional<date::local_seconds> parse_wall_time(std::string_view text);

class ZoneBlock
{
public:
    // Nothing when the block holds more or less than R20 allows.
    static std::optional<ZoneBlock> from(Component const& block);

    std::chrono::seconds offset_at(std::chrono::sys_seconds at) const;
    // The first instant at which clocks show this (RFC 5545 §3.3.5).
    std::chrono::sys_seconds to_instant(date::local_seconds wall) const;

private:
    std::vector<Observance> observances_;
};

}
