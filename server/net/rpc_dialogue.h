// The JSON-RPC side of one socket: from text to the table of methods and back. Knows no WebSocket.
#pragma once

#include "net/rpc.h"

#include <chrono>
#include <map>
#include <optional>

namespace kutsu::net
{

struct RpcTable
{
    std::map<std::string, Method, std::less<>> methods;
    // Turns what a handler threw into a Problem (overloaded while the database is away), or nothing: our bug,
    // −32603.
    std::function<std::optional<Problem>(std::exception_ptr)> failure;
    std::size_t in_flight_limit = 256;
    double messages_per_second = 0; // 0: no limit
    double message_burst = 30;
};

// "server.closing", with a wait that differs from one caller to the next.
Frame closing_notice();
// Runs what rooms asked for and forgets what they remember, which may hold the session itself.
void end(Session& session);

class Dialogue
{
public:
    static constexpr std::size_t most_unparsable = 50;

    // The dialogue is a part of its session and lives as long.
    explicit Dialogue(RpcTable const& table) : table_(table), tokens_(table.message_burst) {}

    // One whole text message, valid UTF-8. Answers arrive by session->push(), in the order they get ready.
    void receive(std::shared_ptr<Session> session, std::string_view text);
    std::size_t in_flight() const { return in_flight_; }

private:
    struct Call
    {
        std::string id; // as written; empty: a notification, never answered
        std::string method;
        Method const* called = nullptr;
        boost::json::object params;
    };

    static asio::awaitable<void> perform(Dialogue& dialogue, std::shared_ptr<Session> session, Call call);

    void refuse_unparsable(Session& session, std::string_view text);
    std::optional<Call> read_call(Session& session, std::string_view text, boost::json::object& message);
    bool may_call(Session& session, std::string const& id);
    bool take_token();
    std::string answer_to_failure(Session const& session, Call const& call,
                                  std::exception_ptr const& failure) const;

    RpcTable const& table_;
    std::size_t in_flight_ = 0;
    std::size_t unparsable_ = 0;
    std::size_t too_many_ = 0;
    double tokens_;
    std::chrono::steady_clock::time_point filled_ = std::chrono::steady_clock::now();
};

}
