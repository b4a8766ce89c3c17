// Changes of seats are frequent and say all there is to know: an event in memory follows them without asking
// the database.
#pragma once

#include "events/event.h"

#include <boost/json/value.hpp>

#include <memory>
#include <vector>

namespace kutsu::events
{

// A change as the log has it (schema: seats_changes).
struct LoggedChange
{
    std::int64_t event_version = 0;
    boost::json::value const* payload = nullptr;
};

// The event after these changes, or null when they do not say all: one is not about seats, they do not follow
// on the event's version without a gap, or the event counts seats that they do not name (pools).
std::shared_ptr<Event const> with_seats(Event const& event, std::vector<LoggedChange> const& changes);

}
