#include "calendars/zones.h"

#include <algorithm>
#include <array>

namespace kutsu::calendars
{
namespace
{

using namespace std::chrono_literals;

constexpr Utc utc(int year, unsigned month, unsigned day, std::chrono::hours hour)
{
    return date::sys_days(date::year(year) / date::month(month) / date::day(day)) + hour;
}

// Only what Outlook understands: one pair of rules at most, each YEARLY with one BYDAY (R20).
constexpr auto zones = std::to_array<ZoneRules>({
    {"Asia/Almaty", utc(2024, 2, 29, 18h), 5h, false,
     "BEGIN:VTIMEZONE\r\n"
     "TZID:Asia/Almaty\r\n"
     "BEGIN:STANDARD\r\n"
     "TZOFFSETFROM:+0500\r\n"
     "TZOFFSETTO:+0500\r\n"
     "TZNAME:+05\r\n"
     "DTSTART:19700101T000000\r\n"
     "END:STANDARD\r\n"
     "END:VTIMEZONE\r\n"},
    {"Europe/Helsinki", utc(1996, 10, 27, 1h), 2h, true,
     "BEGIN:VTIMEZONE\r\n"
     "TZID:Europe/Helsinki\r\n"
     "BEGIN:DAYLIGHT\r\n"
     "TZOFFSETFROM:+0200\r\n"
     "TZOFFSETTO:+0300\r\n"
     "TZNAME:EEST\r\n"
     "DTSTART:19700329T030000\r\n"
     "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
     "END:DAYLIGHT\r\n"
     "BEGIN:STANDARD\r\n"
     "TZOFFSETFROM:+0300\r\n"
     "TZOFFSETTO:+0200\r\n"
     "TZNAME:EET\r\n"
     "DTSTART:19701025T040000\r\n"
     "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
     "END:STANDARD\r\n"
     "END:VTIMEZONE\r\n"},
    {"Europe/Istanbul", utc(2016, 9, 6, 21h), 3h, false,
     "BEGIN:VTIMEZONE\r\n"
     "TZID:Europe/Istanbul\r\n"
     "BEGIN:STANDARD\r\n"
     "TZOFFSETFROM:+0300\r\n"
     "TZOFFSETTO:+0300\r\n"
     "TZNAME:+03\r\n"
     "DTSTART:19700101T000000\r\n"
     "END:STANDARD\r\n"
     "END:VTIMEZONE\r\n"},
    {"Europe/Moscow", utc(2014, 10, 25, 22h), 3h, false,
     "BEGIN:VTIMEZONE\r\n"
     "TZID:Europe/Moscow\r\n"
     "BEGIN:STANDARD\r\n"
     "TZOFFSETFROM:+0300\r\n"
     "TZOFFSETTO:+0300\r\n"
     "TZNAME:MSK\r\n"
     "DTSTART:19700101T000000\r\n"
     "END:STANDARD\r\n"
     "END:VTIMEZONE\r\n"},
});
static_assert(std::ranges::is_sorted(zones, {}, &ZoneRules::name));

// Last Sunday of the month, 01:00 UTC: when all of Europe moves its clocks (directive 2000/84/EC).
Utc clock_change(date::year year, date::month month)
{
    return date::sys_days(year / month / date::Sunday[date::last]) + 1h;
}

date::year year_of(Utc at)
{
    return Day(date::floor<date::days>(at)).year();
}

}

std::span<ZoneRules const> all_zones()
{
    return zones;
}

ZoneRules const* find_zone(std::string_view name)
{
    auto const found = std::ranges::find(zones, name, &ZoneRules::name);
    return found == zones.end() ? nullptr : &*found;
}

std::chrono::seconds offset_at(ZoneRules const& zone, Utc at)
{
    auto const year = year_of(at);
    auto const summer = zone.european_summer && at >= clock_change(year, date::March) &&
                        at < clock_change(year, date::October);
    return summer ? zone.winter_offset + 1h : zone.winter_offset;
}

std::optional<date::local_seconds> wall_time(ZoneRules const& zone, Utc at)
{
    if (at < zone.valid_from)
        return std::nullopt;
    auto const back = clock_change(year_of(at), date::October);
    if (zone.european_summer && at >= back - 1h && at < back + 1h)
        return std::nullopt;
    return date::local_seconds((at + offset_at(zone, at)).time_since_epoch());
}

std::optional<Wall> wall_of(Moment const& moment)
{
    auto const* zone = find_zone(moment.zone.str());
    auto const time = zone ? wall_time(*zone, moment.at) : std::nullopt;
    return time ? std::optional(Wall{zone, *time}) : std::nullopt;
}

}
