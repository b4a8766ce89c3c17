#include "mail/outbox.h"

#include "db/rows.h"

namespace kutsu::mail
{

void enqueue(db::Transaction& transaction, OutboxEntry const& entry)
{
    db::execute(transaction, R"(
        insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params,
                            next_attempt_at, created_at)
        values (:dedupe_key, :kind, :recipient, :language, :event_id, :registration_id, cast(:params as jsonb),
                at_ms(:next_attempt_at), at_ms(:created_at))
        on conflict (dedupe_key) do nothing)",
                entry.dedupe_key, entry.kind, entry.recipient, entry.language, entry.event_id,
                entry.registration_id, boost::json::value(entry.params), entry.created_at, entry.created_at);
}

}
