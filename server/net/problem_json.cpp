#include "net/problem_json.h"

#include "base/messages.h"

#include <fmt/format.h>

namespace kutsu::net
{
namespace
{

std::string detail_of(Problem const& problem, std::string_view language)
{
    if (!problem.detail.empty())
        return message(language, problem.detail, problem.arguments);
    return message(language, fmt::format("problem.{}.detail", wire_name(problem.name)), problem.arguments);
}

}

boost::json::object problem_json(Problem const& problem, std::string_view language)
{
    auto const name = wire_name(problem.name);
    boost::json::object object{{"type", fmt::format("/problems/{}", name)},
                               {"title", message(language, fmt::format("problem.{}.title", name))},
                               {"detail", detail_of(problem, language)}};
    if (problem.retry_after_ms)
        object["retry_after_ms"] = *problem.retry_after_ms;
    if (!problem.current.is_null())
        object["current"] = problem.current;
    if (problem.errors.empty())
        return object;
    boost::json::array errors;
    for (auto const& [field, key, arguments] : problem.errors)
        errors.push_back(
            boost::json::object{{"field", field}, {"detail", message(language, key, arguments)}});
    object["field"] = problem.errors.front().field;
    object["errors"] = std::move(errors);
    return object;
}

}
