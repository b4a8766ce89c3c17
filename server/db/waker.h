// Tells all processes that the change log has grown. NOTIFY inside a data transaction would make all commits
// wait for each other, so it is sent afterwards, on a connection and a thread of its own; many wake-ups
// become one.
#pragma once

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
    void stop();

private:
    void run();
    bool wait_for_work();

    std::string connection_string_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}
