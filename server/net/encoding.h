// Small codecs of HTTP: percent coding, UTF-8, lists of tokens. Pure functions without allocation where they
// can.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::net
{

// Well-formed to its very end: no truncated sequence, overlong form, surrogate or code point above U+10FFFF.
// NUL is fine.
bool is_utf8(std::string_view text);
std::string lower_case(std::string_view text); // ASCII only
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text); // of blanks and tabs
bool is_token_character(char c);                 // RFC 9110, section 5.6.2
// The elements of a comma-separated list, trimmed, without the empty ones.
std::vector<std::string_view> list_elements(std::string_view list);
bool list_has(std::string_view list, std::string_view token); // ignoring case
// Empty when a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

}
