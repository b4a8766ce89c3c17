#include "transfer/shape_text.h"

#include "base/local_time.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace kutsu::transfer
{
namespace
{

constexpr std::size_t line_limit = 200;

bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_token(std::string_view text)
{
    return !text.empty() && text.size() <= 100 && is_upper(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

bool is_country(std::string_view text)
{
    return text.size() == 2 && std::ranges::all_of(text, is_upper);
}

bool is_stamp(std::string_view text)
{
    auto const at = parse_instant(text);
    return at && format_utc(*at) == text;
}

std::string wrong_with_line(std::string_view text)
{
    if (text.empty())
        return "must not be empty";
    return count_characters(text) > line_limit ? fmt::format("is longer than {} characters", line_limit) : "";
}

// A text may be megabytes long; its beginning tells which one it is.
std::string must(bool good, std::string_view text, std::string_view wanted)
{
    return good ? std::string() : fmt::format("\"{:.80}\" is not {}", text, wanted);
}

}

bool is_public_id(std::string_view text)
{
    auto const small = [](char c) { return is_lower(c) || is_digit(c); };
    return !text.empty() && text.size() <= 100 && small(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return small(c) || c == '-'; });
}

bool is_language_tag(std::string_view text)
{
    return (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, is_lower);
}

std::string wrong_with_text(std::string_view text, Field const& field)
{
    switch (field.shape) {
    case Shape::line:
        return wrong_with_line(text);
    case Shape::choice:
        if (std::ranges::find(field.choices, text) == field.choices.end())
            return fmt::format("\"{:.80}\" is none of {}", text, fmt::join(field.choices, ", "));
        return {};
    case Shape::token:
        return must(is_token(text), text, "a word in capitals such as LIVE_LINK");
    case Shape::language:
        return must(is_language_tag(text), text, "a language such as \"fi\"");
    case Shape::country:
        return must(is_country(text), text, "a country such as \"FI\"");
    case Shape::email:
        return must(is_email(text), text, "an e-mail address");
    case Shape::day:
        return must(parse_day(text).has_value(), text, "a day of the calendar like 2027-05-27");
    case Shape::stamp:
        return must(is_stamp(text), text, "an instant like 2027-05-27T05:30:00Z");
    default:
        return {}; // Shape::text takes any
    }
}

}
