// What the clock does to registrations (server/app/clock_work.cpp calls it). The deeds of timers look at the
// tables again before they act: what made the timer may have changed in the same second.
#pragma once

#include "base/services.h"
#include "db/timers.h"

#include <chrono>
#include <optional>

namespace kutsu::registration
{

// Everybody with a seat is reminded, once for each start that the event has had.
Result<db::TimerOutcome> remind(db::Transaction& transaction, db::DueTimer const& due, Instant now,
                                std::chrono::milliseconds time_of_day);
// Whoever has not answered an offer hears that it ends.
Result<db::TimerOutcome> tell_offer_expires(db::Transaction& transaction, db::DueTimer const& due,
                                            Instant now);
// Registering opens, closes or is over: open pages and watchers hear of it by a change of the event.
Result<db::TimerOutcome> tell_state(db::Transaction& transaction, db::DueTimer const& due, Instant now,
                                    events::Catalogue const& catalogue);
// What was told to people who registered a registered address is kept for a year after the event.
Result<db::TimerOutcome> forget_shadows(db::Transaction& transaction, Instant now);

// Answers whose time is over (form_store.h says which) and files that nobody names.
Result<db::TimerOutcome> forget_answers(db::Transaction& transaction, Instant now);

// Gives open offers their timer. Cheap when there is none to give.
void watch_offers(Services& services);
// Offers nobody took in time end, through the lanes of their events. Says how many events were looked at.
int expire_offers_due(Services& services);
std::optional<Instant> next_offer_end(Services& services);

}
