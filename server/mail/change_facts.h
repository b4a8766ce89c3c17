// What a mail about a changed programme says of each session: how it was, how it is.
#pragma once

#include "mail/letter.h"

#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

namespace kutsu::mail
{

// `params` are an outbox row's: {"changes": [{"title", "time_zone", "before": {"starts_at_ms", "ends_at_ms",
// "room"}, "now"?: the same}]}; without "now" it does not take place. What cannot be read is left out.
std::vector<Fact> change_facts(boost::json::object const& params, std::string_view language);

}
