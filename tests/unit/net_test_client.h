// A blocking client of raw sockets for the tests of server/net: it can send what no proper client would.
// Every wait is bounded; a test waits for bytes or for the end of the connection, never for time to pass.
#pragma once

#include "net/server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kutsu::net::test
{

struct Answer
{
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;

    std::string header(std::string const& name) const
    {
        auto const found = headers.find(name);
        return found == headers.end() ? "" : found->second;
    }
};

struct ReceivedFrame
{
    unsigned opcode = 0;
    bool final = true;
    std::string payload;

    unsigned close_code() const
    {
        if (opcode != 8 || payload.size() < 2)
            return 0;
        return static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
               static_cast<unsigned char>(payload[1]);
    }
};

inline std::uint16_t port_of(Server const& server)
{
    auto const address = server.address();
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

class Client
{
public:
    explicit Client(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        timeval const patience{10, 0};
        int const on = 1;
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
            throw std::runtime_error("the test cannot connect");
    }

    explicit Client(Server const& server, int receive_buffer = 0) : Client(port_of(server), receive_buffer) {}
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;
    ~Client() { ::close(socket_); }

    // False when the server has closed already, which is its right after a refusal.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    Answer read_answer(bool has_body = true)
    {
        Answer answer;
        auto const block = read_through("\r\n\r\n");
        if (block.size() < 12)
            return answer;
        answer.status = std::stoi(block.substr(9, 3));
        for (auto at = block.find("\r\n") + 2; at + 2 < block.size();) {
            auto const end = block.find("\r\n", at);
            auto const colon = block.find(": ", at);
            auto name = block.substr(at, colon - at);
            for (auto& c : name)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            answer.headers[name] = block.substr(colon + 2, end - colon - 2);
            at = end + 2;
        }
        auto const length = answer.header("content-length");
        if (has_body && !length.empty())
            answer.body = read_exactly(std::stoul(length));
        return answer;
    }

    Answer ask(std::string_view request)
    {
        send(request);
        return read_answer(!request.starts_with("HEAD "));
    }

    Answer get(std::string const& path, std::string const& fields = {})
    {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    }

    // True when the server closes within the patience, whatever it still says before.
    bool is_closed()
    {
        while (receive()) {
        }
        return closed_;
    }

    Answer open_socket(std::string const& path,
                       std::string const& fields = "Sec-WebSocket-Protocol: kutsu.v1\r\n")
    {
        return get(path,
                   "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                       fields);
    }

    bool send_frame(unsigned opcode, std::string_view payload, bool is_final = true, bool is_masked = true)
    {
        return send(frame(opcode, payload, is_final, is_masked));
    }

    static std::string frame(unsigned opcode, std::string_view payload, bool is_final = true,
                             bool is_masked = true)
    {
        constexpr std::string_view mask = "\x12\x34\x56\x78";
        std::string bytes(1, static_cast<char>(opcode | (is_final ? 0x80u : 0u)));
        auto const bit = is_masked ? 0x80u : 0u;
        auto const size = payload.size();
        if (size < 126) {
            bytes += static_cast<char>(bit | size);
        } else if (size < 65'536) {
            bytes += static_cast<char>(bit | 126u);
            bytes += static_cast<char>(size >> 8);
            bytes += static_cast<char>(size & 0xffu);
        } else {
            bytes += static_cast<char>(bit | 127u);
            for (int shift = 56; shift >= 0; shift -= 8)
                bytes += static_cast<char>((size >> shift) & 0xffu);
        }
        if (!is_masked)
            return bytes.append(payload);
        bytes += mask;
        for (std::size_t i = 0; i < size; ++i)
            bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
        return bytes;
    }

    // Nothing when the connection has ended.
    std::optional<ReceivedFrame> read_frame()
    {
        ReceivedFrame received;
        auto const start = read_exactly(2);
        if (start.size() < 2)
            return std::nullopt;
        received.opcode = static_cast<unsigned char>(start[0]) & 0x0fu;
        received.final = (static_cast<unsigned char>(start[0]) & 0x80u) != 0;
        std::uint64_t size = static_cast<unsigned char>(start[1]) & 0x7fu;
        if (size >= 126) {
            auto const bytes = read_exactly(size == 126 ? 2 : 8);
            size = 0;
            for (auto const c : bytes)
                size = size << 8 | static_cast<unsigned char>(c);
        }
        received.payload = read_exactly(static_cast<std::size_t>(size));
        return received;
    }

    // The next frame that is no ping or pong.
    ReceivedFrame read_message()
    {
        for (;;) {
            auto received = read_frame();
            if (!received)
                return {};
            if (received->opcode != 9 && received->opcode != 10)
                return *received;
        }
    }

    std::string call(std::string_view text)
    {
        send_frame(1, text);
        return read_message().payload;
    }

private:
    bool receive()
    {
        char bytes[16 * 1024];
        auto const size = ::recv(socket_, bytes, sizeof bytes, 0);
        if (size > 0)
            unread_.append(bytes, static_cast<std::size_t>(size));
        else if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
            closed_ = true;
        return size > 0;
    }

    std::string read_through(std::string_view mark)
    {
        while (unread_.find(mark) == std::string::npos) {
            if (!receive())
                return {};
        }
        return read_exactly(unread_.find(mark) + mark.size());
    }

    // Fewer bytes only when the connection has ended.
    std::string read_exactly(std::size_t size)
    {
        while (unread_.size() < size && receive()) {
        }
        auto bytes = unread_.substr(0, size);
        unread_.erase(0, size);
        return bytes;
    }

    int socket_;
    std::string unread_;
    bool closed_ = false;
};

// Waits for a condition that another thread brings about.
template <class Condition>
bool eventually(Condition condition)
{
    auto const give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < give_up) {
        if (condition())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // between two looks, not instead of one
    }
    return false;
}

}
