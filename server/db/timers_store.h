// The SQL of db/timers.h.
#pragma once

#include "db/timers.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::db::store
{

// The first one that is due and that nobody holds; locked until the transaction ends.
std::optional<DueTimer> claim(Transaction& transaction, std::vector<std::string> const& kinds, Instant now);

void finish(Transaction& transaction, std::int64_t timer_id, std::string const& state,
            std::string const& note, Instant now);
void come_round(Transaction& transaction, std::int64_t timer_id, Instant next, std::string const& note);
void try_again(Transaction& transaction, std::int64_t timer_id, Instant at, std::string const& error);
void give_up(Transaction& transaction, std::int64_t timer_id, std::string const& error, Instant now);

// One waiting row a kind, due at `next` at the latest: a clock that was set back does not keep it waiting.
void ensure_repeating(Transaction& transaction, std::string const& kind, Instant next, Instant now);

std::int64_t count_due(Reader& reader, std::vector<std::string> const& kinds, Instant now);
std::optional<Instant> next_due(Reader& reader, std::vector<std::string> const& kinds);

}
