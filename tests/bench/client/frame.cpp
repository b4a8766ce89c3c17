#include "client/frame.h"

#include <array>
#include <stdexcept>

namespace kutsu::bench
{
namespace
{

constexpr unsigned final_bit = 0x80;
constexpr unsigned masked_bit = 0x80;
constexpr unsigned length_16 = 126;
constexpr unsigned length_64 = 127;

std::uint64_t big_endian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (auto const byte : bytes)
        value = value << 8U | static_cast<unsigned char>(byte);
    return value;
}

void append_big_endian(std::string& to, std::uint64_t value, int bytes)
{
    while (bytes-- > 0)
        to += static_cast<char>(value >> (8 * bytes) & 0xFFU);
}

}

std::string text_frame(std::string_view text, std::uint32_t mask)
{
    std::string frame(1, static_cast<char>(final_bit | opcode_text));
    if (text.size() < length_16)
        frame += static_cast<char>(masked_bit | text.size());
    else if (text.size() <= 0xFFFF) {
        frame += static_cast<char>(masked_bit | length_16);
        append_big_endian(frame, text.size(), 2);
    } else {
        frame += static_cast<char>(masked_bit | length_64);
        append_big_endian(frame, text.size(), 8);
    }
    std::array<unsigned char, 4> const key = {
        static_cast<unsigned char>(mask >> 24U), static_cast<unsigned char>(mask >> 16U),
        static_cast<unsigned char>(mask >> 8U), static_cast<unsigned char>(mask)};
    frame.append(key.begin(), key.end());
    for (std::size_t i = 0; i < text.size(); ++i)
        frame += static_cast<char>(static_cast<unsigned char>(text[i]) ^ key[i % 4]);
    return frame;
}

bool take_frame(std::string_view& bytes, Frame& frame)
{
    if (bytes.size() < 2)
        return false;
    auto const first = static_cast<unsigned char>(bytes[0]);
    auto const second = static_cast<unsigned char>(bytes[1]);
    if ((first & final_bit) == 0 || (second & masked_bit) != 0)
        throw std::runtime_error("the server sent a fragment or a masked frame");
    std::size_t head = 2;
    std::uint64_t length = second;
    if (second >= length_16) {
        std::size_t const more = second == length_16 ? 2 : 8;
        if (bytes.size() < head + more)
            return false;
        length = big_endian(bytes.substr(head, more));
        head += more;
    }
    if (bytes.size() - head < length)
        return false;
    frame = {first & 0x0FU, bytes.substr(head, length)};
    bytes.remove_prefix(head + length);
    return true;
}

}
