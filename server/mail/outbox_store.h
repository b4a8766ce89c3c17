// The outbox's SQL. Times are the program's, passed in; the database's own clock is never asked.
#pragma once

#include "db/reader.h"
#include "mail/compose.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::mail
{

// When a mail that was not taken is tried again: after `first`, then twice as long each time up to `longest`;
// one that could not be delivered for `give_up` is not tried any more.
struct Retry
{
    std::chrono::milliseconds first = std::chrono::seconds(30);
    std::chrono::milliseconds longest = std::chrono::hours(1);
    std::chrono::milliseconds give_up = std::chrono::hours(48);
};
std::chrono::milliseconds wait_after(Retry const& retry, int attempts);

}

namespace kutsu::mail::store
{

// What is due, oldest first: of each recipient only the mail that is first in line, so that nobody reads
// "cancelled" before "confirmed". The rows are locked until the transaction ends; rows that another process
// holds are left out.
std::vector<OutboxRow> lock_due(db::Transaction& transaction, Instant now, int limit);

// Keeps the bytes before they are sent for the first time: a second sending is the same to the last byte.
// How many calendar messages this person was sent about the event before this one, which is counted. One
// that does not begin anything (`begins`) is counted only if there was one before.
std::int64_t count_calendar_message(db::Transaction& transaction, std::string const& event_slug,
                                    std::string const& recipient, bool begins);
void keep_rendered(db::Transaction& transaction, std::int64_t outbox_id, std::string const& bytes);

// Secrets and rendered bytes go when the mail has gone; of the last mail to somebody whose data are erased
// the address, too.
void mark_sent(db::Transaction& transaction, std::int64_t outbox_id, Instant at);
void mark_failed(db::Transaction& transaction, std::int64_t outbox_id, std::string_view error);
void postpone(db::Transaction& transaction, std::int64_t outbox_id, Instant until, std::string_view error);

}
