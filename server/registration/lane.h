// One lane of the desk: a connection of its own in pipeline mode, on a loop and a thread of its own. What
// arrived while the last batch was on its way is the next batch. Whatever the lane does happens on its
// thread; other threads only put requests into the queue.
#pragma once

#include "base/clock.h"
#include "db/change_follower.h"
#include "db/pipeline.h"
#include "registration/lane_batch.h"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace kutsu::registration
{

// What the lanes of a desk share.
struct LaneSurroundings
{
    std::string conninfo;
    Clock const& clock;
    std::function<void()> wake; // the change log has grown
    // The same, with what is new in it; may be empty.
    std::function<void(std::vector<db::Change>)> tell;
    DeskOptions options;
    std::atomic<std::int64_t> waiting{0}; // requests in the queues of all lanes
    std::atomic<std::chrono::steady_clock::time_point> rushed_until{};
};

class Lane
{
public:
    explicit Lane(LaneSurroundings& surroundings);
    ~Lane();
    Lane(Lane const&) = delete;
    Lane& operator=(Lane const&) = delete;

    // From any thread. Refused at once with overloaded when the queue is full or the lane stops.
    void put(LaneRequest request);
    // Answers everything that is queued, then ends the thread.
    void stop();

private:
    struct Batch
    {
        std::vector<LaneRequest> requests;
        int tries = 0; // of a transaction that others got in the way of
    };
    struct Committed
    {
        Batch batch;
        std::vector<StepCall> calls;
        std::vector<db::Rows> rows;
        Instant at;
    };
    struct Missed // an event that is nothing for the fast tier, and until when nobody tries
    {
        int times = 0;
        std::chrono::steady_clock::time_point until;
    };

    asio::awaitable<void> run();
    asio::awaitable<void> stay_connected();
    asio::awaitable<void> wait_for_work();
    asio::awaitable<void> process(Batch batch);
    asio::awaitable<void> exchange(Batch& batch);

    Batch next_batch();
    void drop_late(Batch& batch);
    std::vector<StepCall> send(Batch const& batch, Instant now);
    void commit(Batch& batch, std::vector<StepCall> calls, std::vector<db::Rows> rows, Instant now);
    void deliver();
    void take_apart(Batch batch, std::vector<StepCall> const& calls, db::PipelineFailure const& failure);
    bool leave_to_exact_tier(Batch& batch, StepCall const& call, db::PipelineFailure const& failure);
    void halve(Batch batch, db::PipelineFailure const& failure);
    void ask_again_later(Batch batch);
    void give_up_waiting(bool unsettled_too);
    void note_rate(std::size_t requests, std::chrono::steady_clock::duration took);
    bool needs_exact(std::int64_t event_id) const;
    bool is_done();
    bool is_stopping();
    void begin();
    void loop();

    LaneSurroundings& around_;
    asio::io_context io_{1};
    db::Pipeline pipeline_;
    asio::steady_timer work_;  // cancelled when there is some
    asio::steady_timer pause_; // before the next attempt to connect
    std::optional<std::chrono::steady_clock::time_point> away_since_;
    bool was_told_ = false; // by the database, while idle

    std::deque<Batch> again_; // before anything that is queued
    std::optional<Committed> committed_;
    std::unordered_map<std::int64_t, Missed> missed_;
    std::atomic<double> seconds_a_request_{0.0005};

    std::mutex guard_; // of the three below
    std::deque<LaneRequest> queue_;
    bool is_roused_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}
