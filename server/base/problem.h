// What a caller can cause is a value: Result<T> holds a T or a Problem. A Problem is a name of the contract
// plus message keys; words are chosen at the edge, in the caller's language (base/messages.h,
// net/problem_json.h). What nobody caused (database away, disk full, our bug) is an exception.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kutsu
{

// A parameter of a message: {name} in the catalogue.
struct Argument
{
    std::string name;
    std::variant<std::string, std::int64_t> value;
};
using Arguments = std::vector<Argument>;

enum class ProblemName
{
    validation = 1,
    not_found,
    closed,
    not_open_yet,
    full,
    not_allowed,
    conflict,
    too_many_requests,
    overloaded,
    embargoed,
    gone
};

// One wrong field: a dotted path ("email", "answers.size", "companions.0.name") and the message to show
// beside it.
struct FieldError
{
    std::string field;
    std::string message; // key in the catalogue
    Arguments arguments;
};

struct Problem
{
    ProblemName name = ProblemName::validation;
    std::string detail; // message key; empty: "problem.<name>.detail"
    Arguments arguments;
    std::vector<FieldError> errors; // for validation: every wrong field at once
    std::optional<std::int64_t> retry_after_ms;
    boost::json::value current; // for conflict: the truth
};

template <class T>
using Result = std::expected<T, Problem>;

inline std::unexpected<Problem> refuse(ProblemName name, std::string detail = {}, Arguments arguments = {})
{
    return std::unexpected(Problem{name, std::move(detail), std::move(arguments), {}, {}, {}});
}

inline std::unexpected<Problem> refuse_fields(std::vector<FieldError> errors)
{
    return std::unexpected(Problem{ProblemName::validation, {}, {}, std::move(errors), {}, {}});
}

// The wire's spelling: "not-open-yet".
std::string_view wire_name(ProblemName name);
// 1000 … 1999, the JSON-RPC code.
int rpc_code(ProblemName name);
int http_status(ProblemName name);

}
