// Walking over UTF-8.
#pragma once

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <string_view>

namespace kutsu::calendars
{

constexpr UChar32 zero_width_joiner = 0x200D;

// The code point that begins at `at`, which moves behind it. Negative when the bytes are not UTF-8.
inline UChar32 next_code_point(std::string_view utf8, std::size_t& at)
{
    auto i = static_cast<int32_t>(at);
    UChar32 c = 0;
    U8_NEXT(utf8.data(), i, static_cast<int32_t>(utf8.size()), c); // NOLINT(bugprone-inc-dec-in-conditions)
    at = static_cast<std::size_t>(i);
    return c;
}

// The code point that ends before `at`, which moves to where it begins.
inline UChar32 previous_code_point(std::string_view utf8, std::size_t& at)
{
    auto i = static_cast<int32_t>(at);
    UChar32 c = 0;
    U8_PREV(utf8.data(), 0, i, c); // NOLINT(bugprone-inc-dec-in-conditions)
    at = static_cast<std::size_t>(i);
    return c;
}

inline bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        if (next_code_point(text, at) < 0)
            return false;
    }
    return true;
}

// What belongs to the character before it: combining marks, and the joiner of emoji and of some scripts.
inline bool is_mark(UChar32 c)
{
    return c == zero_width_joiner || (c >= 0 && (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
}

}
