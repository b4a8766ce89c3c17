#include "net/frame_watch.h"

#include <algorithm>

namespace kutsu::net
{
namespace
{

constexpr unsigned opcode_close = 8;

}

bool FrameWatch::feed(std::span<char> bytes)
{
    bool ended = false;
    while (!bytes.empty()) {
        if (left_ == 0) {
            header_[header_size_++] = bytes.front();
            bytes = bytes.subspan(1);
            if (header_size_ < header_needs())
                continue;
            begin_payload();
            if (opcode() == opcode_close && left_ >= 2 && bytes.size() >= 2)
                mend_close(bytes);
        } else {
            auto const size = std::min<std::uint64_t>(left_, bytes.size());
            bytes = bytes.subspan(static_cast<std::size_t>(size));
            left_ -= size;
        }
        if (left_ == 0)
            ended = end_frame() || ended;
    }
    return ended;
}

std::size_t FrameWatch::header_needs() const
{
    if (header_size_ < 2)
        return 2;
    auto const length = byte(1) & 0x7fu;
    auto const mask = (byte(1) & 0x80u) != 0 ? 4u : 0u;
    return 2 + (length == 126 ? 2u : length == 127 ? 8u : 0u) + mask;
}

void FrameWatch::begin_payload()
{
    left_ = byte(1) & 0x7fu;
    auto const extra = left_ == 126 ? 2u : left_ == 127 ? 8u : 0u;
    if (extra > 0)
        left_ = 0;
    for (std::size_t i = 0; i < extra; ++i)
        left_ = (left_ << 8) | byte(2 + i);
}

bool FrameWatch::end_frame()
{
    header_size_ = 0;
    auto const is_final = (byte(0) & 0x80u) != 0;
    auto const is_control = opcode() >= 8;
    if (!is_control)
        fragmented_ = !is_final;
    return !fragmented_;
}

void FrameWatch::mend_close(std::span<char> payload) const
{
    if ((byte(1) & 0x80u) == 0)
        return; // unmasked: refused above
    auto const mask = std::array{byte(header_size_ - 4), byte(header_size_ - 3)};
    auto const high = static_cast<unsigned char>(payload[0]) ^ mask[0];
    auto const low = static_cast<unsigned char>(payload[1]) ^ mask[1];
    auto const code = high << 8 | low;
    if (code < 5000 && code != 1014)
        return;
    auto const mended = code == 1014 ? 1013u : 1005u;
    payload[0] = static_cast<char>((mended >> 8) ^ mask[0]);
    payload[1] = static_cast<char>((mended & 0xffu) ^ mask[1]);
}

}
