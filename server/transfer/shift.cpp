#include "transfer/shift.h"

#include "transfer/json_path.h"
#include "transfer/wall_time.h"

#include <stdexcept>

namespace kutsu::transfer
{
namespace
{

std::string moved(std::string_view text, date::days by)
{
    switch (time_form(text)) {
    case TimeForm::day:
        if (auto const day = parse_day(text))
            return format_day(Day(date::local_days(*day) + by));
        break;
    case TimeForm::local:
        if (auto const local = parse_local(text))
            return format_local(*local + by);
        break;
    case TimeForm::stamp:
        if (auto const at = parse_instant(text))
            return format_utc(*at + by);
        break;
    case TimeForm::none:
        break;
    }
    return std::string(text);
}

// Minutes from one moment of the object to another, when both are there.
std::optional<std::int64_t> minutes_between(json::object const& object, std::string_view from,
                                            std::string_view to)
{
    auto const* begins = object_at(object, from);
    auto const* ends = object_at(object, to);
    auto const first = begins ? parse_instant(text_at(*begins, "utc")) : std::nullopt;
    auto const last = ends ? parse_instant(text_at(*ends, "utc")) : std::nullopt;
    if (!first || !last)
        return std::nullopt;
    return std::chrono::floor<std::chrono::minutes>(*last - *first).count();
}

// A journey between two zones takes as long as its wall times say; the length beside them follows.
void correct_length(json::object const& before, json::object& after)
{
    struct Length
    {
        std::string_view from, to, minutes;
    };
    constexpr Length lengths[] = {{"departs", "arrives", "duration_minutes"},
                                  {"arrive_border", "leave_border", "minutes"}};
    for (auto const& [from, to, minutes] : lengths) {
        auto const was = minutes_between(before, from, to);
        auto const is = minutes_between(after, from, to);
        auto* length = after.if_contains(minutes);
        if (was && is && length && length->is_int64())
            length->get_int64() += *is - *was;
    }
}

json::value moved_value(json::value const& value, date::days by)
{
    if (auto const* text = value.if_string())
        return json::string(moved(*text, by));
    if (auto const* list = value.if_array()) {
        json::array result;
        for (auto const& each : *list)
            result.push_back(moved_value(each, by));
        return result;
    }
    auto const* object = value.if_object();
    if (!object)
        return value;
    json::object result;
    for (auto const& [name, below] : *object)
        result[moved(name, by)] = moved_value(below, by);
    derive_times(result);
    correct_length(*object, result);
    return result;
}

}

json::value shift(json::value document, int days)
{
    if (days % 7 != 0)
        throw std::logic_error("a project is moved by whole weeks");
    return days == 0 ? std::move(document) : moved_value(document, date::days(days));
}

int days_to_current_week(Instant demo_now, Instant now)
{
    auto const monday = [](Instant at) {
        auto const day = date::floor<date::days>(at);
        return day - (date::weekday(day) - date::Monday);
    };
    return static_cast<int>((monday(now) - monday(demo_now)).count());
}

}
