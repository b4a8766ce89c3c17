// The registration desk. Submissions for an event go through one lane: everything that arrived while the last
// batch committed is the next batch; one transaction, one round trip, answers after the commit. The database
// decides seats under the event's counter row (schema: desk_submit_fast, desk_submit, desk_act), so several
// processes stay correct together.
#pragma once

#include "base/clock.h"
#include "base/services.h"
#include "db/change_follower.h"
#include "events/catalogue.h"
#include "registration/registration.h"
#include "registration/registration_commands.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kutsu::registration
{

namespace asio = boost::asio;

struct DeskOptions
{
    std::size_t lanes = 2;
    std::size_t batch_limit = 128;
    std::size_t queue_limit = 20'000; // submissions waiting in one lane; beyond it: overloaded
    std::chrono::milliseconds deadline{10'000};
    std::size_t per_address_a_minute = 0; // 0: no limit
    std::size_t per_email_a_minute = 0;
    std::size_t wrong_codes_a_minute = 0; // of invitations, from one address
    std::chrono::milliseconds answer_after{0};
};

// What became of a deed (schema: desk_act): cancelling, accepting, deciding, raising a capacity and the like.
struct DeedAnswer
{
    std::string
        outcome; // done, unchanged, not_found, conflict, full, expired, not_offered, not_allowed, ended
    json::value answer;
    std::string event_slug;         // empty when there is none
    std::int64_t event_version = 0; // at which the event shows it
};

class Desk
{
public:
    // After each commit one of the two is called, on a lane's thread: `tell` with what the change log got,
    // where the lane knows it, else `wake`.
    Desk(std::string conninfo, Clock const& clock, Keys const& keys, std::function<void()> wake,
         DeskOptions options = {}, std::function<void(std::vector<db::Change>)> tell = {});
    ~Desk(); // finishes what is queued, refuses what comes later

    // The submission has been checked against the event's form.
    // Problems: closed, not_open_yet, full, not_allowed, conflict, overloaded.
    asio::awaitable<Result<Receipt>> submit(Submission submission, events::EventPtr event);

    // Waits until `answer_after` has passed since then. An address that is registered already takes one more
    // round trip to the database, and nobody may read that from the clock. With many under way their waiting
    // for each other hides more than this would, and nothing is waited for.
    asio::awaitable<void> even_out(std::chrono::steady_clock::time_point arrived);

    // A deed goes through its event's lane like a submission, in the order of arrival, and is decided in SQL.
    // `deed` holds what schema: desk_act reads; "event_id" is added. Problems: overloaded.
    asio::awaitable<Result<DeedAnswer>> act(std::int64_t event_id, json::object deed);
    // The same for threads that are no coroutines: waits for the answer. Never on an I/O thread.
    Result<DeedAnswer> act_now(std::int64_t event_id, json::object deed);

    // Token buckets before anything is done. An address of this machine is a proxy in front or a program of
    // the operator's and is not limited: the proxy sees the guests' addresses and has limits of its own.
    Result<void> admit(std::string_view peer, std::string_view email);
    // Codes of invitations are not to be found by trying: a bucket of wrong ones for each address. Counted
    // before it is known, given back when it was right.
    Result<void> admit_code(std::string_view peer);
    void code_was_right(std::string_view peer);

    // Many have just been decided at once, and more may be waiting.
    bool is_rushed() const;

    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}
