#include "mail/outbox_store.h"

#include "db/rows.h"

#include <algorithm>

namespace kutsu::mail
{

std::chrono::milliseconds wait_after(Retry const& retry, int attempts)
{
    auto const doublings = std::clamp(attempts - 1, 0, 20);
    return std::min(retry.first * (1 << doublings), retry.longest);
}

}

namespace kutsu::mail::store
{
namespace
{

struct DueRow
{
    std::int64_t outbox_id = 0;
    std::string dedupe_key;
    std::string kind;
    std::string recipient;
    std::string language;
    std::optional<std::string> event;
    boost::json::object params;
    int attempts = 0;
    Instant created_at;
    std::optional<std::string> rendered;
};
BOOST_DESCRIBE_STRUCT(DueRow, (),
                      (outbox_id, dedupe_key, kind, recipient, language, event, params, attempts, created_at,
                       rendered))

// A mail server may answer in any bytes; what is stored is short and plain.
std::string shortened(std::string_view error)
{
    std::string plain(error.substr(0, 300));
    std::ranges::replace_if(plain, [](char c) { return c < ' ' || c == 0x7f; }, '?');
    return plain;
}

}

// "offset 0": asked for each letter taken, by recipient, instead of joining all that are queued.
std::vector<OutboxRow> lock_due(db::Transaction& transaction, Instant now, int limit)
{
    auto const due = db::list<DueRow>(transaction, R"(
        select o.outbox_id, o.dedupe_key, o.kind, o.recipient, o.language, e.slug as event,
               o.params - 'rendered' as params, o.attempts, ms(o.created_at) as created_at,
               o.params ->> 'rendered' as rendered
          from outbox o left join event e using (event_id)
         where o.state = 'queued' and o.next_attempt_at <= at_ms(:now)
           and not exists (select from outbox earlier
                            where earlier.recipient = o.recipient and earlier.state = 'queued'
                              and earlier.outbox_id < o.outbox_id offset 0)
         order by o.next_attempt_at, o.outbox_id
         limit :limit
           for update of o skip locked)",
                                      now, limit);
    std::vector<OutboxRow> rows;
    for (auto const& row : due)
        rows.push_back({row.outbox_id, row.dedupe_key, row.kind, row.recipient, row.language, row.event,
                        row.params, row.attempts, row.created_at, row.rendered});
    return rows;
}

std::int64_t count_calendar_message(db::Transaction& transaction, std::string const& event_slug,
                                    std::string const& recipient, bool begins)
{
    constexpr std::string_view first = R"(
        insert into calendar_message as m (event_id, recipient_hash, sent)
        select event_id, sha256(convert_to(lower(:recipient), 'UTF8')), 1 from event where slug = :slug
        on conflict (event_id, recipient_hash) do update set sent = m.sent + 1 returning sent - 1)";
    constexpr std::string_view next = R"(
        update calendar_message m set sent = sent + 1
         where recipient_hash = sha256(convert_to(lower(:recipient), 'UTF8'))
           and event_id = (select event_id from event where slug = :slug) returning sent - 1)";
    return db::find<std::int64_t>(transaction, begins ? first : next, recipient, event_slug).value_or(0);
}

void keep_rendered(db::Transaction& transaction, std::int64_t outbox_id, std::string const& bytes)
{
    db::execute(transaction, R"(
        update outbox set params = params || jsonb_build_object('rendered', cast(:bytes as text))
         where outbox_id = :outbox_id and state = 'queued')",
                bytes, outbox_id);
}

void mark_sent(db::Transaction& transaction, std::int64_t outbox_id, Instant at)
{
    db::execute(transaction, R"(
        update outbox set state = 'sent', sent_at = at_ms(:at), attempts = attempts + 1, last_error = null,
                          params = params - 'rendered' - 'token',
                          recipient = case when kind = 'erased' then 'erased@invalid' else recipient end
         where outbox_id = :outbox_id and state = 'queued')",
                at, outbox_id);
}

void mark_failed(db::Transaction& transaction, std::int64_t outbox_id, std::string_view error)
{
    db::execute(transaction, R"(
        update outbox set state = 'failed', attempts = attempts + 1, last_error = :error,
                          params = params - 'rendered' - 'token'
         where outbox_id = :outbox_id and state = 'queued')",
                shortened(error), outbox_id);
}

void postpone(db::Transaction& transaction, std::int64_t outbox_id, Instant until, std::string_view error)
{
    db::execute(transaction, R"(
        update outbox set attempts = attempts + 1, next_attempt_at = at_ms(:until), last_error = :error
         where outbox_id = :outbox_id and state = 'queued')",
                until, shortened(error), outbox_id);
}

}
