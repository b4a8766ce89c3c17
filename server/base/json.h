// Helpers for JSON from outside: every mistake at once, by dotted path with a message key.
#pragma once

#include "base/problem.h"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu
{

namespace json = boost::json;

// Parses at most 32 levels deep; empty for anything that is not JSON in UTF-8. Of two equal keys the last one
// counts. Text may still hold NUL, which nothing of ours stores: ObjectReader refuses it by field.
std::optional<json::value> parse_json(std::string_view text);

// Reads the members of one object and remembers what was wrong. After reading, call finish() to report
// unknown members.
class ObjectReader
{
public:
    ObjectReader(json::object const& object, std::vector<FieldError>& errors, std::string path = {});

    std::optional<std::string> text(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    json::object const* object(std::string_view name);
    json::array const* array(std::string_view name);
    json::value const* value(std::string_view name);
    bool has(std::string_view name) const;

    std::string required_text(std::string_view name);

    void fail(std::string_view name, std::string message, Arguments arguments = {});
    std::string path_of(std::string_view name) const;
    void finish();

private:
    json::value const* take(std::string_view name);

    json::object const& object_;
    std::vector<FieldError>& errors_;
    std::string path_;
    std::vector<std::string> seen_;
};

}
