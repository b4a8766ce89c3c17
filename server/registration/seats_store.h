// SQL of what organisers see of seats.
#pragma once

#include "db/reader.h"
#include "registration/seats.h"

#include <optional>
#include <vector>

namespace kutsu::registration::store
{

// The limits of an event and what is taken, with the version of the event that has them (schema:
// capacity_answer_json).
std::optional<json::object> limits(db::Reader& reader, std::int64_t event_id);
// The newest first, those before `before`.
std::vector<Promotion> promotions(db::Reader& reader, std::int64_t event_id, std::int64_t before,
                                  std::int64_t limit);

}
