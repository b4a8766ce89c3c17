// Moves a whole project file in time: every day, wall time, stamp and member named after a day goes by whole
// weeks, so that weekdays and wall times stay; instants, other cities' times and lengths of journeys are
// derived anew, since the clocks may have changed in between. Ids and sentences are left alone. Pure.
#pragma once

#include "base/clock.h"
#include "base/json.h"

namespace kutsu::transfer
{

// `days` is a multiple of seven (std::logic_error otherwise). A wall time that falls into the gap of a spring
// night is moved forward out of it.
json::value shift(json::value document, int days);

// By how many days the week of `demo_now` (Monday to Sunday, UTC) is away from the week of `now`.
int days_to_current_week(Instant demo_now, Instant now);

}
