// The texts of JSON-RPC 2.0: answers as they go out, and what a message says that its parsed value no longer
// shows.
#pragma once

#include "base/problem.h"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::net
{

// `id` is JSON text.
std::string result_text(std::string_view id, boost::json::value const& result);
std::string problem_text(std::string_view id, Problem const& problem, std::string_view language);
std::string protocol_error_text(std::string_view id, int code, std::string_view detail = {});

// The id of a request as written, so that 1.0 or a number too large for us comes back as it was sent. Nothing
// when it is not a string, a number or null.
std::optional<std::string> id_text(std::string_view text, boost::json::value const& id);
// True when some object names a member twice; the parser keeps only one of them.
bool repeats_a_member(std::string_view text, boost::json::value const& parsed);

}
