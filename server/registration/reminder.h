// What the dates of an event make the clock do: reminders of the event and of offers, the instants at which
// registering opens, closes and is over. Pure.
#pragma once

#include "base/clock.h"
#include "db/timers.h"
#include "events/event.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace kutsu::registration
{

// Kinds of timers; the subject is the event's public id, for offer_expiring the registration's.
namespace timer
{
inline constexpr std::string_view reminder = "reminder";
inline constexpr std::string_view opens = "registration_opens";
inline constexpr std::string_view closes = "registration_closes";
inline constexpr std::string_view over = "event_over";
inline constexpr std::string_view offer_expiring = "offer_expiring";
}

// The states in which people can come; otherwise nobody is reminded of anything.
bool takes_place(std::string_view event_status);

// The day before, at this time of day on the event's wall; an hour that a spring night leaves out is the next
// one.
Instant reminder_at(events::Moment const& starts, std::chrono::milliseconds time_of_day);

// Everything that is to happen to an event as it stands. Of the event alone, never of the clock: a plan made
// later is the same plan.
db::TimerPlan event_timers(events::Event const& event, std::chrono::milliseconds time_of_day);

// When somebody who has not answered an offer hears that it ends: four hours before, in the evening before
// where that would be at night. Only of offers that are made long enough before.
std::optional<Instant> offer_notice_at(Instant made, Instant expires, std::string_view time_zone);
inline constexpr std::chrono::hours shortest_offer_with_notice{8};

}
