#include "db/timers.h"

#include "base/log.h"
#include "db/database.h"
#include "db/rows.h"
#include "db/timers_store.h"
#include "net/metrics.h"

#include <algorithm>
#include <stdexcept>

namespace kutsu::db
{
namespace
{

constexpr int attempts_at_most = 20;

// 2 s, 4 s … ten minutes: twenty attempts take about two hours and a half.
std::chrono::milliseconds wait_after(int attempts)
{
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(1) * (1 << std::clamp(attempts, 1, 12)),
                                               std::chrono::minutes(10));
}

// The next full period: what was missed while nobody ran is not made up for.
Instant next_round(Instant now, std::chrono::milliseconds every)
{
    return Instant((now.time_since_epoch() / every + 1) * every);
}

}

struct Timers::Claimed
{
    std::optional<DueTimer> timer;
    std::string outcome;
};

Timers::Timers(Database& database, Clock const& clock, std::vector<TimerKind> kinds)
    : database_(database), clock_(clock), kinds_(std::move(kinds))
{
    net::describe_metric("kutsu_timers_due", "gauge", "Timers that are due and not yet done.");
    net::describe_metric("kutsu_timer_runs_total", "counter",
                         "Timers that came up, by kind and what came of it.");
    net::describe_metric("kutsu_timer_delay_seconds", "histogram",
                         "How long after its instant a timer came up.");
    for (auto const& kind : kinds_)
        names_.push_back(kind.name);
}

TimerKind const& Timers::kind_named(std::string const& name) const
{
    auto const found = std::ranges::find(kinds_, name, &TimerKind::name);
    if (found == kinds_.end())
        throw std::logic_error("a timer of an unknown kind was claimed");
    return *found;
}

void Timers::ensure_repeating(Instant now)
{
    auto const at_once = std::chrono::steady_clock::now();
    if (ensured_ != std::chrono::steady_clock::time_point() && at_once - ensured_ < std::chrono::minutes(1))
        return;
    auto const deed = [this](Transaction& transaction, Instant const& at) -> Result<bool> {
        for (auto const& kind : kinds_) {
            if (kind.every)
                store::ensure_repeating(transaction, kind.name, next_round(at, *kind.every), at);
        }
        return true;
    };
    if (database_.write_now(deed, now))
        ensured_ = at_once;
}

int Timers::run_due(int limit)
{
    auto const now = clock_.now();
    ensure_repeating(now);
    int done = 0;
    while (done < limit && run_one(clock_.now()))
        ++done;
    auto const due = database_.read_now(store::count_due, names_, clock_.now());
    net::gauge("kutsu_timers_due", static_cast<double>(due));
    return done;
}

std::optional<Instant> Timers::next_due()
{
    return database_.read_now(store::next_due, names_);
}

bool Timers::run_one(Instant now)
{
    Claimed claimed;
    auto const deed = [&](Transaction& transaction) {
        claimed = {};
        return claim_and_do(transaction, claimed, now);
    };
    std::string error;
    try {
        auto const done = database_.write_now(deed);
        if (done && !*done)
            return false;
        if (!done)
            error = std::string(wire_name(done.error().name));
    } catch (DatabaseAway const&) {
        throw; // nothing can be noted now; the row waits as it was
    } catch (std::exception const& failure) {
        if (!claimed.timer)
            throw;
        error = describe(failure);
    }
    if (!claimed.timer)
        return false;
    auto const& timer = *claimed.timer;
    if (!error.empty()) {
        note_failure(claimed, error, now);
        claimed.outcome = "error";
    }
    net::count("kutsu_timer_runs_total", {{"kind", timer.kind}, {"outcome", claimed.outcome}});
    net::observe("kutsu_timer_delay_seconds", std::chrono::duration<double>(now - timer.due_at).count());
    return true;
}

Result<bool> Timers::claim_and_do(Transaction& transaction, Claimed& claimed, Instant now)
{
    claimed.timer = store::claim(transaction, names_, now);
    if (!claimed.timer)
        return false;
    auto const& timer = *claimed.timer;
    auto const& kind = kind_named(timer.kind);
    TimerOutcome outcome{true, "came up too late"};
    if (!timer.useless_after || now <= *timer.useless_after) {
        auto done = kind.deed(transaction, timer, now);
        if (!done)
            return std::unexpected(std::move(done.error()));
        outcome = std::move(*done);
    }
    claimed.outcome = outcome.skipped ? "skipped" : "done";
    if (kind.every)
        store::come_round(transaction, timer.timer_id, next_round(now, *kind.every), outcome.note);
    else
        store::finish(transaction, timer.timer_id, claimed.outcome, outcome.note, now);
    return true;
}

void Timers::note_failure(Claimed const& claimed, std::string const& error, Instant now)
{
    auto const& timer = *claimed.timer;
    auto const attempts = timer.attempts + 1;
    bool const given_up = attempts >= attempts_at_most && !kind_named(timer.kind).every;
    log_warn("a timer failed", {{"kind", timer.kind}, {"subject", timer.subject}, {"error", error}});
    auto const deed = [&](Transaction& transaction) -> Result<bool> {
        if (given_up)
            store::give_up(transaction, timer.timer_id, error, now);
        else
            store::try_again(transaction, timer.timer_id, now + wait_after(attempts), error);
        return true;
    };
    (void)database_.write_now(deed);
}

}
