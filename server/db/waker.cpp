#include "db/waker.h"

#include "db/raw.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <random>
#include <utility>

namespace kutsu::db
{
namespace
{

// A notification is a commit of its own; nothing is lost with it, so it does not wait for the disk.
constexpr char settings[] = "set synchronous_commit = off";
constexpr std::chrono::milliseconds patience{2000};
// Of a burst of commits the first wakes at once, the others together.
constexpr std::chrono::milliseconds shortest_pause{5};

// Followers look once a second by themselves: a wake-up that cannot be sent at once is late anyway.
void send(std::optional<Connection>& connection, std::string const& connection_string,
          std::string const& notification)
{
    try {
        if (!connection) {
            connection.emplace(connection_string, patience);
            connection->exec(settings);
        }
        connection->exec(notification);
    } catch (std::exception const&) {
        connection.reset();
    }
}

}

Waker::Waker(std::string connection_string) : connection_string_(std::move(connection_string))
{
    thread_ = std::thread([this] { run(); });
}

Waker::~Waker()
{
    stop();
}

std::string const& Waker::mark()
{
    static auto const made = [] {
        std::random_device device;
        return fmt::format("{:08x}{:08x}", device(), device());
    }();
    return made;
}

void Waker::wake()
{
    want(Wanted::everybody);
}

void Waker::wake_others()
{
    want(Wanted::others);
}

void Waker::want(Wanted whom)
{
    {
        std::lock_guard const lock(mutex_);
        if (wanted_ >= whom)
            return;
        wanted_ = whom;
    }
    changed_.notify_one();
}

void Waker::stop()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

// Nobody when the waker stops.
Waker::Wanted Waker::wait_for_work()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return wanted_ != Wanted::nobody || stopping_; });
    auto const wanted = std::exchange(wanted_, Wanted::nobody);
    return stopping_ ? Wanted::nobody : wanted;
}

bool Waker::is_stopped_during(std::chrono::milliseconds pause)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, pause, [this] { return stopping_; });
}

void Waker::run()
{
    std::optional<Connection> connection;
    for (auto whom = wait_for_work(); whom != Wanted::nobody; whom = wait_for_work()) {
        send(connection, connection_string_,
             whom == Wanted::everybody ? "notify kutsu_change"
                                       : fmt::format("notify kutsu_change, '{}'", mark()));
        if (is_stopped_during(shortest_pause))
            return;
    }
}

}
