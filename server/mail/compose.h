// From a row of the outbox to a mail: words of the catalogue in the recipient's language, the event as it is
// now, every time in both cities. Pure. A kind or parameter that is unknown never stops a mail that can say
// enough without it.
#pragma once

#include "base/services.h"
#include "events/event.h"
#include "mail/message.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::mail
{

// A row of the outbox that is due.
struct OutboxRow
{
    std::int64_t outbox_id = 0;
    std::string dedupe_key;
    std::string kind;
    std::string recipient;
    std::string language;
    std::optional<std::string> event; // slug
    boost::json::object params;
    int attempts = 0;
    Instant created_at;
    std::optional<std::string> rendered; // the bytes of an earlier attempt
    // How many mails of a calendar kind this person got about this event before, so that each calendar
    // message has a higher SEQUENCE than the last.
    std::int64_t calendar_mails_before = 0;
};

std::vector<std::string_view> kinds();

// `event` is null when the row is about none. Throws std::invalid_argument for a kind that does not exist,
// one that needs an event and has none, and an address that cannot be written to.
Mail compose(OutboxRow const& row, events::Event const* event, Site const& site, Keys const& keys);

}
