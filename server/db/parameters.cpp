#include "db/parameters.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace kutsu::db
{

Parameter parameter(std::string_view text)
{
    return std::string(text);
}

Parameter parameter(double number)
{
    return fmt::format("{}", number);
}

Parameter parameter(Instant at)
{
    return std::to_string(to_ms(at));
}

Parameter parameter(LocalTime local)
{
    return format_local(local);
}

Parameter parameter(Day day)
{
    return format_day(day);
}

Parameter parameter(Text const& text)
{
    return boost::json::serialize(to_stored(text));
}

Parameter json_parameter(boost::json::value const& value)
{
    return boost::json::serialize(value);
}

Parameter parameter(std::vector<std::string> const& texts)
{
    std::string literal = "{";
    for (auto const& text : texts) {
        literal += literal.size() > 1 ? ",\"" : "\"";
        for (auto const c : text) {
            if (c == '"' || c == '\\')
                literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

Parameter parameter(std::vector<std::int64_t> const& numbers)
{
    return fmt::format("{{{}}}", fmt::join(numbers, ","));
}

}
