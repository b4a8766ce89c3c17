// A guest as the desk hands one to its lane: the same members, of the same sizes.
#pragma once

#include "common/guests.h"
#include "registration/lane_statements.h"

#include <cstdint>

namespace kutsu::bench
{

registration::Party party_of(Guest const& guest, std::int64_t event_id);

}
