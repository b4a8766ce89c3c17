// Durable timers: what is to happen at an instant of the program's clock, once, whichever process does it. A
// timer is claimed and done in the transaction that holds its effect, so that kill -9 leaves either both or
// nothing; rows that another process holds are passed over. The row stays as the proof.
//
// For what has no state of its own to tell that it is due. What does (an offer with its expiry, a link with
// its end) is found by a question instead, and needs no timer.
#pragma once

#include "base/clock.h"
#include "base/problem.h"
#include "db/reader.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::db
{

class Database;

struct TimerWish
{
    std::string kind;
    Instant due_at;
    std::optional<Instant> useless_after; // coming up later than this, it is skipped

    bool operator==(TimerWish const&) const = default;
};

// All timers of some kinds that one subject should have, as derived from one version of it.
struct TimerPlan
{
    std::string subject;
    std::int64_t epoch = 0; // grows when the subject is made anew and its versions begin again
    std::int64_t version = 0;
    std::vector<std::string> kinds;
    std::vector<TimerWish> wishes;
};

// Adds what is missing and withdraws what waits without being wished any more. What was done stays done: a
// wish for the same instant again changes nothing. Repeating it changes nothing; a plan from an older version
// than the last one is ignored (false).
Result<bool> plan_timers(Transaction& transaction, TimerPlan const& plan, Instant now);

// One timer more, unless it is there already.
void add_timer(Transaction& transaction, std::string const& subject, TimerWish const& wish, Instant now);

struct DueTimer
{
    std::int64_t timer_id = 0;
    std::string kind;
    std::string subject;
    Instant due_at;
    std::optional<Instant> useless_after;
    int attempts = 0;
};

struct TimerOutcome
{
    bool skipped = false;
    std::string note; // for operators, without names and addresses
};

// A Problem or an exception rolls back and is tried again later.
using TimerDeed = std::function<Result<TimerOutcome>(Transaction&, DueTimer const&, Instant now)>;

struct TimerKind
{
    std::string name;
    TimerDeed deed;
    std::optional<std::chrono::milliseconds> every; // comes round again, for the whole house
};

struct TimerStanding
{
    std::int64_t late = 0; // due for more than two minutes
    std::optional<Instant> oldest;
    std::int64_t failed = 0;
};
TimerStanding timer_standing(Reader& reader, Instant now);

class Timers
{
public:
    Timers(Database& database, Clock const& clock, std::vector<TimerKind> kinds);

    // Does what is due, at most so many, each in a transaction of its own; says how many were dealt with.
    // Throws DatabaseAway and the like, not what a single timer's deed throws.
    int run_due(int limit = 1000);
    // Of the timers this program knows: when the next one is due. May lie in the past.
    std::optional<Instant> next_due();

private:
    struct Claimed;

    void ensure_repeating(Instant now);
    bool run_one(Instant now);
    Result<bool> claim_and_do(Transaction& transaction, Claimed& claimed, Instant now);
    void note_failure(Claimed const& claimed, std::string const& error, Instant now);
    TimerKind const& kind_named(std::string const& name) const;

    Database& database_;
    Clock const& clock_;
    std::vector<TimerKind> kinds_;
    std::vector<std::string> names_;
    std::chrono::steady_clock::time_point ensured_{}; // looked after those that come round, last
};

}
