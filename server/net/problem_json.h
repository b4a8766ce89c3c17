// A Problem as the object of RFC 9457 that the contract names, in the caller's language: {"type":
// "/problems/NAME", "title", "detail", "field"?, "retry_after_ms"?, "current"?, "errors"?: [{"field",
// "detail"}]}.
#pragma once

#include "base/problem.h"

#include <boost/json.hpp>

namespace kutsu::net
{

boost::json::object problem_json(Problem const& problem, std::string_view language);

}
