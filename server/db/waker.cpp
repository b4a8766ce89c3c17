#include "db/waker.h"

#include "db/raw.h"

#include <chrono>
#include <optional>

namespace kutsu::db
{
namespace
{

// A notification is a commit of its own; nothing is lost with it, so it does not wait for the disk.
constexpr char settings[] = "set synchronous_commit = off";
constexpr std::chrono::milliseconds patience{2000};

// Followers look once a second by themselves: a wake-up that cannot be sent at once is late anyway.
void send(std::optional<Connection>& connection, std::string const& connection_string)
{
    try {
        if (!connection) {
            connection.emplace(connection_string, patience);
            connection->exec(settings);
        }
        connection->exec("notify kutsu_change");
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

void Waker::wake()
{
    {
        std::lock_guard const lock(mutex_);
        if (wanted_)
            return;
        wanted_ = true;
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

bool Waker::wait_for_work()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return wanted_ || stopping_; });
    wanted_ = false;
    return !stopping_;
}

void Waker::run()
{
    std::optional<Connection> connection;
    while (wait_for_work())
        send(connection, connection_string_);
}

}
