// Places in a JSON document: paths as people read them (RFC 9535) and visits along a pattern such as
// "events[].agenda[]", where [] stands for every item of a list. A visit skips whatever does not fit the
// pattern: shapes are checked elsewhere.
#pragma once

#include "base/json.h"

#include <functional>
#include <string>
#include <string_view>

namespace kutsu::transfer
{

std::string member(std::string_view path, std::string_view name); // $.a.b, $.a['x y']
std::string item(std::string_view path, std::size_t index);       // $.a[3]

using Visitor = std::function<void(json::value const& value, std::string const& path)>;

void visit_matches(json::value const& value, std::string_view pattern, std::string const& path,
                   Visitor const& visit);
// The value itself and everything below it, in the order of the document.
void visit_all(json::value const& value, std::string const& path, Visitor const& visit);

// Shorthands for documents whose shape has been checked; null when absent or of another kind.
json::object const* object_at(json::object const& object, std::string_view name);
json::array const* array_at(json::object const& object, std::string_view name);
// Empty when absent or no text. The view lives as long as the document.
std::string_view text_at(json::object const& object, std::string_view name);

}
