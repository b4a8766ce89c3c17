// Mail to be sent: written in the transaction that gives the reason for it, sent after the commit by
// mail/worker.h.
#pragma once

#include "base/clock.h"
#include "db/reader.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace kutsu::mail
{

struct OutboxEntry
{
    std::string
        dedupe_key;   // one mail a key, for ever: "confirmed:SUBMISSION_ID"; visible ASCII without blanks
    std::string kind; // a kind of mail/compose.h
    std::string recipient;
    std::string language;
    std::optional<std::int64_t> event_id;
    std::optional<std::int64_t> registration_id;
    // What the words need: name, submission_id, position, offer_expires_at_ms, sessions [{"id","status"}],
    // reason; for sign_in_link: name, token, minutes.
    boost::json::object params;
    Instant created_at;
};

// A second entry with the same key changes nothing.
void enqueue(db::Transaction& transaction, OutboxEntry const& entry);

}
