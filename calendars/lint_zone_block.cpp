#include "calendars/lint_zone_block.h"

#include <algorithm>
#include <charconv>

namespace kutsu::calendars::lint_parts
{
namespace
{

std::optional<int> number(std::string_view text)
{
    int value = 0;
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    return wrong == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// +0300; seconds are not allowed.
std::optional<std::chrono::seconds> parse_offset(std::string_view text)
{
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-'))
        return std::nullopt;
    auto const hours = number(text.substr(1, 2)), minutes = number(text.substr(3, 2));
    if (!hours || !minutes)
        return std::nullopt;
    auto const size = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    return text[0] == '-' ? -size : size;
}

// The only shape Outlook understands and Europe needs.
std::optional<date::month> month_of_rule(std::string_view rule)
{
    constexpr std::string_view begin = "FREQ=YEARLY;BYMONTH=", end = ";BYDAY=-1SU";
    if (!rule.starts_with(begin) || !rule.ends_with(end) || rule.size() <= begin.size() + end.size())
        return std::nullopt;
    auto const month = number(rule.substr(begin.size(), rule.size() - begin.size() - end.size()));
    return month && *month >= 1 && *month <= 12 ? std::optional(date::month(static_cast<unsigned>(*month)))
                                                : std::nullopt;
}

std::optional<Observance> parse_observance(Component const& part)
{
    auto const from = parse_offset(part.value("TZOFFSETFROM")), to = parse_offset(part.value("TZOFFSETTO"));
    auto const first = parse_wall_time(part.value("DTSTART"));
    auto const month = month_of_rule(part.value("RRULE"));
    auto const has_rule = part.property("RRULE") != nullptr;
    auto const known = part.name == "STANDARD" || part.name == "DAYLIGHT";
    if (!known || !from || !to || !first || has_rule != month.has_value() || !part.components.empty())
        return std::nullopt;
    return Observance{*from, *to, *first, month};
}

std::chrono::sys_seconds instant(date::local_seconds wall, std::chrono::seconds offset)
{
    return std::chrono::sys_seconds(wall.time_since_epoch() - offset);
}

// When it last began, at or before the instant.
std::optional<std::chrono::sys_seconds> last_onset(Observance const& each, std::chrono::sys_seconds at)
{
    auto const only = instant(each.first, each.from);
    if (at < only)
        return std::nullopt;
    if (!each.month)
        return only;
    auto const time_of_day = each.first - date::floor<date::days>(each.first);
    auto year = date::year_month_day(date::floor<date::days>(at)).year() + date::years(1);
    for (;; --year) {
        auto const day = date::local_days(year / *each.month / date::Sunday[date::last]);
        if (auto const onset = instant(day + time_of_day, each.from); onset <= at)
            return onset;
    }
}

}

std::optional<date::local_seconds> parse_wall_time(std::string_view text)
{
    if (text.size() < 15 || text[8] != 'T')
        return std::nullopt;
    auto const year = number(text.substr(0, 4)), month = number(text.substr(4, 2)),
               day = number(text.substr(6, 2));
    auto const hour = number(text.substr(9, 2)), minute = number(text.substr(11, 2)),
               second = number(text.substr(13, 2));
    if (!year || !month || !day || !hour || !minute || !second)
        return std::nullopt;
    auto const date = date::year(*year) / *month / *day;
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    return date::local_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::optional<ZoneBlock> ZoneBlock::from(Component const& block)
{
    ZoneBlock zone;
    for (auto const& part : block.components) {
        auto const observance = parse_observance(part);
        if (!observance)
            return std::nullopt;
        zone.observances_.push_back(*observance);
    }
    auto const count = zone.observances_.size();
    return count == 1 || count == 2 ? std::optional(zone) : std::nullopt;
}

std::chrono::seconds ZoneBlock::offset_at(std::chrono::sys_seconds at) const
{
    std::optional<std::chrono::sys_seconds> latest;
    auto offset = observances_.front().from;
    for (auto const& each : observances_) {
        auto const onset = last_onset(each, at);
        if (onset && (!latest || *onset > *latest)) {
            latest = onset;
            offset = each.to;
        }
    }
    return offset;
}

std::chrono::sys_seconds ZoneBlock::to_instant(date::local_seconds wall) const
{
    std::optional<std::chrono::sys_seconds> earliest;
    for (auto const& each : observances_) {
        auto const candidate = instant(wall, each.to);
        if (offset_at(candidate) == each.to && (!earliest || candidate < *earliest))
            earliest = candidate;
    }
    return earliest.value_or(instant(wall, observances_.front().from)); // in a gap: the offset before it
}

}
