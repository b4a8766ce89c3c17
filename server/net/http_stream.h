// The bytes of an HTTP connection: reading blocks and bodies, writing answers, each stage with its deadline.
// Knows how long a header block may be, and nothing of what is in it.
#pragma once

#include "net/core.h"

namespace kutsu::net
{

class HttpStream
{
public:
    HttpStream(Socket socket, ServerOptions const& options);

    // The next header block with its empty line. A refusal with status 0: the peer has gone, or never began.
    asio::awaitable<std::expected<std::string, Refusal>> read_block();
    asio::awaitable<std::expected<std::string, Refusal>> read_body(Framing framing);
    // False when the peer has gone or reads too slowly.
    asio::awaitable<bool> write(std::string head, std::shared_ptr<std::string const> body);
    // Says that nothing more will come and reads what the peer is still sending: closing at once would send a
    // reset, and the peer might lose the answer with it.
    asio::awaitable<void> linger();

    void tick(Steady now);
    void close();
    bool is_between_requests() const { return between_requests_; } // a block may have come in part
    bool has_unused_bytes() const { return !buffer_.empty(); }
    Socket& socket() { return socket_; }

private:
    asio::awaitable<bool> read_more(std::size_t at_most);
    std::expected<std::string, Refusal> take_block();
    void expect_block();

    Socket socket_;
    ServerOptions const& options_;
    std::string buffer_; // read and not yet used
    Steady deadline_ = Steady::max();
    bool timed_out_ = false;
    bool between_requests_ = true;
    bool is_first_ = true;
};

}
