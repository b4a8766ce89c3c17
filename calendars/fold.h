#pragma once

#include <string>
#include <string_view>

namespace kutsu::calendars
{

// Appends a content line in pieces of at most 75 octets, each ended by CRLF. A cut never falls inside a
// character of UTF-8 nor beside a blank, and if possible neither before a combining mark nor within an emoji
// of several parts.
void append_folded(std::string& out, std::string_view line);

}
