// What the parts of `net` share behind server.h: the tables, who is connected, and one I/O thread. No Beast
// here.
#pragma once

#include "net/guard.h"
#include "net/router.h"
#include "net/rpc_dialogue.h"
#include "net/server.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace kutsu::net
{

using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;
using Steady = std::chrono::steady_clock::time_point;

class Core;

// A place among the connections, given back when it is destroyed.
class Admission
{
public:
    Admission(Core& core, std::string address) : core_(&core), address_(std::move(address)) {}
    Admission(Admission&& other) noexcept
        : core_(std::exchange(other.core_, nullptr)), address_(std::move(other.address_))
    {}
    Admission& operator=(Admission&&) = delete;
    ~Admission();

    std::string const& address() const { return address_; }

private:
    Core* core_;
    std::string address_;
};

// What a session takes up while its socket is open.
class SocketPlace
{
public:
    explicit SocketPlace(Admission admission) : admission_(std::move(admission)) { count_sockets(1); }
    SocketPlace(SocketPlace const&) = delete;
    SocketPlace& operator=(SocketPlace const&) = delete;
    ~SocketPlace() { count_sockets(-1); }

private:
    static void count_sockets(int by);

    Admission admission_;
};

class Core
{
public:
    explicit Core(ServerOptions its_options) : options(std::move(its_options)) {}

    // Nothing when there are too many connections, in all or from this address.
    std::optional<Admission> admit(std::string const& address);
    // True when the last connection has gone before the time is up.
    bool wait_until_empty(std::chrono::milliseconds patience);

    ServerOptions options;
    std::uint16_t port = 0; // the real one
    std::string base_url;
    Router router;
    RpcTable rpc;
    Handler not_found;
    std::function<Response(Request const&, std::exception_ptr)> failure;
    GuardRules guard;
    std::vector<std::string> origins;

private:
    friend class Admission;
    void leave(std::string const& address);
    bool is_exempt(std::string const& address) const;

    std::mutex mutex_; // taken once when a connection comes and once when it goes
    std::condition_variable empty_;
    std::size_t connections_ = 0;
    std::unordered_map<std::string, std::size_t> by_address_;
};

struct Thread;

// A connection of either kind, as its thread sees it. None of the three functions destroys a peer before
// returning: they only cancel or begin operations, whose handlers run later.
class Peer
{
public:
    explicit Peer(Thread& thread);
    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;
    virtual ~Peer();

    virtual void tick(Steady now) = 0; // several times a second at most: deadlines, pings
    virtual void drain() = 0;          // finish what is in flight, then go
    virtual void abort() = 0;          // go

protected:
    Thread& thread_;
};

// One io_context and all that lives on it. Deadlines need no timer of their own: a tick walks the peers.
struct Thread
{
    explicit Thread(Core& its_core) : core(its_core) {}

    Core& core;
    std::unordered_set<Peer*> peers;
    bool draining = false;
    asio::io_context io{1};
    Acceptor acceptor{io};
    asio::steady_timer ticker{io};
    asio::steady_timer pause{io}; // of accepting, when descriptors have run out
};

// Sixteen hexadecimal digits, unlike those of any other request.
std::string new_request_id();
// What may be logged of an exception: its type; the words only where they cannot hold anybody's data.
std::string describe_failure(std::exception_ptr const& failure);
// The completion of everything spawned here: a failure that came this far is ours, is logged and counted.
void note_escape(std::exception_ptr const& failure);

}
