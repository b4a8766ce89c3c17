// Mail about a changed programme: what a change leaves to be told, and telling it some minutes later, when
// whoever edits has come to rest.
#pragma once

#include "agenda/agenda.h"
#include "db/timers.h"

#include <chrono>
#include <string_view>
#include <vector>

namespace kutsu::agenda
{

inline constexpr std::string_view notice_timer = "agenda_notice";
// From the first untold change to the mail.
inline constexpr std::chrono::minutes notice_delay{5};

// Whether guests have to hear of it: another time or room, or it no longer takes place.
bool concerns_guests(Session const& before, Session const& after);

// In the transaction of the edit: keeps how the sessions were, and sets the timer.
void note_changes(db::Transaction& transaction, std::int64_t event_id, std::string const& event,
                  std::vector<Session> const& before, std::vector<Session> const& changed, Instant now);

// The timer's deed: one mail to each whom it concerns, with the first old and the last new value. What is as
// it was again is not mentioned.
Result<db::TimerOutcome> tell_changes(db::Transaction& transaction, db::DueTimer const& due, Instant now);

}
