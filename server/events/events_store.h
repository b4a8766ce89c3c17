// SQL of events: rows in, values out. Embargo and visibility are decided where the public reads
// (events/event.h).
#pragma once

#include "db/reader.h"
#include "events/catalogue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::events::store
{

// Whole events with everything the public may read of them, in a fixed number of questions however many there
// are.
std::vector<EventPtr> load_events(db::Reader& reader, std::vector<std::int64_t> const& event_ids);
std::vector<EventPtr> load_all(db::Reader& reader);
std::optional<std::int64_t> find_event_id(db::Reader& reader, std::string const& slug);

}
