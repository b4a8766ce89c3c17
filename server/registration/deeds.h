// What the desk is asked to do with seats after registering, as schema: desk_act reads it.
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "events/event.h"

#include <string>
#include <string_view>

namespace kutsu::registration
{

// Until when a seat that becomes free now is offered to the next in the queue; null: it is theirs at once.
json::value offer_until(events::Event const& event, Instant now);

// A deed of whoever holds the link. `kind`: cancel, decline, accept, change, transfer, erase.
json::object token_deed(std::string_view kind, std::string const& token, events::Event const& event,
                        Instant now);
// A deed of an organiser or of the clock.
json::object deed(std::string_view kind, std::string_view actor, events::Event const& event, Instant now);

}
