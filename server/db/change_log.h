// The change log: whatever happens to an event is one row of `change`, written in the transaction that makes
// it happen and numbered without gaps under the event's counter row. Live pages, feeds, mail and the audit
// trail read it (ChangeFollower); nobody notifies anybody directly.
#pragma once

#include "base/clock.h"
#include "db/change_follower.h"
#include "db/reader.h"
#include "db/waker.h"

#include <boost/json/array.hpp>

#include <cstdint>
#include <string>

namespace kutsu::db
{

struct ChangeNote
{
    std::int64_t event_id = 0;
    std::string kind;           // "seats", "agenda.shifted" …
    boost::json::array changes; // [{"kind": …}, …]: what the notification says
    std::string actor;          // a user's public id, "registration", "import", "clock" …
    std::string origin;         // the op_id or the like; may be empty
    Instant at;
};

// Locks the event's counter row for the rest of the transaction, raises its version, writes the row and
// returns the version. Call it once per deed and event, as late as possible. Throws std::logic_error for an
// event without a counter.
std::int64_t record_change(Transaction& transaction, ChangeNote const& note);

}
