#include "registration/lane.h"

#include "base/log.h"
#include "net/metrics.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace kutsu::registration
{
namespace
{

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds connect_patience{1500};
constexpr std::chrono::milliseconds answer_patience{8000};
constexpr std::chrono::milliseconds first_pause{20};
// A connection that is cut, or a server that starts anew, is no outage yet.
constexpr std::chrono::milliseconds away_patience{500};
constexpr std::chrono::milliseconds longest_pause{500};
constexpr std::size_t rush = 16; // requests in a batch
constexpr char settings[] = "set statement_timeout = '5s'; set lock_timeout = '2s'; set timezone = 'UTC'";

std::vector<std::pair<std::string, std::string>> prepared()
{
    std::vector<std::pair<std::string, std::string>> all;
    for (auto const& statement : statements)
        all.emplace_back(statement.name, statement.sql);
    return all;
}

double seconds(Steady::duration time)
{
    return std::chrono::duration<double>(time).count();
}

void count_tiers(std::vector<StepCall> const& calls)
{
    for (auto const& call : calls) {
        auto const number = static_cast<double>(call.step.requests.size());
        if (call.step.kind == Step::Kind::fast)
            net::count("kutsu_desk_requests_total", {{"tier", "fast"}}, number);
        else if (call.step.kind == Step::Kind::exact)
            net::count("kutsu_desk_requests_total", {{"tier", "exact"}}, number);
        else if (call.step.kind == Step::Kind::deeds)
            net::count("kutsu_desk_requests_total", {{"tier", "deed"}}, number);
    }
}

}

Lane::Lane(LaneSurroundings& surroundings)
    : around_(surroundings), pipeline_(io_.get_executor()), work_(io_), pause_(io_)
{
    begin();
    thread_ = std::thread([this] { loop(); });
}

Lane::~Lane()
{
    stop();
}

void Lane::loop()
{
    for (;;) {
        try {
            io_.run();
            return;
        } catch (std::exception const& error) {
            log_error("an answer of the desk could not be handed over", {{"error", db::describe(error)}});
        }
    }
}

// What nobody foresaw must not end the lane.
void Lane::begin()
{
    asio::co_spawn(io_, run(), [this](std::exception_ptr const& failure) {
        if (!failure)
            return;
        log_error("a lane of the desk failed and begins anew", {});
        pipeline_.close();
        begin();
    });
}

void Lane::put(LaneRequest request)
{
    bool rouse = false;
    std::optional<std::chrono::milliseconds> refused;
    {
        std::scoped_lock const lock(guard_);
        if (stopping_ || queue_.size() >= around_.options.queue_limit) {
            auto const wait =
                std::chrono::duration<double>(static_cast<double>(queue_.size()) * seconds_a_request_.load());
            refused = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(wait),
                                 std::chrono::milliseconds(200), around_.options.deadline);
        } else {
            queue_.push_back(std::move(request));
            around_.waiting.fetch_add(1, std::memory_order_relaxed);
            rouse = !std::exchange(is_roused_, true);
        }
    }
    if (refused)
        refuse(request, overloaded(*refused));
    else if (rouse)
        asio::post(io_, [this] { work_.cancel(); });
}

void Lane::stop()
{
    {
        std::scoped_lock const lock(guard_);
        stopping_ = true;
    }
    asio::post(io_, [this] {
        work_.cancel();
        pause_.cancel();
    });
    if (thread_.joinable())
        thread_.join();
}

bool Lane::is_stopping()
{
    std::scoped_lock const lock(guard_);
    return stopping_;
}

bool Lane::is_done()
{
    std::scoped_lock const lock(guard_);
    return stopping_ && queue_.empty() && again_.empty();
}

asio::awaitable<void> Lane::run()
{
    for (;;) {
        if (!pipeline_.is_open())
            co_await stay_connected();
        auto batch = next_batch();
        if (!batch.requests.empty()) {
            co_await process(std::move(batch));
            continue;
        }
        deliver();
        if (is_done())
            break;
        co_await wait_for_work();
    }
    pipeline_.close();
}

// Until there is a connection, or nothing left to do. Whoever was never sent hears soon that the database is
// away; whoever was waits for the truth until the deadline.
asio::awaitable<void> Lane::stay_connected()
{
    deliver();
    for (auto pause = first_pause; !is_done(); pause = std::min(pause * 2, longest_pause)) {
        auto statements_to_prepare = prepared();
        try {
            co_await pipeline_.open(around_.conninfo, settings, std::move(statements_to_prepare),
                                    connect_patience);
            away_since_.reset();
            co_return;
        } catch (std::exception const& error) {
            if (!away_since_) {
                away_since_ = Steady::now();
                log_warn("a lane of the desk has no connection", {{"error", db::describe(error)}});
            }
        }
        pipeline_.close();
        if (is_stopping() || Steady::now() - *away_since_ > away_patience)
            give_up_waiting(is_stopping());
        if (is_done())
            break;
        boost::system::error_code ignored;
        auto done = asio::redirect_error(asio::use_awaitable, ignored);
        pause_.expires_after(pause);
        co_await pause_.async_wait(done);
    }
}

asio::awaitable<void> Lane::wait_for_work()
{
    {
        std::scoped_lock const lock(guard_);
        is_roused_ = false;
        if (!queue_.empty() || stopping_)
            co_return;
    }
    pipeline_.watch([this] {
        was_told_ = true;
        work_.cancel();
    });
    boost::system::error_code ignored;
    auto done = asio::redirect_error(asio::use_awaitable, ignored);
    work_.expires_at(Steady::time_point::max());
    co_await work_.async_wait(done);
    pipeline_.unwatch();
    if (std::exchange(was_told_, false))
        pipeline_.look();
}

Lane::Batch Lane::next_batch()
{
    if (!again_.empty()) {
        auto batch = std::move(again_.front());
        again_.pop_front();
        return batch;
    }
    Batch batch;
    {
        std::scoped_lock const lock(guard_);
        auto const size = std::min(queue_.size(), around_.options.batch_limit);
        auto const end = queue_.begin() + static_cast<std::ptrdiff_t>(size);
        batch.requests.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        around_.waiting.fetch_sub(static_cast<std::int64_t>(size), std::memory_order_relaxed);
    }
    net::gauge("kutsu_desk_queue", static_cast<double>(around_.waiting.load(std::memory_order_relaxed)));
    return batch;
}

// Whoever waited too long is told so instead of being registered after having given up.
void Lane::drop_late(Batch& batch)
{
    auto const limit = Steady::now() - around_.options.deadline;
    for (auto& request : batch.requests) {
        if (request.arrived >= limit)
            continue;
        if (request.is_unsettled)
            fail(request, std::make_exception_ptr(db::OutcomeUnknown()));
        else
            refuse(request, overloaded(std::chrono::seconds(2)));
    }
    std::erase_if(batch.requests, [](LaneRequest const& request) { return request.is_answered; });
}

asio::awaitable<void> Lane::process(Batch batch)
{
    drop_late(batch);
    if (batch.requests.empty())
        co_return;
    bool is_lost = false;
    try {
        co_await exchange(batch);
    } catch (db::DatabaseAway const& error) {
        log_error("registrations could not be stored", {{"error", db::describe(error)}});
        is_lost = true;
    } catch (std::exception const& error) {
        // Something that cannot even be sent.
        log_error("a batch of registrations failed", {{"error", db::describe(error)}});
        pipeline_.close();
        halve(std::move(batch), {});
        co_return;
    }
    if (is_lost)
        ask_again_later(std::move(batch));
}

asio::awaitable<void> Lane::exchange(Batch& batch)
{
    auto const began = Steady::now();
    auto const now = around_.clock.now();
    if (batch.requests.size() >= rush)
        around_.rushed_until = began + std::chrono::milliseconds(50);
    net::observe("kutsu_commit_batch_size", static_cast<double>(batch.requests.size()));
    net::observe("kutsu_desk_wait_seconds", seconds(began - batch.requests.front().arrived));
    auto calls = send(batch, now);
    // While the database works.
    deliver();
    auto answer = co_await pipeline_.receive(answer_patience);
    auto const took = Steady::now() - began;
    net::observe("kutsu_commit_seconds", seconds(took));
    note_rate(batch.requests.size(), took);
    if (answer.failure)
        take_apart(std::move(batch), calls, *answer.failure);
    else
        commit(batch, std::move(calls), std::move(answer.rows), now);
}

std::vector<StepCall> Lane::send(Batch const& batch, Instant now)
{
    auto steps = plan_steps(batch.requests, [this](std::int64_t event_id) { return needs_exact(event_id); });
    std::vector<StepCall> calls;
    for (auto& step : steps)
        calls.push_back(make_call(std::move(step), batch.requests, now));
    for (auto const& call : calls) {
        if (call.fast) {
            pipeline_.call({call.statement().name, static_cast<int>(FastCall::parameter_count),
                            call.fast->values(), call.fast->lengths(), call.fast->formats()});
            continue;
        }
        std::vector<char const*> values;
        for (auto const& text : call.texts)
            values.push_back(text.c_str());
        pipeline_.call(
            {call.statement().name, static_cast<int>(values.size()), values.data(), nullptr, nullptr});
    }
    pipeline_.sync();
    return calls;
}

void Lane::commit(Batch& batch, std::vector<StepCall> calls, std::vector<db::Rows> rows, Instant now)
{
    count_tiers(calls);
    for (auto const& call : calls) {
        if (call.fast)
            for (auto const& event : call.fast->events())
                missed_.erase(event.event_id);
    }
    committed_ = {std::move(batch), std::move(calls), std::move(rows), now};
}

// Tells the log's readers first, so that whoever is answered finds what they did.
void Lane::deliver()
{
    if (!committed_)
        return;
    auto done = std::move(*committed_);
    committed_.reset();
    bool says_all = around_.tell != nullptr;
    std::vector<db::Change> changes;
    try {
        for (std::size_t i = 0; i < done.calls.size(); ++i) {
            auto const kind = done.calls[i].step.kind;
            says_all = says_all && (kind == Step::Kind::fast || kind == Step::Kind::locks);
            auto more = changes_of(done.calls[i], done.rows[i], done.batch.requests, done.at);
            std::ranges::move(more, std::back_inserter(changes));
        }
        if (says_all)
            around_.tell(std::move(changes));
        else
            around_.wake();
        for (std::size_t i = 0; i < done.calls.size(); ++i)
            answer_step(done.calls[i], done.rows[i], done.batch.requests);
    } catch (std::exception const& error) {
        log_error("the desk's answers cannot be read", {{"error", db::describe(error)}});
        for (auto& request : done.batch.requests) {
            if (!request.is_answered)
                fail(request, std::current_exception());
        }
    }
}

void Lane::note_rate(std::size_t requests, Steady::duration took)
{
    auto const now = seconds(took) / static_cast<double>(requests);
    seconds_a_request_ = 0.9 * seconds_a_request_.load() + 0.1 * now;
}

bool Lane::needs_exact(std::int64_t event_id) const
{
    auto const found = missed_.find(event_id);
    return found != missed_.end() && found->second.until > Steady::now();
}

}
