#include "db/database_threads.h"

namespace kutsu::db
{
namespace
{

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds watch_interval{100};

thread_local bool is_database_thread = false;

}

DatabaseThreads::DatabaseThreads(std::string const& connection_string, std::size_t sessions,
                                 QueueLimits limits)
    : limits_(limits), idle_(sessions)
{
    for (std::size_t i = 0; i < sessions; ++i)
        workers_.push_back(std::make_unique<Worker>(connection_string, reachability_));
    for (auto const& worker : workers_)
        worker->thread = std::thread([this, &each = *worker] { serve(each); });
    watch_ = std::thread([this] { watch(); });
}

DatabaseThreads::~DatabaseThreads()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    for (auto const& worker : workers_)
        worker->thread.join();
    // The watch ends last: it also cuts off a session that hangs while we wait for it.
    {
        std::lock_guard const lock(mutex_);
        joined_ = true;
    }
    joined_now_.notify_all();
    watch_.join();
}

void DatabaseThreads::submit(DatabaseWork work)
{
    {
        std::lock_guard const lock(mutex_);
        if (queue_.size() < limits_.length) {
            queue_.push_back({std::move(work), SteadyClock::now()});
            arrived_.notify_one();
            return;
        }
    }
    work(nullptr);
}

std::size_t DatabaseThreads::queued() const
{
    std::lock_guard const lock(mutex_);
    return queue_.size();
}

bool DatabaseThreads::is_one()
{
    return is_database_thread;
}

void DatabaseThreads::serve(Worker& worker)
{
    is_database_thread = true;
    while (auto waiting = next()) {
        worker.session.work_begins();
        worker.busy = true;
        waiting->work(&worker.session);
        worker.busy = false;
        ++idle_;
    }
}

std::optional<DatabaseThreads::Waiting> DatabaseThreads::next()
{
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty())
        return std::nullopt;
    auto waiting = std::move(queue_.front());
    queue_.pop_front();
    --idle_;
    return waiting;
}

void DatabaseThreads::watch()
{
    std::unique_lock lock(mutex_);
    while (!joined_now_.wait_for(lock, watch_interval, [this] { return joined_; })) {
        auto late = take_late();
        lock.unlock();
        for (auto& each : late)
            each.work(nullptr);
        for (auto const& worker : workers_) {
            if (worker->busy && SteadyClock::now() - worker->session.last_word() > limits_.silence)
                worker->session.cut();
        }
        lock.lock();
    }
}

std::vector<DatabaseThreads::Waiting> DatabaseThreads::take_late()
{
    std::vector<Waiting> late;
    while (!queue_.empty() && SteadyClock::now() - queue_.front().since > limits_.wait) {
        late.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return late;
}

}
