// What other rooms may ask of events within a transaction of theirs.
#pragma once

#include "db/reader.h"
#include "events/catalogue.h"

#include <cstdint>

namespace kutsu::events
{

// The event as this transaction sees it, for what its change says to the public. The event exists.
EventPtr event_now(db::Reader& reader, std::int64_t event_id);

}
