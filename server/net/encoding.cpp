#include "net/encoding.h"

#include <algorithm>
#include <cstdint>

namespace kutsu::net
{
namespace
{

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// How many bytes the sequence at the front takes; 0 when it is not well-formed (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text)
{
    auto const byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0u;
    };
    auto const tail = [&](std::size_t at) { return (byte(at) & 0xc0u) == 0x80u; };
    auto const first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        auto const overlong = first == 0xe0 && byte(1) < 0xa0;
        auto const surrogate = first == 0xed && byte(1) > 0x9f;
        return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        auto const overlong = first == 0xf0 && byte(1) < 0x90;
        auto const too_high = first == 0xf4 && byte(1) > 0x8f;
        return tail(1) && tail(2) && tail(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        auto const length = sequence_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string lower_case(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text)
{
    auto const begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_token_character(char c)
{
    auto const letter = lower(c);
    return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::vector<std::string_view> list_elements(std::string_view list)
{
    std::vector<std::string_view> elements;
    while (!list.empty()) {
        auto const end = std::min(list.find(','), list.size());
        if (auto const element = trimmed(list.substr(0, end)); !element.empty())
            elements.push_back(element);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return elements;
}

bool list_has(std::string_view list, std::string_view token)
{
    return std::ranges::any_of(list_elements(list),
                               [&](auto each) { return equal_ignoring_case(each, token); });
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result += text[at];
            continue;
        }
        auto const high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
        auto const low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return result;
}

}
