// Tells all processes that the change log has grown. NOTIFY inside a data transaction would make all commits
// wait for each other, so it is sent afterwards, on a connection and a thread of its own; many wake-ups
// become one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace kutsu::db
{

class Connection;

class Waker
{
public:
    explicit Waker(std::string connection_string);
    ~Waker();
    Waker(Waker const&) = delete;
    Waker& operator=(Waker const&) = delete;

    // Returns at once, from any thread. A wake-up that cannot be sent is forgotten: followers look by
    // themselves.
    void wake();
    // The same for the followers of other processes only: ours has been told already.
    void wake_others();
    void stop();

    // What the notifications for others only carry, so that our own follower knows them.
    static std::string const& mark();

private:
    enum class Wanted
    {
        nobody,
        others,
        everybody
    };

    void want(Wanted whom);
    void run();
    Wanted wait_for_work();
    bool is_stopped_during(std::chrono::milliseconds pause);

    std::string connection_string_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Wanted wanted_ = Wanted::nobody;
    bool stopping_ = false;
    std::thread thread_;
};

}
