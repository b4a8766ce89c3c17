// Telling those who come that the programme has changed: one mail each, about the sessions that concern them.
#pragma once

#include "base/services.h"
#include "base/text.h"
#include "db/reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

struct SessionTime
{
    Instant starts_at;
    Instant ends_at;
    Text room;
};

struct SessionNotice
{
    std::int64_t session_id = 0;
    Text title;
    std::string time_zone;
    SessionTime before;
    std::optional<SessionTime> now; // nothing: it does not take place
};

// In the transaction that gives the reason. A session people sign up for concerns who chose it, any other
// concerns everybody with a seat. `occasion` makes the mails' keys: the same again writes nothing. Says how
// many are told.
std::int64_t tell_of_sessions(db::Transaction& transaction, std::int64_t event_id,
                              std::vector<SessionNotice> const& notices, std::string const& occasion,
                              Instant now);

}
