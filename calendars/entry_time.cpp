#include "calendars/entry_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace kutsu::calendars
{
namespace
{

std::string digits(unsigned number, std::size_t width)
{
    auto text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string written_day(Day day)
{
    return digits(static_cast<unsigned>(static_cast<int>(day.year())), 4) + "-" +
           digits(static_cast<unsigned>(day.month()), 2) + "-" + digits(static_cast<unsigned>(day.day()), 2);
}

std::string written_clock(date::sys_days day, std::chrono::seconds time)
{
    auto const seconds = static_cast<unsigned>(time.count());
    return written_day(Day(day)) + "T" + digits(seconds / 3600, 2) + ":" + digits(seconds / 60 % 60, 2) +
           ":" + digits(seconds % 60, 2);
}

std::string written_wall(date::local_seconds wall)
{
    date::sys_seconds const as_utc(wall.time_since_epoch());
    auto const day = date::floor<date::days>(as_utc);
    return written_clock(day, as_utc - day);
}

std::string written_degrees(double degrees)
{
    std::array<char, 32> buffer{};
    auto const end = std::to_chars(buffer.begin(), buffer.end(), degrees, std::chars_format::fixed, 6).ptr;
    std::string text(buffer.data(), end);
    return text == "-0.000000" ? text.substr(1) : text;
}

}

std::pair<WrittenTime, WrittenTime> written_ends(Span const& when)
{
    if (auto const* days = when.all_day())
        return {{written_day(days->first), nullptr, true},
                {written_day(Day(date::sys_days(days->last) + date::days(1))), nullptr, true}};
    auto const& timed = *when.timed();
    auto const start = wall_of(timed.start), end = wall_of(timed.end);
    if (!start || !end)
        return {{written_utc(timed.start.at), nullptr, false}, {written_utc(timed.end.at), nullptr, false}};
    return {{written_wall(start->time), start->zone, false}, {written_wall(end->time), end->zone, false}};
}

std::string written_utc(Utc at)
{
    auto const day = date::floor<date::days>(at);
    return written_clock(day, at - day) + "Z";
}

std::string written_duration(std::chrono::seconds time)
{
    auto const seconds = std::max<long>(time.count(), 1);
    std::string text = "PT";
    if (seconds >= 3600)
        text += std::to_string(seconds / 3600) + "H";
    if (seconds / 60 % 60 != 0)
        text += std::to_string(seconds / 60 % 60) + "M";
    if (seconds % 60 != 0)
        text += std::to_string(seconds % 60) + "S";
    return text;
}

std::vector<std::string> written_geo(Geo const& geo)
{
    return {written_degrees(geo.latitude()), written_degrees(geo.longitude())};
}

std::vector<Event const*> in_calendar_order(std::vector<Event> const& events)
{
    std::vector<Event const*> order;
    order.reserve(events.size());
    for (auto const& event : events)
        order.push_back(&event);
    std::ranges::sort(order, [](Event const* left, Event const* right) {
        return std::tuple(left->when.start(), std::string_view(left->uid.str())) <
               std::tuple(right->when.start(), std::string_view(right->uid.str()));
    });
    return order;
}

}
