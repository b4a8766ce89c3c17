// JSON-RPC 2.0 over a WebSocket (contract §6). `net` knows no method: rooms hand it a table.
#pragma once

#include "base/problem.h"
#include "net/http.h"

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kutsu::net
{

// One text message, framed once and shared by all who get it.
using Frame = std::shared_ptr<std::string const>;

// A connected socket as rooms see it. It lives on one I/O thread; all members are called on that thread only.
class Session : public std::enable_shared_from_this<Session>
{
public:
    virtual ~Session() = default;

    // Never waits. A peer that has stopped reading is closed (1013) instead of filling our memory.
    virtual void push(Frame frame) = 0;
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
    virtual asio::any_io_executor executor() = 0;
    // How many bytes wait to be sent to this peer.
    virtual std::size_t backlog() const = 0;

    Request handshake;                                  // the request that opened it: cookies, headers, peer
    std::string language;                               // of problems' words
    std::map<std::string, std::any, std::less<>> state; // what rooms remember about this socket, by room name
    std::vector<std::function<void()>> on_closed;       // run once, on the session's thread
};

using RpcResult = Result<boost::json::value>;
using RpcHandler =
    std::function<asio::awaitable<RpcResult>(std::shared_ptr<Session>, boost::json::object const& params)>;

// A parameter of a method whose parameters are few and fixed. Others read them by themselves and report wrong
// fields as `validation`.
struct Parameter
{
    enum class Kind
    {
        text = 1,
        integer
    };
    std::string name;
    Kind kind = Kind::text;
    bool is_required = true;
};

struct Method
{
    std::string name; // "event.watch"
    RpcHandler handler;
    std::vector<Parameter> parameters = {}; // given: anything that does not fit is answered with -32602
};

// What does not fit, as a sentence that names the place; empty when all does.
std::string misfit(boost::json::object const& params, std::vector<Parameter> const& parameters);

// A notification, serialised once: {"jsonrpc":"2.0","method":…,"params":…}.
Frame notification(std::string_view method, boost::json::value const& params);

}
