// The threads behind Database: each owns one session and takes what waits longest from the queue.
#pragma once

#include "db/session.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kutsu::db
{

struct QueueLimits
{
    std::size_t length = 1000;
    std::chrono::milliseconds wait{1000};     // nobody waits longer for a session
    std::chrono::milliseconds silence{10000}; // a session whose server does not answer for longer is cut off
};

// Never throws. Null: no session can be had in time.
using DatabaseWork = std::move_only_function<void(Session*)>;

class DatabaseThreads
{
public:
    DatabaseThreads(std::string const& connection_string, std::size_t sessions, QueueLimits limits);
    // Does what is queued, then joins.
    ~DatabaseThreads();

    // Refuses at once, on the caller's thread, when the queue is full.
    void submit(DatabaseWork work);
    std::size_t sessions() const { return workers_.size(); }
    std::size_t available() const { return idle_; }
    std::size_t queued() const;
    bool away() const { return reachability_.away(); }
    // Whether the calling thread is one of these.
    static bool is_one();

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    struct Waiting
    {
        DatabaseWork work;
        SteadyTime since;
    };
    struct Worker
    {
        Worker(std::string const& connection_string, Reachability& reachability)
            : session(connection_string, reachability)
        {}

        Session session;
        std::atomic<bool> busy = false;
        std::thread thread;
    };

    void serve(Worker& worker);
    std::optional<Waiting> next();
    void watch();
    std::vector<Waiting> take_late();

    QueueLimits limits_;
    Reachability reachability_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable joined_now_;
    std::deque<Waiting> queue_;
    bool stopping_ = false;
    bool joined_ = false;
    std::atomic<std::size_t> idle_ = 0;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::thread watch_;
};

}
