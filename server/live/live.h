// Topics and who watches them. A topic is a name with a version that grows by one a change; `live` knows no
// event. Each I/O thread has its own list of watchers, so a broadcast is one post a thread and a loop of
// pushes of one shared frame. What happened lately is kept a while, so that a watcher who was away for a
// moment gets just what was missed.
#pragma once

#include "net/rpc.h"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::live
{

// One version of a topic, ready to be sent.
struct Update
{
    std::int64_t version = 0;
    net::Frame for_all;
    net::Frame for_organisers;  // says who did it
    boost::json::array changes; // for who resumes; each says its version
};

class Live
{
public:
    explicit Live(std::vector<boost::asio::io_context*> contexts);
    ~Live();

    // From any thread. Versions of one topic come in order.
    void publish(std::string const& topic, Update update);

    // From any thread: to the organisers among the watchers, without a version; whoever comes later does not
    // hear of it.
    void tell_organisers(std::string const& topic, net::Frame frame);

    // On the session's thread. `seen` is the version the session knows after its answer: only newer ones are
    // pushed.
    void subscribe(std::shared_ptr<net::Session> const& session, std::string const& topic, std::int64_t seen,
                   bool organiser);
    void unsubscribe(net::Session& session, std::string const& topic);
    // A watcher of the topic has turned out to be an organiser; nothing for who does not watch it.
    void mark_organiser(net::Session& session, std::string const& topic);

    // Everything after `version`, up to and including `upto`; nothing when it is no longer all there.
    std::optional<boost::json::array> since(std::string const& topic, std::int64_t version,
                                            std::int64_t upto) const;

private:
    class Hub;
    struct Recent
    {
        std::int64_t version = 0;
        boost::json::array changes;
    };

    Hub& hub_of(net::Session& session);

    std::vector<boost::asio::io_context*> contexts_;
    std::vector<std::unique_ptr<Hub>> hubs_; // one a context
    mutable std::mutex guard_;
    std::map<std::string, std::deque<Recent>, std::less<>> recent_;
};

}
