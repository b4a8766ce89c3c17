// As much of RFC 6455 as a client needs that sends text and reads whole text frames.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kutsu::bench
{

// One final text frame, masked as clients must.
std::string text_frame(std::string_view text, std::uint32_t mask);

// Takes the first whole frame off `bytes`; false when more has to come. Throws on what a server must not
// send.
struct Frame
{
    unsigned opcode = 0;
    std::string_view payload;
};
bool take_frame(std::string_view& bytes, Frame& frame);

inline constexpr unsigned opcode_text = 1;
inline constexpr unsigned opcode_close = 8;
inline constexpr unsigned opcode_ping = 9;

}
