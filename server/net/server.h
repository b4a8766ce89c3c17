// The listener and its I/O threads: one io_context(1) a thread, each with its own SO_REUSEPORT acceptor; a
// connection lives its whole life on one of them. Guards of HTTP and WebSocket, limits and time-outs are
// here.
#pragma once

#include "base/clock.h"
#include "net/http.h"
#include "net/rpc.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace kutsu::net
{

struct ServerOptions
{
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080; // 0: a free one
    std::size_t threads = 1;
    std::string base_url; // origin that /live accepts; empty: http://ADDRESS:PORT once known
    std::string default_language = "fi";
    bool conformance_echo = false;
    std::size_t header_limit = 16 * 1024;
    std::size_t message_limit = 64 * 1024;
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{20'000};
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds drain_timeout{8'000};
    std::size_t connection_limit = 20'000;
    std::size_t connections_per_address =
        256; // per /64 in IPv6; loopback and trusted proxies may have any number
    std::vector<std::string> trusted_proxies; // addresses whose X-Forwarded-For is believed
    std::size_t send_queue_limit =
        256 * 1024; // bytes waiting for one socket's peer; above it the socket closes, 1013
    std::size_t in_flight_limit = 256; // requests of one socket worked on at once; above it: overloaded
    double messages_per_second = 0;    // requests of one socket; 0: no limit
    double message_burst = 30;
};

class Server
{
public:
    // Binds at once (throws std::system_error with a sentence an operator can act on when it cannot).
    explicit Server(ServerOptions options);
    ~Server();

    // Tables are complete before start().
    void add_routes(std::vector<Route> routes);
    void add_methods(std::vector<Method> methods);
    // Asked for a path no route matches; by default a plain 404.
    void set_not_found(Handler handler);
    // Called when a handler threw: turns the failure into a response (503 when the database is away, else
    // 500).
    void set_failure(std::function<Response(Request const&, std::exception_ptr)> failure);
    // The same for methods of the socket: the Problem to answer (overloaded while the database is away), or
    // nothing for a bug of ours, which is answered as -32603.
    void set_method_failure(std::function<std::optional<Problem>(std::exception_ptr)> failure);

    std::string address() const; // "127.0.0.1:43121"
    std::string base_url() const;
    std::vector<asio::io_context*>
    contexts(); // one a thread; there from the beginning, running from start() on
    // Returns at once; the threads are the server's own.
    void start();
    // Stops accepting, tells sockets `server.closing`, finishes what is in flight (drain_timeout at most),
    // joins.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}
