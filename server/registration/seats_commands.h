// What organisers do with seats; each deed goes through the event's lane like any other. Needs
// manage_registrations; else not_allowed.
#pragma once

#include "accounts/accounts.h"
#include "base/services.h"
#include "events/catalogue.h"
#include "registration/seats.h"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace kutsu::registration
{

namespace asio = boost::asio;

// The limits as they are: {"seats", "pools", "sessions", "version"}.
asio::awaitable<Result<json::object>> limits(Services& services, events::EventPtr event,
                                             accounts::Actor const& actor);
// More seats serve the queue before anybody else. Problems: conflict (fewer than are taken, or the event has
// changed since `if_version`; the truth is under current), not_found (no such session or pool).
asio::awaitable<Result<json::object>> set_capacity(Services& services, events::EventPtr event,
                                                   accounts::Actor const& actor, CapacityChange change);
// Gives the registration as it is then. Problems: not_found, full, conflict (the address has registered
// again, or there is no queue to go to), gone (erased).
asio::awaitable<Result<json::object>> decide(Services& services, events::EventPtr event,
                                             accounts::Actor const& actor, Decision decision);
// Who left a waiting list for a seat, the newest first; `before`: of the last one seen.
asio::awaitable<Result<std::vector<Promotion>>> promotions(Services& services, events::EventPtr event,
                                                           accounts::Actor const& actor, std::int64_t before,
                                                           std::int64_t limit);

}
