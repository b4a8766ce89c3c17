// Values as parameters of a question: text as PostgreSQL reads it, or null. See db/rows.h.
#pragma once

#include "base/clock.h"
#include "base/local_time.h"
#include "base/text.h"
#include "db/query.h"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kutsu::db
{

using Parameter = std::optional<std::string>;

Parameter parameter(std::string_view text);
Parameter parameter(double number);
Parameter parameter(Instant at);
Parameter parameter(LocalTime local);
Parameter parameter(Day day);
Parameter parameter(Text const& text);
Parameter json_parameter(boost::json::value const& value);
Parameter parameter(std::vector<std::string> const& texts);
Parameter parameter(std::vector<std::int64_t> const& numbers);

inline Parameter parameter(std::nullopt_t)
{
    return std::nullopt;
}

// A template, so that nothing becomes a bool by accident.
template <std::same_as<bool> B>
Parameter parameter(B value)
{
    return value ? "true" : "false";
}

// The same: very much converts to a json::value.
template <class J>
    requires std::same_as<J, boost::json::value> || std::same_as<J, boost::json::object> ||
             std::same_as<J, boost::json::array>
Parameter parameter(J const& json)
{
    return json_parameter(json);
}

template <std::integral I>
    requires(!std::same_as<I, bool>)
Parameter parameter(I number)
{
    return std::to_string(number);
}

template <class E>
    requires std::is_enum_v<E>
Parameter parameter(E value)
{
    auto const* name = boost::describe::enum_to_string(value, nullptr);
    if (!name)
        throw std::logic_error("an enum value without a described name cannot be stored");
    return name;
}

template <class T>
Parameter parameter(std::optional<T> const& value)
{
    return value ? parameter(*value) : std::nullopt;
}

template <class T>
void bind(Query& query, T const& value)
{
    query.bind_text(parameter(value));
}

template <class T, class Indicator>
void bind(Query& query, soci::details::use_container<T, Indicator> const& use)
{
    query.bind_by_name(use);
}

}
