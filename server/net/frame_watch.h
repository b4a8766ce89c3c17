// Follows the frames of a WebSocket in the raw bytes that arrive, to know what the stream above cannot tell:
// whether a frame or message has begun and not ended. It also mends two judgements of that stream about close
// codes by changing the masked bytes: 5000 and above become an invalid code, and 1014, which is valid,
// becomes 1013.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace kutsu::net
{

class FrameWatch
{
public:
    // True when a message, or a control frame outside of one, has ended in these bytes.
    bool feed(std::span<char> bytes);
    // Within a frame or between the fragments of a message.
    bool is_inside() const { return header_size_ > 0 || left_ > 0 || fragmented_; }

private:
    std::size_t header_needs() const;
    void begin_payload();
    bool end_frame();
    void mend_close(std::span<char> payload) const;
    unsigned byte(std::size_t at) const { return static_cast<unsigned char>(header_[at]); }
    unsigned opcode() const { return byte(0) & 0x0fu; }

    std::array<char, 14> header_{};
    std::size_t header_size_ = 0;
    std::uint64_t left_ = 0; // of the payload
    bool fragmented_ = false;
};

}
