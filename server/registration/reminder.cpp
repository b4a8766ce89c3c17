#include "registration/reminder.h"

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using std::chrono::hours;

constexpr std::array<std::string_view, 3> taking_place = {"published", "rescheduled", "running"};

Instant instant_of(LocalTime local, std::string_view zone)
{
    for (;; local += hours(1)) {
        if (auto const derived = to_instant(local, zone))
            return derived->at;
    }
}

// A flip that nobody saw for a day is no news any more.
db::TimerWish flip(std::string_view kind, Instant at)
{
    return {std::string(kind), at, at + hours(24)};
}

}

bool takes_place(std::string_view event_status)
{
    return std::ranges::find(taking_place, event_status) != taking_place.end();
}

Instant reminder_at(events::Moment const& starts, std::chrono::milliseconds time_of_day)
{
    LocalTime const day_before = date::floor<date::days>(starts.local) - date::days(1);
    return instant_of(day_before + std::chrono::duration_cast<std::chrono::seconds>(time_of_day),
                      starts.time_zone);
}

db::TimerPlan event_timers(events::Event const& event, std::chrono::milliseconds time_of_day)
{
    db::TimerPlan plan{event.id,
                       event.event_id,
                       event.version,
                       {std::string(timer::reminder), std::string(timer::opens), std::string(timer::closes),
                        std::string(timer::over)},
                       {}};
    if (!takes_place(event.status))
        return plan;
    plan.wishes.push_back(flip(timer::over, event.span.ends.at));
    if (!event.form)
        return plan;
    if (event.form->opens)
        plan.wishes.push_back(flip(timer::opens, event.form->opens->at));
    if (event.form->closes)
        plan.wishes.push_back(flip(timer::closes, event.form->closes->at));
    auto const& starts = event.span.starts;
    if (event.form->reminders)
        plan.wishes.push_back({std::string(timer::reminder), reminder_at(starts, time_of_day),
                               starts.at - std::chrono::milliseconds(1)});
    return plan;
}

std::optional<Instant> offer_notice_at(Instant made, Instant expires, std::string_view time_zone)
{
    if (expires - made < shortest_offer_with_notice)
        return std::nullopt;
    auto const notice = expires - hours(4);
    auto const local = to_local(notice, time_zone);
    auto const day = date::floor<date::days>(local);
    if (local - day >= hours(8) && local - day < hours(22))
        return notice;
    auto const evening =
        instant_of((local - day < hours(8) ? day - date::days(1) : day) + hours(20), time_zone);
    return std::max(evening, made + hours(1));
}

}
