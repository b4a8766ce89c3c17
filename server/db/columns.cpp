#include "db/columns.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace kutsu::db
{
namespace
{

boost::json::value json_of(std::string const& column, std::string const& text)
{
    boost::system::error_code failed;
    auto value = boost::json::parse(text, failed);
    if (failed)
        does_not_fit(column, "is no JSON");
    return value;
}

template <class T>
T unwrap(std::string const& column, std::optional<T> parsed, char const* reason)
{
    if (!parsed)
        does_not_fit(column, reason);
    return *parsed;
}

}

void does_not_fit(std::string const& column, char const* reason)
{
    throw std::domain_error(fmt::format("column {} {}", column, reason));
}

void convert(std::string const&, std::string&& text, std::string& out)
{
    out = std::move(text);
}

void convert(std::string const& column, std::string&& text, LocalTime& out)
{
    out = unwrap(column, parse_local(text), "is no wall time of the form YYYY-MM-DDTHH:MM:SS");
}

void convert(std::string const& column, std::string&& text, Day& out)
{
    out = unwrap(column, parse_day(text), "is no day of the form YYYY-MM-DD");
}

void convert(std::string const& column, std::string&& text, Text& out)
{
    out = text_from_stored(json_of(column, text));
}

void convert(std::string const& column, std::string&& text, boost::json::value& out)
{
    out = json_of(column, text);
}

void convert(std::string const& column, std::string&& text, boost::json::object& out)
{
    auto value = json_of(column, text);
    if (!value.is_object())
        does_not_fit(column, "is no JSON object");
    out = std::move(value.get_object());
}

void convert(std::string const& column, std::string&& text, boost::json::array& out)
{
    auto value = json_of(column, text);
    if (!value.is_array())
        does_not_fit(column, "is no JSON array");
    out = std::move(value.get_array());
}

void convert(std::string const& column, std::string&& text, std::vector<std::string>& out)
{
    boost::json::array array;
    convert(column, std::move(text), array);
    out.clear();
    for (auto const& each : array) {
        if (!each.is_string())
            does_not_fit(column, "holds something else than texts");
        out.emplace_back(each.get_string());
    }
}

void convert(std::string const& column, std::string&& text, std::vector<std::int64_t>& out)
{
    boost::json::array array;
    convert(column, std::move(text), array);
    out.clear();
    for (auto const& each : array) {
        if (!each.is_int64())
            does_not_fit(column, "holds something else than whole numbers");
        out.push_back(each.get_int64());
    }
}

}
