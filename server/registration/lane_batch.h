// What a lane sends at once: requests in the order of their arrival, divided into calls of the database that
// are one transaction. Pure but for reading the answers; the lane (lane.h) sends.
#pragma once

#include "db/change_follower.h"
#include "db/raw.h"
#include "registration/desk.h"
#include "registration/lane_statements.h"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace kutsu::registration
{

template <class T>
using Answer =
    std::move_only_function<void(std::exception_ptr, Result<T>)>; // called once, on the lane's thread

struct Submitting
{
    Party party;
    std::string token;
    std::string event_slug;
    bool is_ordinary = false; // the fast tier may try
    bool is_known = false;    // the fast tier says that this guest is here already
    Answer<Receipt> answer;
};

struct Acting
{
    std::int64_t event_id = 0;
    json::object deed;
    Answer<DeedAnswer> answer;
};

struct LaneRequest
{
    std::variant<Submitting, Acting> what;
    std::chrono::steady_clock::time_point arrived;
    bool is_unsettled = false; // sent, and the connection broke: it may have been decided
    bool is_answered = false;
};

std::int64_t event_of(LaneRequest const& request);
Problem overloaded(std::chrono::milliseconds wait);
void refuse(LaneRequest& request, Problem const& problem);
void fail(LaneRequest& request, std::exception_ptr const& failure);

// One call of the transaction, with the requests it decides by their place in the batch.
struct Step
{
    enum class Kind
    {
        locks = 1,
        fast,
        exact,
        deeds
    };
    Kind kind = Kind::exact;
    std::vector<std::size_t> requests;
};

// Requests are decided in their order wherever that makes a difference: parties of one event never overtake
// each other or a deed. `needs_exact`: the event has lately been nothing for the fast tier.
std::vector<Step> plan_steps(std::vector<LaneRequest> const& batch,
                             std::function<bool(std::int64_t event_id)> const& needs_exact);

// The parameters of a step; `fast` only where it is one, and needed to read its rows.
struct StepCall
{
    Statement const& statement() const;
    std::size_t expected_rows() const; // of every kind but `locks`

    Step step;
    std::unique_ptr<FastCall> fast;
    std::vector<std::string> texts; // of every other kind
};
StepCall make_call(Step step, std::vector<LaneRequest> const& batch, Instant now);

// Which requests of a fast step that was refused need the exact tier, by their place in the batch: `detail`
// as desk_submit_fast raises it; none when it cannot be read. `events`: those whose every request does.
struct Unfit
{
    std::vector<std::size_t> requests;
    std::vector<std::int64_t> events;
};
Unfit unfit_of(StepCall const& call, std::string_view message, std::string_view detail);

// The changes that a committed step brought, where its rows say them: those of the fast tier do.
std::vector<db::Change> changes_of(StepCall const& call, db::Rows const& rows,
                                   std::vector<LaneRequest> const& batch, Instant now);
// Answers everybody of a committed step.
void answer_step(StepCall const& call, db::Rows const& rows, std::vector<LaneRequest>& batch);

}
