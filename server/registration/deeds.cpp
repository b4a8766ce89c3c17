#include "registration/deeds.h"

#include "base/secret.h"
#include "registration/offer_rules.h"

namespace kutsu::registration
{

json::value offer_until(events::Event const& event, Instant now)
{
    auto const expires = offer_expiry(offer_terms(event), now);
    return expires ? json::value(format_utc(*expires)) : json::value();
}

json::object deed(std::string_view kind, std::string_view actor, events::Event const& event, Instant now)
{
    return {{"event_id", event.event_id},
            {"kind", kind},
            {"actor", actor},
            {"offer_expires_at", offer_until(event, now)}};
}

json::object token_deed(std::string_view kind, std::string const& token, events::Event const& event,
                        Instant now)
{
    auto made = deed(kind, "registration", event, now);
    made["token_hash"] = to_hex(sha256(token));
    return made;
}

}
