#include "registration/lane_batch.h"

#include "base/local_time.h"
#include "net/metrics.h"
#include "registration/receipt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace kutsu::registration
{
namespace
{

constexpr std::array<std::pair<std::string_view, ProblemName>, 6> refusals = {{
    {"closed", ProblemName::closed},
    {"not_open_yet", ProblemName::not_open_yet},
    {"full", ProblemName::full},
    {"not_allowed", ProblemName::not_allowed},
    {"not_found", ProblemName::not_found},
    {"conflict", ProblemName::conflict},
}};

Submitting const* submitting(LaneRequest const& request)
{
    return std::get_if<Submitting>(&request.what);
}

template <class T>
void give(LaneRequest& request, Answer<T>& answer, Result<T> result)
{
    request.is_answered = true;
    answer(nullptr, std::move(result));
}

Result<Receipt> exact_result(Submitting const& asked, db::Rows const& rows, int row)
{
    auto const outcome = rows.text(row, 0);
    for (auto const& [name, problem] : refusals) {
        if (name != outcome)
            continue;
        auto refused =
            refuse(problem, problem == ProblemName::conflict ? "problem.submission-conflict.detail" : "");
        if (problem == ProblemName::conflict)
            refused.error().current = json::parse(rows.text(row, 1));
        return refused;
    }
    auto receipt = receipt_of(json::parse(rows.text(row, 1)).as_object(), asked.token, asked.event_slug);
    receipt.seen_before = outcome == "seen";
    receipt.event_version = rows.integer(row, 2);
    return receipt;
}

// The columns of fast_statement: the event's counters after the batch.
enum FastColumn
{
    waits_column = 1,
    version_column,
    capacity_column,
    taken_column,
    confirmed_column,
    waiting_column,
    payload_column
};

std::optional<std::int64_t> optional_integer(db::Rows const& rows, int row, int column)
{
    return rows.is_null(row, column) ? std::nullopt : std::optional(rows.integer(row, column));
}

// What one after another would have been told: the counters as they stood right after this party.
Receipt fast_receipt(Submitting const& asked, FastCall::PartyPart const& part,
                     FastCall::EventPart const& event, db::Rows const& rows, int row)
{
    bool const waits = rows.text(row, waits_column) == "t";
    auto const later_seats = waits ? 0 : event.seats - part.upto;
    auto const later_parties = waits ? event.parties - part.nth : 0;
    Receipt receipt;
    receipt.token = asked.token;
    receipt.event = asked.event_slug;
    receipt.status = waits ? "waitlisted" : "confirmed";
    receipt.seats.capacity = optional_integer(rows, row, capacity_column);
    receipt.seats.confirmed = rows.integer(row, confirmed_column) - later_seats;
    receipt.seats.waitlisted = rows.integer(row, waiting_column) - later_parties;
    if (receipt.seats.capacity)
        receipt.seats.free = std::max<std::int64_t>(
            *receipt.seats.capacity - rows.integer(row, taken_column) + later_seats, 0);
    if (waits)
        receipt.position = receipt.seats.waitlisted;
    receipt.event_version = rows.integer(row, version_column);
    return receipt;
}

void count_registration(Result<Receipt> const& result)
{
    if (result && !result->seen_before)
        net::count("kutsu_registrations_total", {{"status", result->status}});
}

void answer_fast(StepCall const& call, db::Rows const& rows, std::vector<LaneRequest>& batch)
{
    for (auto const& part : call.fast->parties()) {
        auto& request = batch[call.step.requests[part.party]];
        auto& asked = std::get<Submitting>(request.what);
        Result<Receipt> receipt =
            fast_receipt(asked, part, call.fast->events()[part.event], rows, static_cast<int>(part.event));
        count_registration(receipt);
        give(request, asked.answer, std::move(receipt));
    }
}

void answer_exact(StepCall const& call, db::Rows const& rows, std::vector<LaneRequest>& batch)
{
    for (int row = 0; auto const place : call.step.requests) {
        auto& asked = std::get<Submitting>(batch[place].what);
        auto result = exact_result(asked, rows, row++);
        // Sent twice by ourselves: for the guest it is the first time.
        if (result && batch[place].is_unsettled)
            result->seen_before = false;
        count_registration(result);
        give(batch[place], asked.answer, std::move(result));
    }
}

void answer_deeds(StepCall const& call, db::Rows const& rows, std::vector<LaneRequest>& batch)
{
    for (int row = 0; auto const place : call.step.requests) {
        DeedAnswer answer{std::string(rows.text(row, 0)),
                          rows.is_null(row, 1) ? json::value() : json::parse(rows.text(row, 1)),
                          std::string(rows.text(row, 2)), rows.is_null(row, 3) ? 0 : rows.integer(row, 3)};
        ++row;
        net::count("kutsu_deeds_total", {{"outcome", answer.outcome}});
        give(batch[place], std::get<Acting>(batch[place].what).answer, Result<DeedAnswer>(std::move(answer)));
    }
}

using Places = std::vector<std::size_t>;

// A run of submissions: the ordinary ones at once, the others one by one. An event with one that is not
// ordinary is decided one by one as a whole, since the order of its parties counts; who is known already
// takes no seat and may come last.
void plan_run(std::vector<LaneRequest> const& batch, Places const& run,
              std::function<bool(std::int64_t)> const& needs_exact, std::vector<Step>& steps)
{
    std::set<std::int64_t> exact_events;
    for (auto const place : run) {
        auto const event_id = event_of(batch[place]);
        auto const& asked = *submitting(batch[place]);
        if (!asked.is_known && (!asked.is_ordinary || needs_exact(event_id)))
            exact_events.insert(event_id);
    }
    Places fast, exact;
    for (auto const place : run) {
        bool const is_exact =
            submitting(batch[place])->is_known || exact_events.contains(event_of(batch[place]));
        (is_exact ? exact : fast).push_back(place);
    }
    if (!fast.empty())
        steps.push_back({Step::Kind::fast, std::move(fast)});
    if (!exact.empty())
        steps.push_back({Step::Kind::exact, std::move(exact)});
}

std::set<std::int64_t> events_of(std::vector<LaneRequest> const& batch)
{
    std::set<std::int64_t> events;
    for (auto const& request : batch)
        events.insert(event_of(request));
    return events;
}

// "2,7" as places from 0 on, below `limit`; empty when it is no such list.
std::vector<std::size_t> places_in(std::string_view list, std::size_t limit)
{
    std::vector<std::size_t> places;
    auto const* const end = list.data() + list.size();
    for (auto const* at = list.data(); at < end;) {
        std::size_t number = 0;
        auto const read = std::from_chars(at, end, number);
        if (read.ec != std::errc() || number == 0 || number > limit || (read.ptr < end && *read.ptr != ','))
            return {};
        places.push_back(number - 1);
        at = read.ptr + 1;
    }
    return places;
}

}

std::int64_t event_of(LaneRequest const& request)
{
    auto const* asked = submitting(request);
    return asked ? asked->party.event_id : std::get<Acting>(request.what).event_id;
}

Problem overloaded(std::chrono::milliseconds wait)
{
    Problem problem{ProblemName::overloaded, {}, {}, {}, {}, {}};
    problem.retry_after_ms = wait.count();
    return problem;
}

void refuse(LaneRequest& request, Problem const& problem)
{
    std::visit([&](auto& asked) { give(request, asked.answer, {std::unexpected(problem)}); }, request.what);
}

void fail(LaneRequest& request, std::exception_ptr const& failure)
{
    request.is_answered = true;
    std::visit([&](auto& asked) { asked.answer(failure, {}); }, request.what);
}

std::vector<Step> plan_steps(std::vector<LaneRequest> const& batch,
                             std::function<bool(std::int64_t event_id)> const& needs_exact)
{
    std::vector<Step> steps;
    for (std::size_t from = 0; from < batch.size();) {
        bool const are_submissions = submitting(batch[from]) != nullptr;
        Places run;
        for (; from < batch.size() && (submitting(batch[from]) != nullptr) == are_submissions; ++from)
            run.push_back(from);
        if (are_submissions)
            plan_run(batch, run, needs_exact, steps);
        else
            steps.push_back({Step::Kind::deeds, std::move(run)});
    }
    // Each call locks its events by id; several calls, or deeds one after another, together would not.
    bool const lock_for_themselves = steps.size() == 1 && steps.front().kind != Step::Kind::deeds;
    if (!lock_for_themselves && events_of(batch).size() > 1)
        steps.insert(steps.begin(), {Step::Kind::locks, {}});
    return steps;
}

Statement const& StepCall::statement() const
{
    switch (step.kind) {
    case Step::Kind::locks:
        return locks_statement;
    case Step::Kind::fast:
        return fast_statement;
    case Step::Kind::deeds:
        return deeds_statement;
    case Step::Kind::exact:
        break;
    }
    return exact_statement;
}

std::size_t StepCall::expected_rows() const
{
    return step.kind == Step::Kind::fast ? fast->events().size() : step.requests.size();
}

StepCall make_call(Step step, std::vector<LaneRequest> const& batch, Instant now)
{
    StepCall call{std::move(step), nullptr, {}};
    std::vector<Party const*> parties;
    json::array list;
    std::string events;
    switch (call.step.kind) {
    case Step::Kind::locks:
        for (auto const event_id : events_of(batch))
            events += (events.empty() ? "{" : ",") + std::to_string(event_id);
        call.texts = {events + "}"};
        break;
    case Step::Kind::fast:
        for (auto const place : call.step.requests)
            parties.push_back(&submitting(batch[place])->party);
        call.fast = std::make_unique<FastCall>(now, parties);
        break;
    case Step::Kind::exact:
        for (auto const place : call.step.requests)
            list.push_back(exact_row(submitting(batch[place])->party));
        call.texts = {format_utc(now), json::serialize(list)};
        break;
    case Step::Kind::deeds:
        for (auto const place : call.step.requests)
            list.push_back(std::get<Acting>(batch[place].what).deed);
        call.texts = {format_utc(now), json::serialize(list)};
        break;
    }
    return call;
}

Unfit unfit_of(StepCall const& call, std::string_view message, std::string_view detail)
{
    Unfit unfit;
    if (message == "events") {
        auto const& events = call.fast->events();
        for (auto const place : places_in(detail, events.size()))
            unfit.events.push_back(events[place].event_id);
    } else {
        auto const& parties = call.fast->parties();
        for (auto const place : places_in(detail, parties.size()))
            unfit.requests.push_back(call.step.requests[parties[place].party]);
    }
    return unfit;
}

std::vector<db::Change> changes_of(StepCall const& call, db::Rows const& rows,
                                   std::vector<LaneRequest> const& batch, Instant now)
{
    std::vector<db::Change> changes;
    if (call.step.kind != Step::Kind::fast)
        return changes;
    for (auto const& part : call.fast->parties()) {
        if (part.nth != 1)
            continue;
        auto const row = static_cast<int>(part.event);
        changes.push_back({rows.integer(row, 0),
                           submitting(batch[call.step.requests[part.party]])->event_slug,
                           rows.integer(row, version_column), "seats",
                           json::parse(rows.text(row, payload_column)), "registration", "", now});
    }
    return changes;
}

void answer_step(StepCall const& call, db::Rows const& rows, std::vector<LaneRequest>& batch)
{
    switch (call.step.kind) {
    case Step::Kind::locks:
        break;
    case Step::Kind::fast:
        return answer_fast(call, rows, batch);
    case Step::Kind::exact:
        return answer_exact(call, rows, batch);
    case Step::Kind::deeds:
        return answer_deeds(call, rows, batch);
    }
}

}
