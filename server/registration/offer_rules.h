// How long a freed seat stays offered. Pure: the tables hold the instant that comes out of here, so that what
// a guest was told stays true whatever the rules become later.
//
// The rule, in this order:
//   1. No hours: the seat is theirs at once. So it is when less than an hour is left to the event: nobody
//      reads a mail and decides in less.
//   2. The event's hours, counted on the clock, or as working time (08–18 local, Monday to Friday, without
//      the holidays of the event's country; offer_calendar.h) when the event says so.
//   3. At most half of the time that is left to the event: who comes next needs the other half.
//   4. Never at night (22–08 local) where that can be helped: the next morning if rule 3 allows it, else the
//      evening before if that leaves half of the time.
//   5. A full minute: what the mail says is what holds.
#pragma once

#include "base/clock.h"
#include "events/event.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kutsu::registration
{

// What a form that offers seats suggests.
inline constexpr std::int64_t default_offer_hours = 24;

struct OfferTerms
{
    std::optional<std::int64_t> offer_hours; // null: the seat is theirs at once
    bool working_hours = false;
    std::string time_zone; // the event's
    std::string country;   // ISO 3166, upper case; empty: weekends only
    Instant starts_at;
};

// An event without a form offers nothing: no hours.
OfferTerms offer_terms(events::Event const& event);

// Empty: the seat is theirs at once. Else an instant later than `now` and earlier than the event's start.
std::optional<Instant> offer_expiry(OfferTerms const& terms, Instant now);

}
