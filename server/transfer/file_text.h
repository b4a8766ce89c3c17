// A project file as text: read with everything a careless reader would lose (equal keys, exact fractions),
// written so that people can read it and tools can compare it.
#pragma once

#include "base/json.h"
#include "transfer/file_problem.h"

#include <expected>
#include <string>
#include <string_view>

namespace kutsu::transfer
{

inline constexpr std::size_t file_limit = 32 * 1024 * 1024;
inline constexpr std::size_t depth_limit = 32;

// Refuses what is too large, too deep or no JSON (with line and column), keys that stand twice, and text with
// NUL.
std::expected<json::value, FileProblems> read_text(std::string_view text);

// Indented by one blank, fractions in their shortest exact form, a line end at the end.
std::string write_text(json::value const& value);

// For JSON of our own database, which is well-formed: fractions exact, no other checks.
json::value read_trusted(std::string_view text);

}
