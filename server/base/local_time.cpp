#include "base/local_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>

namespace kutsu
{
namespace
{

date::time_zone const* zone_or_null(std::string_view name)
{
    // tzdata's own files like "posixrules" or paths are no zones people agree on.
    if (name.empty() || name.front() == '/' || name.find("..") != std::string_view::npos)
        return nullptr;
    try {
        return date::locate_zone(std::string(name));
    } catch (std::runtime_error const&) {
        return nullptr;
    }
}

// Reads exactly `digits` digits at `at`.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t digits)
{
    if (at + digits > text.size())
        return std::nullopt;
    int value = 0;
    for (auto const c : text.substr(at, digits)) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool separators(std::string_view text, std::initializer_list<std::pair<std::size_t, char>> places)
{
    for (auto const& [at, character] : places) {
        if (at >= text.size() || text[at] != character)
            return false;
    }
    return true;
}

}

bool is_known_zone(std::string_view zone)
{
    return zone_or_null(zone) != nullptr;
}

std::expected<Derived, LocalTimeError> to_instant(LocalTime local, std::string_view zone)
{
    auto const* found = zone_or_null(zone);
    if (!found)
        return std::unexpected(LocalTimeError::unknown_zone);
    auto const info = found->get_info(local);
    if (info.result == date::local_info::nonexistent)
        return std::unexpected(LocalTimeError::does_not_exist);
    auto const at = date::sys_seconds(local.time_since_epoch()) - info.first.offset;
    return Derived{Instant(at.time_since_epoch()), info.result == date::local_info::ambiguous};
}

LocalTime to_local(Instant at, std::string_view zone)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at);
    return date::locate_zone(std::string(zone))->to_local(seconds);
}

std::chrono::seconds offset_at(Instant at, std::string_view zone)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at);
    return date::locate_zone(std::string(zone))->get_info(seconds).offset;
}

std::string tzdata_version()
{
    // The compiled zone files do not say; the source that Debian ships beside them begins with "# version
    // 2025b".
    std::ifstream source("/usr/share/zoneinfo/tzdata.zi");
    std::string line;
    constexpr std::string_view mark = "# version ";
    if (std::getline(source, line) && line.starts_with(mark))
        return line.substr(mark.size());
    return "unknown";
}

std::optional<Day> parse_day(std::string_view text)
{
    if (text.size() != 10 || !separators(text, {{4, '-'}, {7, '-'}}))
        return std::nullopt;
    auto const year = number(text, 0, 4);
    auto const month = number(text, 5, 2);
    auto const day = number(text, 8, 2);
    if (!year || !month || !day)
        return std::nullopt;
    Day const result = date::year(*year) / date::month(static_cast<unsigned>(*month)) /
                       date::day(static_cast<unsigned>(*day));
    return result.ok() ? std::optional(result) : std::nullopt;
}

std::optional<LocalTime> parse_local(std::string_view text)
{
    if (text.size() != 16 && text.size() != 19)
        return std::nullopt;
    auto const day = parse_day(text.substr(0, 10));
    auto const hours = number(text, 11, 2);
    auto const minutes = number(text, 14, 2);
    auto const seconds = text.size() == 19 ? number(text, 17, 2) : std::optional(0);
    if (!day || !hours || !minutes || !seconds || !separators(text, {{10, 'T'}, {13, ':'}}) ||
        (text.size() == 19 && text[16] != ':') || *hours > 23 || *minutes > 59 || *seconds > 59)
        return std::nullopt;
    return date::local_days(*day) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds);
}

std::optional<Instant> parse_instant(std::string_view text)
{
    auto const zone_at = text.find_first_of("Z+-", 11);
    if (text.size() < 17 || zone_at == std::string_view::npos)
        return std::nullopt;
    auto stamp = text.substr(0, zone_at);
    auto const zone = text.substr(zone_at);
    int milliseconds = 0;
    if (auto const dot = stamp.find('.'); dot != std::string_view::npos) {
        auto const fraction = stamp.substr(dot + 1);
        if (fraction.empty() || fraction.size() > 9 ||
            fraction.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        auto const padded = std::string(fraction) + "000";
        milliseconds = *number(padded, 0, 3);
        stamp = stamp.substr(0, dot);
    }
    auto const local = parse_local(stamp);
    if (!local)
        return std::nullopt;
    std::chrono::minutes offset{0};
    if (zone != "Z") {
        auto const hours = number(zone, 1, 2);
        auto const minutes = number(zone, 4, 2);
        if (zone.size() != 6 || zone[3] != ':' || !hours || !minutes || *hours > 23 || *minutes > 59)
            return std::nullopt;
        offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
        if (zone.front() == '-')
            offset = -offset;
    }
    return Instant(local->time_since_epoch() - offset + std::chrono::milliseconds(milliseconds));
}

std::string format_day(Day day)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::string format_local(LocalTime local)
{
    auto const days = date::floor<date::days>(local);
    date::hh_mm_ss const time(local - days);
    auto text =
        fmt::format("{}T{:02}:{:02}", format_day(Day(days)), time.hours().count(), time.minutes().count());
    if (time.seconds().count() != 0)
        text += fmt::format(":{:02}", time.seconds().count());
    return text;
}

std::string format_utc(Instant at)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(at);
    auto const days = date::floor<date::days>(seconds);
    date::hh_mm_ss const time(seconds - days);
    return fmt::format("{}T{:02}:{:02}:{:02}Z", format_day(Day(days)), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

std::string format_rfc3339(Instant at, std::string_view zone)
{
    auto const offset = std::chrono::duration_cast<std::chrono::minutes>(offset_at(at, zone)).count();
    auto const shown = format_utc(at + std::chrono::minutes(offset));
    return fmt::format("{}{}{:02}:{:02}", shown.substr(0, 19), offset < 0 ? '-' : '+', std::abs(offset) / 60,
                       std::abs(offset) % 60);
}

}
