// One lane of the desk: a thread with a connection of its own. While one batch commits, the next one fills.
#pragma once

#include "base/clock.h"
#include "base/problem.h"
#include "registration/registration.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kutsu::db
{
class Connection;
}

namespace kutsu::registration
{

struct DeskOptions;

struct LaneRequest
{
    json::object row; // as desk_submit wants it
    std::string token;
    std::string event_slug;
    std::chrono::steady_clock::time_point arrived;
    // Called on the lane's thread, exactly once.
    std::move_only_function<void(std::exception_ptr, Result<Receipt>)> answer;
};

class Lane
{
public:
    Lane(std::string conninfo, Clock const& clock, std::function<void()> wake, DeskOptions const& options);
    ~Lane();
    Lane(Lane const&) = delete;
    Lane& operator=(Lane const&) = delete;

    // Refused at once with overloaded when the queue is full or the lane stops.
    void submit(LaneRequest request);
    void stop();

private:
    using Batch = std::vector<LaneRequest>;

    void run();
    Batch next_batch();
    void drop_late(Batch& batch);
    void process(Batch batch);
    void decide(Batch& batch);
    db::Connection& connection();

    std::string conninfo_;
    Clock const& clock_;
    std::function<void()> wake_;
    std::size_t batch_limit_;
    std::size_t queue_limit_;
    std::chrono::milliseconds deadline_;

    std::mutex guard_;
    std::condition_variable filled_;
    std::deque<LaneRequest> queue_;
    bool stopping_ = false;
    std::unique_ptr<db::Connection> connection_;
    std::thread thread_;
};

}
