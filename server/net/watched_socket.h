// The socket under a WebSocket stream: passes bytes through and remembers when something moved, so that
// deadlines need no timer of their own. Its teardown waits for the peer to read our Close instead of sending
// a reset.
#pragma once

#include "net/core.h"
#include "net/frame_watch.h"

#include <boost/asio/compose.hpp>
#include <boost/beast/core/role.hpp>

#include <array>

namespace kutsu::net
{

class WatchedSocket
{
public:
    using executor_type = Socket::executor_type;
    using error_code = boost::system::error_code;

    explicit WatchedSocket(Socket its_socket) : socket(std::move(its_socket)) {}

    executor_type get_executor() { return socket.get_executor(); }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token)
    {
        return asio::async_compose<Token, void(error_code, std::size_t)>(Reading<Buffers>{*this, buffers},
                                                                         token, socket);
    }

    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token)
    {
        return asio::async_compose<Token, void(error_code, std::size_t)>(Writing<Buffers>{*this, buffers},
                                                                         token, socket);
    }

    void has_read(std::span<char> bytes)
    {
        heard = std::chrono::steady_clock::now();
        auto const ended = frames_.feed(bytes);
        if (!frames_.is_inside())
            inside_since = Steady::max();
        else if (ended || inside_since == Steady::max())
            inside_since = heard;
    }

    void has_written() { wrote = std::chrono::steady_clock::now(); }

    Socket socket;
    Steady heard = std::chrono::steady_clock::now();
    Steady wrote = heard;
    Steady inside_since = Steady::max(); // since when a message has been incomplete
    Steady leaving_since = Steady::max();

private:
    template <class Buffers>
    struct Reading
    {
        WatchedSocket& stream;
        Buffers buffers;
        bool begun = false;

        template <class Self>
        void operator()(Self& self, error_code failed = {}, std::size_t size = 0)
        {
            if (!std::exchange(begun, true)) {
                auto const where = buffers; // this object moves with `self`
                return stream.socket.async_read_some(where, std::move(self));
            }
            auto left = size;
            for (auto each = asio::buffer_sequence_begin(buffers); left > 0; ++each) {
                asio::mutable_buffer const buffer = *each;
                auto const here = std::min(left, buffer.size());
                stream.has_read({static_cast<char*>(buffer.data()), here});
                left -= here;
            }
            self.complete(failed, size);
        }
    };

    template <class Buffers>
    struct Writing
    {
        WatchedSocket& stream;
        Buffers buffers;
        bool begun = false;

        template <class Self>
        void operator()(Self& self, error_code failed = {}, std::size_t size = 0)
        {
            if (!std::exchange(begun, true)) {
                auto const where = buffers; // this object moves with `self`
                return stream.socket.async_write_some(where, std::move(self));
            }
            stream.has_written();
            self.complete(failed, size);
        }
    };

    FrameWatch frames_;
};

struct Teardown
{
    static constexpr std::size_t drain_limit = 8 * 1024 * 1024;

    WatchedSocket& stream;
    std::size_t drained = 0;

    template <class Self>
    void operator()(Self& self)
    {
        boost::system::error_code ignored;
        stream.leaving_since = std::chrono::steady_clock::now();
        stream.socket.shutdown(Socket::shutdown_send, ignored);
        read(self);
    }

    template <class Self>
    void operator()(Self& self, boost::system::error_code failed, std::size_t size)
    {
        drained += size;
        if (!failed && drained < drain_limit)
            return read(self);
        boost::system::error_code ignored;
        stream.socket.close(ignored);
        self.complete({});
    }

private:
    template <class Self>
    void read(Self& self)
    {
        thread_local std::array<char, 16 * 1024> nobody_looks_here;
        stream.socket.async_read_some(asio::buffer(nobody_looks_here), std::move(self));
    }
};

// Found by the WebSocket stream through its argument.
template <class Handler>
void async_teardown(boost::beast::role_type, WatchedSocket& stream, Handler&& handler)
{
    asio::async_compose<Handler, void(boost::system::error_code)>(Teardown{stream}, handler, stream.socket);
}

inline void beast_close_socket(WatchedSocket& stream)
{
    boost::system::error_code ignored;
    stream.socket.close(ignored);
}

}
