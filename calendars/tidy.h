// Text as people send it, made fit for one content line. Nothing when the input is not UTF-8 or longer
// than a million octets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::calendars
{

// Line breaks of every kind become "\n".
std::optional<std::string> tidy_lines(std::string_view utf8);
// Line breaks of every kind become a blank.
std::optional<std::string> tidy_line(std::string_view utf8);

}
