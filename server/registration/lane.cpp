#include "registration/lane.h"

#include "base/log.h"
#include "db/raw.h"
#include "net/metrics.h"
#include "registration/desk.h"
#include "registration/receipt.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace kutsu::registration
{
namespace
{

Problem overloaded(std::chrono::milliseconds wait)
{
    Problem problem{ProblemName::overloaded, {}, {}, {}, {}, {}};
    problem.retry_after_ms = wait.count();
    return problem;
}

constexpr std::array<std::pair<std::string_view, ProblemName>, 6> refusals = {{
    {"closed", ProblemName::closed},
    {"not_open_yet", ProblemName::not_open_yet},
    {"full", ProblemName::full},
    {"not_allowed", ProblemName::not_allowed},
    {"not_found", ProblemName::not_found},
    {"conflict", ProblemName::conflict},
}};

Result<Receipt> result_of(LaneRequest const& request, std::string_view outcome, std::string_view answer)
{
    for (auto const& [name, problem] : refusals) {
        if (name != outcome)
            continue;
        auto refused =
            refuse(problem, problem == ProblemName::conflict ? "problem.submission-conflict.detail" : "");
        if (problem == ProblemName::conflict)
            refused.error().current = json::parse(answer);
        return refused;
    }
    auto receipt = receipt_of(json::parse(answer).as_object(), request.token, request.event_slug);
    receipt.seen_before = outcome == "seen";
    if (!receipt.seen_before)
        net::count("kutsu_registrations_total", {{"status", receipt.status}});
    return receipt;
}

std::string rows_of(std::vector<LaneRequest> const& batch)
{
    json::array rows;
    for (auto const& request : batch)
        rows.push_back(request.row);
    return json::serialize(rows);
}

void fail_all(std::vector<LaneRequest>& batch, std::exception_ptr const& failure)
{
    for (auto& request : batch)
        request.answer(failure, Result<Receipt>{});
}

}

Lane::Lane(std::string conninfo, Clock const& clock, std::function<void()> wake, DeskOptions const& options)
    : conninfo_(std::move(conninfo)), clock_(clock), wake_(std::move(wake)),
      batch_limit_(options.batch_limit), queue_limit_(options.queue_limit), deadline_(options.deadline),
      thread_([this] { run(); })
{}

Lane::~Lane()
{
    stop();
}

void Lane::submit(LaneRequest request)
{
    std::unique_lock lock(guard_);
    if (stopping_ || queue_.size() >= queue_limit_) {
        lock.unlock();
        request.answer(nullptr, std::unexpected(overloaded(std::chrono::seconds(1))));
        return;
    }
    queue_.push_back(std::move(request));
    net::gauge("kutsu_desk_queue", static_cast<double>(queue_.size()));
    filled_.notify_one();
}

void Lane::stop()
{
    {
        std::scoped_lock const lock(guard_);
        stopping_ = true;
    }
    filled_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void Lane::run()
{
    for (;;) {
        auto batch = next_batch();
        if (batch.empty())
            return;
        drop_late(batch);
        if (!batch.empty())
            process(std::move(batch));
    }
}

// Waits for work; empty only when the lane stops and everything has been answered.
Lane::Batch Lane::next_batch()
{
    std::unique_lock lock(guard_);
    filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    Batch batch;
    while (!queue_.empty() && batch.size() < batch_limit_) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    net::gauge("kutsu_desk_queue", static_cast<double>(queue_.size()));
    return batch;
}

// Whoever waited too long is told so instead of being registered after having given up.
void Lane::drop_late(Batch& batch)
{
    auto const limit = std::chrono::steady_clock::now() - deadline_;
    for (auto& request : batch) {
        if (request.arrived < limit)
            request.answer(nullptr, std::unexpected(overloaded(std::chrono::seconds(2))));
    }
    std::erase_if(batch, [&](LaneRequest const& request) { return request.arrived < limit; });
}

// A row that the database refuses fails alone: the batch is halved until it is found.
void Lane::process(Batch batch)
{
    try {
        decide(batch);
    } catch (db::SqlError const& error) {
        log_warn("a batch of registrations failed",
                 {{"size", std::to_string(batch.size())}, {"error", error.what()}});
        if (batch.size() == 1)
            return fail_all(batch, std::current_exception());
        auto const middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
        Batch second(std::make_move_iterator(middle), std::make_move_iterator(batch.end()));
        batch.erase(middle, batch.end());
        process(std::move(batch));
        process(std::move(second));
    } catch (std::exception const& error) {
        // Away, or the outcome is unknown: whoever asks again with the same submission id learns the truth.
        log_error("registrations could not be stored", {{"error", db::describe(error)}});
        connection_.reset();
        fail_all(batch, std::current_exception());
    }
}

void Lane::decide(Batch& batch)
{
    net::observe("kutsu_commit_batch_size", static_cast<double>(batch.size()));
    auto const began = std::chrono::steady_clock::now();
    auto const now = format_utc(clock_.now());
    auto const rows = connection().exec_prepared("desk_submit", {now, rows_of(batch)});
    if (rows.rows() != static_cast<int>(batch.size()))
        throw std::logic_error("the desk answered a batch with another number of rows");
    net::observe("kutsu_commit_seconds",
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    wake_();
    for (int row = 0; auto& request : batch) {
        auto result = result_of(request, rows.text(row, 0), rows.text(row, 1));
        if (result)
            result->event_version = rows.integer(row, 2);
        request.answer(nullptr, std::move(result));
        ++row;
    }
}

db::Connection& Lane::connection()
{
    if (!connection_ || !connection_->is_open()) {
        connection_ = std::make_unique<db::Connection>(conninfo_, std::chrono::seconds(8));
        connection_->exec("set statement_timeout = '5s'; set lock_timeout = '2s'; set timezone = 'UTC'");
        connection_->prepare("desk_submit", "select outcome, answer, event_version from desk_submit($1, $2)");
    }
    return *connection_;
}

}
