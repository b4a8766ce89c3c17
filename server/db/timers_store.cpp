#include "db/timers_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

#include <algorithm>

namespace kutsu::db
{

BOOST_DESCRIBE_STRUCT(DueTimer, (), (timer_id, kind, subject, due_at, useless_after, attempts))
BOOST_DESCRIBE_STRUCT(TimerStanding, (), (late, oldest, failed))

namespace
{

// The one row of a subject's plan orders the processes that derive it.
bool is_newest(Transaction& transaction, TimerPlan const& plan)
{
    return execute(transaction, R"(
        insert into timer_plan as known (subject, epoch, version) values (:subject, :epoch, :version)
        on conflict (subject) do update set epoch = excluded.epoch, version = excluded.version
         where (known.epoch, known.version) <= (excluded.epoch, excluded.version))",
                   plan.subject, plan.epoch, plan.version) > 0;
}

struct WaitingRow
{
    std::int64_t timer_id = 0;
    std::string kind;
    Instant due_at;
};
BOOST_DESCRIBE_STRUCT(WaitingRow, (), (timer_id, kind, due_at))

void withdraw_unwished(Transaction& transaction, TimerPlan const& plan, Instant now)
{
    auto const waiting = list<WaitingRow>(transaction, R"(
        select timer_id, kind, ms(due_at) as due_at from timer
         where subject = :subject and kind = any(:kinds) and state = 'waiting' for update)",
                                          plan.subject, plan.kinds);
    for (auto const& row : waiting) {
        bool const wished = std::ranges::any_of(plan.wishes, [&](TimerWish const& wish) {
            return wish.kind == row.kind && wish.due_at == row.due_at;
        });
        if (!wished)
            execute(transaction,
                    "update timer set state = 'withdrawn', done_at = at_ms(:now) where timer_id = :id", now,
                    row.timer_id);
    }
}

}

Result<bool> plan_timers(Transaction& transaction, TimerPlan const& plan, Instant now)
{
    if (!is_newest(transaction, plan))
        return false;
    withdraw_unwished(transaction, plan, now);
    for (auto const& wish : plan.wishes)
        add_timer(transaction, plan.subject, wish, now);
    return true;
}

void add_timer(Transaction& transaction, std::string const& subject, TimerWish const& wish, Instant now)
{
    // What would come too late is not begun; what was withdrawn is wanted again.
    if (wish.useless_after && *wish.useless_after < now)
        return;
    execute(transaction, R"(
        insert into timer as known (kind, subject, due_at, useless_after, next_attempt_at, created_at)
        values (:kind, :subject, at_ms(:due), at_ms(:useless), at_ms(:attempt), at_ms(:now))
        on conflict (kind, subject, due_at) do update
           set state = 'waiting', done_at = null, useless_after = excluded.useless_after
         where known.state = 'withdrawn'
            or (known.state = 'waiting' and known.useless_after is distinct from excluded.useless_after))",
            wish.kind, subject, wish.due_at, wish.useless_after, wish.due_at, now);
}

TimerStanding timer_standing(Reader& reader, Instant now)
{
    return get<TimerStanding>(reader, R"(
        select count(*) filter (where state = 'waiting' and due_at < at_ms(:late)) as late,
               ms(min(due_at) filter (where state = 'waiting' and due_at < at_ms(:late2))) as oldest,
               count(*) filter (where state = 'failed') as failed
          from timer where state in ('waiting', 'failed'))",
                              now - std::chrono::minutes(2), now - std::chrono::minutes(2));
}

}

namespace kutsu::db::store
{

std::optional<DueTimer> claim(Transaction& transaction, std::vector<std::string> const& kinds, Instant now)
{
    // An attempt that lies more than an hour ahead was put there by a clock that has been set back since.
    return find<DueTimer>(transaction, R"(
        select timer_id, kind, subject, ms(due_at) as due_at, ms(useless_after) as useless_after, attempts
          from timer
         where state = 'waiting' and kind = any(:kinds) and due_at <= at_ms(:now)
           and (next_attempt_at <= at_ms(:now2) or next_attempt_at > at_ms(:now3) + interval '1 hour')
         order by due_at, timer_id limit 1 for update skip locked)",
                          kinds, now, now, now);
}

void finish(Transaction& transaction, std::int64_t timer_id, std::string const& state,
            std::string const& note, Instant now)
{
    execute(transaction, R"(
        update timer set state = :state, note = nullif(:note, ''), attempts = attempts + 1, done_at = at_ms(:now)
         where timer_id = :id)",
            state, note, now, timer_id);
}

void come_round(Transaction& transaction, std::int64_t timer_id, Instant next, std::string const& note)
{
    execute(transaction, R"(
        update timer set due_at = at_ms(:next), next_attempt_at = at_ms(:next2), note = nullif(:note, ''),
                         attempts = 0, last_error = null
         where timer_id = :id)",
            next, next, note, timer_id);
}

void try_again(Transaction& transaction, std::int64_t timer_id, Instant at, std::string const& error)
{
    execute(transaction, R"(
        update timer set attempts = attempts + 1, next_attempt_at = at_ms(:at), last_error = :error
         where timer_id = :id and state = 'waiting')",
            at, error, timer_id);
}

void give_up(Transaction& transaction, std::int64_t timer_id, std::string const& error, Instant now)
{
    execute(transaction, R"(
        update timer set state = 'failed', attempts = attempts + 1, last_error = :error, done_at = at_ms(:now)
         where timer_id = :id and state = 'waiting')",
            error, now, timer_id);
}

void ensure_repeating(Transaction& transaction, std::string const& kind, Instant next, Instant now)
{
    // Looks first: an insert that conflicts would use up a number and a lock each time.
    auto const waiting =
        find<Instant>(transaction,
                      "select ms(due_at) as due_at from timer where kind = :kind and subject = "
                      "'' and state = 'waiting'",
                      kind);
    if (!waiting)
        execute(transaction, R"(
            insert into timer (kind, subject, due_at, next_attempt_at, created_at)
            select :kind, '', at_ms(:next), at_ms(:next2), at_ms(:now)
             where not exists (select from timer where kind = :kind2 and subject = '' and state = 'waiting')
            on conflict do nothing)",
                kind, next, next, now, kind);
    else if (*waiting > next)
        execute(transaction, R"(
            update timer set due_at = at_ms(:next), next_attempt_at = at_ms(:next2)
             where kind = :kind and subject = '' and state = 'waiting')",
                next, next, kind);
}

std::int64_t count_due(Reader& reader, std::vector<std::string> const& kinds, Instant now)
{
    return get<std::int64_t>(
        reader,
        "select count(*) as due from timer where state = 'waiting' and kind = any(:kinds) and due_at <= "
        "at_ms(:now)",
        kinds, now);
}

std::optional<Instant> next_due(Reader& reader, std::vector<std::string> const& kinds)
{
    return get<std::optional<Instant>>(reader,
                                       "select ms(min(greatest(due_at, next_attempt_at))) as due from timer "
                                       "where state = 'waiting' and kind = "
                                       "any(:kinds)",
                                       kinds);
}

}
