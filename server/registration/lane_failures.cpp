// What a lane does with a batch that was not stored: it is sent again, taken apart or given up.
#include "base/log.h"
#include "net/metrics.h"
#include "registration/lane.h"

#include <algorithm>
#include <utility>

namespace kutsu::registration
{
namespace
{

using Steady = std::chrono::steady_clock;

constexpr std::size_t remembered_events = 10'000;
constexpr int most_tries = 3;

// Somebody else was in the way; the same again may succeed.
bool is_passing(std::string const& sqlstate)
{
    return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03" || sqlstate == "57014";
}

}

// The transaction was rolled back: nobody of the batch has been decided.
void Lane::take_apart(Batch batch, std::vector<StepCall> const& calls, db::PipelineFailure const& failure)
{
    if (failure.sqlstate == not_ordinary && failure.call < calls.size() && calls[failure.call].fast &&
        leave_to_exact_tier(batch, calls[failure.call], failure)) {
        again_.push_front(std::move(batch));
        return;
    }
    if (!is_passing(failure.sqlstate))
        return halve(std::move(batch), failure);
    log_warn("a batch of registrations was in somebody's way", {{"sqlstate", failure.sqlstate}});
    if (++batch.tries < most_tries) {
        again_.push_front(std::move(batch));
        return;
    }
    for (auto& request : batch.requests)
        refuse(request, overloaded(std::chrono::seconds(2)));
}

bool Lane::leave_to_exact_tier(Batch& batch, StepCall const& call, db::PipelineFailure const& failure)
{
    auto const unfit = unfit_of(call, failure.message, failure.detail);
    if (unfit.requests.empty() && unfit.events.empty())
        return false;
    net::count("kutsu_desk_returned_total", {{"because_of", failure.message}});
    for (auto const place : unfit.requests)
        std::get<Submitting>(batch.requests[place].what).is_known = true;
    if (missed_.size() > remembered_events)
        missed_.clear();
    for (auto const event_id : unfit.events) {
        auto& missed = missed_[event_id];
        missed.until = Steady::now() + std::chrono::milliseconds(2) * (1 << std::min(++missed.times, 9));
        for (auto& request : batch.requests) {
            if (auto* asked = std::get_if<Submitting>(&request.what); asked && event_of(request) == event_id)
                asked->is_ordinary = false;
        }
    }
    return true;
}

// A row that the database refuses fails alone: the batch is halved until it is found.
void Lane::halve(Batch batch, db::PipelineFailure const& failure)
{
    log_warn("a batch of registrations failed", {{"size", std::to_string(batch.requests.size())},
                                                 {"sqlstate", failure.sqlstate},
                                                 {"constraint", failure.constraint}});
    if (batch.requests.size() == 1) {
        auto& request = batch.requests.front();
        if (auto* asked = std::get_if<Submitting>(&request.what);
            asked && std::exchange(asked->is_ordinary, false)) {
            again_.push_front(std::move(batch));
            return;
        }
        fail(request, std::make_exception_ptr(db::SqlError(failure.sqlstate, failure.constraint)));
        return;
    }
    auto const middle = batch.requests.begin() + static_cast<std::ptrdiff_t>(batch.requests.size() / 2);
    Batch second;
    second.requests.assign(std::make_move_iterator(middle), std::make_move_iterator(batch.requests.end()));
    batch.requests.erase(middle, batch.requests.end());
    batch.tries = 0;
    again_.push_front(std::move(second));
    again_.push_front(std::move(batch));
}

// The connection broke under way: stored as a whole or not at all. The same submissions, sent again, bring
// the truth, because their ids decide; a deed has none, and whoever asked for it looks for themselves.
void Lane::ask_again_later(Batch batch)
{
    for (auto& request : batch.requests) {
        request.is_unsettled = true;
        if (std::holds_alternative<Acting>(request.what))
            fail(request, std::make_exception_ptr(db::OutcomeUnknown()));
    }
    std::erase_if(batch.requests, [](LaneRequest const& request) { return request.is_answered; });
    if (!batch.requests.empty())
        again_.push_front(std::move(batch));
}

void Lane::give_up_waiting(bool unsettled_too)
{
    auto const away = std::make_exception_ptr(db::DatabaseAway("the database is away"));
    auto const unknown = std::make_exception_ptr(db::OutcomeUnknown());
    auto const limit = Steady::now() - around_.options.deadline;
    for (auto& batch : again_) {
        for (auto& request : batch.requests) {
            if (!request.is_unsettled)
                fail(request, away);
            else if (unsettled_too || request.arrived < limit)
                fail(request, unknown);
        }
        std::erase_if(batch.requests, [](LaneRequest const& request) { return request.is_answered; });
    }
    std::erase_if(again_, [](Batch const& batch) { return batch.requests.empty(); });
    std::deque<LaneRequest> waiting;
    {
        std::scoped_lock const lock(guard_);
        waiting.swap(queue_);
        is_roused_ = false;
    }
    around_.waiting.fetch_sub(static_cast<std::int64_t>(waiting.size()), std::memory_order_relaxed);
    for (auto& request : waiting)
        fail(request, away);
}

}
