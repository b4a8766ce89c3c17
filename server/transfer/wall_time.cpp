#include "transfer/wall_time.h"

#include "transfer/json_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

namespace kutsu::transfer
{
namespace
{

bool has_form(std::string_view text, std::string_view form)
{
    return std::ranges::equal(
        text, form, [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

}

TimeForm time_form(std::string_view text)
{
    if (has_form(text, "0000-00-00"))
        return TimeForm::day;
    if (has_form(text, "0000-00-00T00:00") || has_form(text, "0000-00-00T00:00:00"))
        return TimeForm::local;
    return has_form(text, "0000-00-00T00:00:00Z") ? TimeForm::stamp : TimeForm::none;
}

std::optional<Instant> instant_of(LocalTime local, std::string_view zone, std::optional<Instant> hint)
{
    if (hint && to_local(*hint, zone) == local)
        return hint;
    auto const derived = to_instant(local, zone);
    return derived ? std::optional(derived->at) : std::nullopt;
}

bool is_derived_member(std::string_view name)
{
    constexpr std::array derived = {"utc", "starts_utc", "ends_utc", "utc_offset_at_start", "also_local"};
    return std::ranges::find(derived, name) != derived.end();
}

std::string offset_text(Instant at, std::string_view zone)
{
    auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(offset_at(at, zone)).count();
    auto text = fmt::format("{}{}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60);
    if (minutes % 60 != 0)
        text += fmt::format(":{:02}", std::abs(minutes) % 60);
    return text;
}

namespace
{

// One wall time of an object: its member, the member that repeats it in UTC, and its key in also_local.
struct Hand
{
    std::string_view local;
    std::string_view utc;
    std::string_view beside; // empty: also_local holds texts, not objects
};

constexpr Hand moment_hands[] = {{"local", "utc", ""}};
constexpr Hand span_hands[] = {{"starts_local", "starts_utc", "starts"}, {"ends_local", "ends_utc", "ends"}};

std::span<Hand const> hands_of(json::object const& object)
{
    if (!text_at(object, "local").empty())
        return moment_hands;
    if (!text_at(object, "starts_local").empty())
        return span_hands;
    return {};
}

std::optional<Instant> stamp_in(json::object const& object, std::string_view name)
{
    return parse_instant(text_at(object, name));
}

class Checker
{
public:
    Checker(json::object const& object, std::string const& path) : object_(object), path_(path) {}

    FileProblems run() &&
    {
        check_zone();
        if (zone_known_) {
            for (auto const& hand : hands_of(object_))
                check_hand(hand);
        }
        check_order();
        return std::move(problems_);
    }

private:
    void fail(std::string_view name, std::string reason)
    {
        problems_.push_back({member(path_, name), std::move(reason)});
    }

    void check_zone()
    {
        auto const* zone = object_.if_contains("tz");
        if (!zone || zone->is_null()) {
            if (!hands_of(object_).empty())
                fail("tz", "is missing: a wall time needs its time zone beside it");
            return;
        }
        zone_known_ = zone->is_string() && is_known_zone(zone->get_string());
        if (!zone_known_)
            fail("tz", "is no time zone of the tz database, such as Europe/Helsinki");
    }

    void check_hand(Hand const& hand)
    {
        auto const text = text_at(object_, hand.local);
        if (text.empty())
            return; // absent or of another kind; the shape of the object says whether it may be
        auto const zone = text_at(object_, "tz");
        auto const local = parse_local(text);
        if (!local)
            return fail(hand.local, fmt::format("is no wall time like 2027-05-27T08:30: \"{}\"", text));
        auto const at = instant_of(*local, zone, stamp_in(object_, hand.utc));
        if (!at)
            return fail(hand.local, fmt::format("does not exist in {}: the clocks skip {}", zone, text));
        instants_.push_back(*at);
        check_utc(hand, *at);
        check_beside(hand, *at);
    }

    void check_utc(Hand const& hand, Instant at)
    {
        auto const* given = object_.if_contains(hand.utc);
        if (!given || given->is_null())
            return;
        auto const stamp = stamp_in(object_, hand.utc);
        if (!stamp)
            fail(hand.utc, "is no instant like 2027-05-27T05:30:00Z");
        else if (*stamp != at)
            fail(hand.utc, fmt::format("is not the instant of {} in {}, which is {} (tzdata {})",
                                       text_at(object_, hand.local), text_at(object_, "tz"), format_utc(at),
                                       tzdata_version()));
    }

    void check_beside(Hand const& hand, Instant at)
    {
        auto const* beside = object_at(object_, "also_local");
        if (!beside)
            return;
        for (auto const& [zone, shown] : *beside) {
            auto const place = member(member(path_, "also_local"), zone);
            if (!is_known_zone(zone)) {
                if (instants_.size() == 1) // once is enough
                    problems_.push_back({place, "is no time zone of the tz database"});
                continue;
            }
            auto const* text = hand.beside.empty() ? &shown
                               : shown.is_object() ? shown.get_object().if_contains(hand.beside)
                                                   : nullptr;
            if (text && (!text->is_string() || parse_local(text->get_string()) != to_local(at, zone)))
                problems_.push_back({hand.beside.empty() ? place : member(place, hand.beside),
                                     fmt::format("is not the same instant, which is {} there",
                                                 format_local(to_local(at, zone)))});
        }
    }

    void check_order()
    {
        if (instants_.size() == 2 && instants_[1] <= instants_[0])
            fail("ends_local", "is not after the start");
        for (auto const& [first, second] : {std::pair("opens", "closes"), std::pair("departs", "arrives")}) {
            auto const from = instant_below(first);
            auto const to = instant_below(second);
            if (from && to && *to <= *from)
                fail(second, fmt::format("is not after {}", first));
        }
        auto const starts = parse_day(text_at(object_, "starts"));
        auto const ends = parse_day(text_at(object_, "ends"));
        if (starts && ends && *ends < *starts)
            fail("ends", "is before the start");
    }

    std::optional<Instant> instant_below(std::string_view name) const
    {
        auto const* moment = object_at(object_, name);
        auto const local = moment ? parse_local(text_at(*moment, "local")) : std::nullopt;
        if (!local || !is_known_zone(text_at(*moment, "tz")))
            return std::nullopt;
        return instant_of(*local, text_at(*moment, "tz"), stamp_in(*moment, "utc"));
    }

    json::object const& object_;
    std::string const& path_;
    bool zone_known_ = false;
    std::vector<Instant> instants_;
    FileProblems problems_;
};

// Out of the gap of a spring night by the length of the gap: 03:30 becomes 04:30.
Instant past_the_gap(LocalTime local, std::string_view zone)
{
    auto const before = to_instant(local - std::chrono::hours(3), zone);
    if (!before)
        throw std::domain_error("a wall time in a zone whose clocks cannot be read");
    return before->at + std::chrono::hours(3);
}

void derive_hand(json::object& object, Hand const& hand, std::string const& zone)
{
    auto const local = parse_local(text_at(object, hand.local));
    if (!local)
        return;
    auto at = instant_of(*local, zone, stamp_in(object, hand.utc));
    if (!at) {
        at = past_the_gap(*local, zone);
        object[hand.local] = format_local(to_local(*at, zone));
    }
    object[hand.utc] = format_utc(*at);
    if (hand.local == "starts_local")
        object["utc_offset_at_start"] = offset_text(*at, zone);
    auto* beside = object.if_contains("also_local");
    if (!beside || !beside->is_object())
        return;
    for (auto& [other, shown] : beside->get_object()) {
        auto const text = format_local(to_local(*at, other));
        if (hand.beside.empty())
            shown = text;
        else if (shown.is_object())
            shown.get_object()[hand.beside] = text;
    }
}

}

FileProblems check_times(json::object const& object, std::string const& path)
{
    return Checker(object, path).run();
}

void derive_times(json::object& object)
{
    std::string const zone(text_at(object, "tz"));
    if (!is_known_zone(zone))
        return;
    for (auto const& hand : hands_of(object))
        derive_hand(object, hand, zone);
}

}
