#include "calendars/lint_zone_block.h"

#include <algorithm>
#include <map>
#include <set>

namespace kutsu::calendars::lint_parts
{
namespace
{

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices)
{
    return std::ranges::find(choices, text) != choices.end();
}

using Zones = std::map<std::string, ZoneBlock, std::less<>>;

Zones zones_of(Component const& calendar)
{
    Zones zones;
    for (auto const& each : calendar.components) {
        if (auto const block = each.name == "VTIMEZONE" ? ZoneBlock::from(each) : std::nullopt)
            zones.emplace(each.value("TZID"), *block);
    }
    return zones;
}

std::optional<std::chrono::sys_seconds> instant_of(Property const* property, Zones const& zones)
{
    if (!property)
        return std::nullopt;
    auto const* zone = property->parameter("TZID");
    auto const midnight = property->value.size() == 8 ? property->value + "T000000" : property->value;
    auto const wall = parse_wall_time(midnight);
    if (!wall)
        return std::nullopt;
    if (!zone)
        return std::chrono::sys_seconds(wall->time_since_epoch());
    auto const block = zones.find(zone->value);
    return block == zones.end() ? std::nullopt : std::optional(block->second.to_instant(*wall));
}

bool is_date(Property const* property)
{
    return property && property->parameter("VALUE") && property->parameter("VALUE")->value == "DATE";
}

void judge_span(Component const& event, Zones const& zones, Report& report)
{
    auto const *start = event.property("DTSTART"), *end = event.property("DTEND");
    if (is_date(start) != is_date(end))
        report.add("R25", event.line, "one end is a date, the other a time");
    auto const from = instant_of(start, zones), to = instant_of(end, zones);
    if (from && to && *to <= *from)
        report.add(is_date(start) ? "R25" : "R26", event.line, "does not end after it starts");
}

void judge_event(Component const& event, Report& report)
{
    auto const uid = event.value("UID");
    auto const at = uid.find('@');
    if (at == uid.npos || at == 0 || at + 1 == uid.size() || uid.find('@', at + 1) != uid.npos)
        report.add("R32", event.line, "UID is not PUBLIC_ID@HOST: " + std::string(uid));
    if (event.value("DTSTAMP") != event.value("LAST-MODIFIED"))
        report.add("R33", event.line, "DTSTAMP is not LAST-MODIFIED");
    if (!is_one_of(event.value("STATUS"), {"CONFIRMED", "TENTATIVE", "CANCELLED"}))
        report.add("R41", event.line, "no STATUS, or an unknown one");
    if (!is_one_of(event.value("TRANSP"), {"OPAQUE", "TRANSPARENT"}))
        report.add("R41", event.line, "no TRANSP, or an unknown one");
    for (auto const& inner : event.components)
        report.add(inner.name == "VALARM" ? "R71" : "R17", inner.line,
                   "a component inside an entry: " + inner.name);
}

std::set<std::string> zones_used(Component const& calendar)
{
    std::set<std::string> used;
    for (auto const& event : calendar.components) {
        for (auto const& property : event.properties) {
            if (auto const* zone = property.parameter("TZID"))
                used.insert(zone->value);
        }
    }
    return used;
}

}

void judge_zones(Component const& calendar, Report& report)
{
    auto const used = zones_used(calendar);
    std::vector<std::string> defined;
    bool after_event = false;
    for (auto const& each : calendar.components) {
        after_event = after_event || each.name == "VEVENT";
        if (each.name != "VTIMEZONE")
            continue;
        defined.emplace_back(each.value("TZID"));
        if (after_event)
            report.add("R19", each.line, "a VTIMEZONE after an entry");
        if (!used.contains(defined.back()))
            report.add("R19", each.line, "a VTIMEZONE nobody refers to: " + defined.back());
        if (!ZoneBlock::from(each))
            report.add("R20", each.line, "a VTIMEZONE of another shape than one or two plain rules");
    }
    if (!std::ranges::is_sorted(defined))
        report.add("R12", calendar.line, "zones are not in order");
    for (auto const& zone : used) {
        if (std::ranges::count(defined, zone) != 1)
            report.add("R19", calendar.line, "not exactly one VTIMEZONE for " + zone);
    }
}

void judge_events(Component const& calendar, Report& report)
{
    auto const zones = zones_of(calendar);
    std::set<std::string> uids;
    std::optional<std::pair<std::chrono::sys_seconds, std::string>> before;
    for (auto const& event : calendar.components) {
        if (event.name != "VEVENT") {
            if (event.name != "VTIMEZONE")
                report.add("R17", event.line, "neither zone nor entry: " + event.name);
            continue;
        }
        judge_event(event, report);
        judge_span(event, zones, report);
        std::string const uid(event.value("UID"));
        if (!uids.insert(uid).second)
            report.add("R32", event.line, "the UID of another entry: " + uid);
        auto const start = instant_of(event.property("DTSTART"), zones);
        auto const place = std::pair(start.value_or(std::chrono::sys_seconds()), uid);
        if (start && before && place < *before)
            report.add("R12", event.line, "entries are not in the order of start and UID");
        before = place;
    }
}

}
