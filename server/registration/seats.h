// What organisers do with seats: limits of an event, its sessions and its pools, decisions about one
// registration, and the log of who left a waiting list for a seat. Pure; the desk decides (schema: desk_act).
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "base/problem.h"
#include "base/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kutsu::registration
{

// A limit that is set: the event's own, or that of one of its sessions or pools. Absolute, so that doing it
// twice is doing it once.
struct CapacityChange
{
    std::optional<std::int64_t> capacity;   // empty: as many as come
    std::string session;                    // public id
    std::string pool;                       // key
    std::optional<std::int64_t> if_version; // the event's, where nothing may have happened meanwhile
};
Result<CapacityChange> decode_capacity_change(json::object const& object);
json::object to_deed(CapacityChange const& change, json::object deed);

// What an organiser makes of a registration.
struct Decision
{
    std::string registration; // public id
    std::string to;           // confirmed, waitlisted, declined, cancelled, pending
    Text reason;              // told to the guest in their language
    bool notify = true;
};
json::object to_deed(Decision const& decision, json::object deed);

// Somebody left a waiting list for a seat.
struct Promotion
{
    std::int64_t promotion_id = 0;
    std::string registration; // public id
    std::string name;
    std::optional<std::string> session; // whose queue; empty: the event's
    Instant at;
    std::string why; // what had made room; schema: promotion
    std::string from_status;
    std::string to_status;
    std::optional<Instant> offer_expires_at;
};
json::object to_json(Promotion const& promotion);

}
