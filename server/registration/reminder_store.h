// SQL of what the clock does to registrations.
#pragma once

#include "base/local_time.h"
#include "db/timers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

// An event as the tables have it now; what is in memory may be a moment old.
struct EventDates
{
    std::int64_t event_id = 0;
    std::string slug;
    std::string status;
    std::string time_zone;
    LocalTime starts_local;
    Instant starts_at;
    Instant ends_at;
    std::optional<Instant> opens_at;
    std::optional<Instant> closes_at;
    bool reminders = false;
};
std::optional<EventDates> event_dates(db::Reader& reader, std::string const& public_id);

// A letter to each registration with a seat, once for each start of the event. Says how many were written.
std::int64_t queue_reminders(db::Transaction& transaction, EventDates const& event, Instant now);
// To whoever has not answered yet; 0 when the offer is no longer open.
std::int64_t queue_offer_expiring(db::Transaction& transaction, std::string const& registration, Instant now);

struct OpenOffer
{
    std::string registration;
    std::string time_zone;
    Instant made_at;
    Instant expires_at;
};
// Offers of at least this length that no timer watches yet.
std::vector<OpenOffer> offers_without_notice(db::Reader& reader, std::int64_t at_least_hours, int limit);

std::vector<std::int64_t> events_with_expired_offers(db::Reader& reader, Instant now);
std::optional<Instant> next_offer_end(db::Reader& reader);

// Of events that ended before. Says how many went.
std::int64_t remove_shadows(db::Transaction& transaction, Instant ended_before);

}
