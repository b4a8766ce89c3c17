// The filters of the API: the list page's, but a wrong one is refused instead of being left out.
#pragma once

#include "base/problem.h"
#include "events/events_page_filter.h"

#include <vector>

namespace kutsu::events
{

// Every wrong parameter at once.
Result<Filter> read_filter(net::Fields const& query);
// Public events that match, by start.
std::vector<EventPtr> find_public_events(Picture const& picture, Filter const& filter);

}
