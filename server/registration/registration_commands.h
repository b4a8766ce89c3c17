// What the owner of a registration's link may do, and registering itself: the same functions for socket, HTTP
// and form. Unknown tokens: not_found. Links of addresses that were registered twice behave like any other
// (schema: registration_shadow), so that nobody learns who is registered.
#pragma once

#include "base/services.h"
#include "registration/registration.h"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kutsu::registration
{

namespace asio = boost::asio;

asio::awaitable<Result<Registration>> get(Services& services, std::string token);
// Repeating it changes nothing.
asio::awaitable<Result<Registration>> cancel(Services& services, std::string token);
// With why, for the organisers' eyes only (own_registration.h: tidy_reason).
asio::awaitable<Result<Registration>> cancel(Services& services, std::string token,
                                             std::optional<std::string> reason);
// Problems: validation, conflict (already cancelled), full (no seat where the change would move it).
asio::awaitable<Result<Registration>> change(Services& services, std::string token, Change change);
// Problems: conflict (nothing is offered), closed (the offer has expired).
asio::awaitable<Result<Registration>> accept_offer(Services& services, std::string token);
asio::awaitable<Result<Registration>> decline_offer(Services& services, std::string token);

// Where a submission comes from: what the doors know beside the fields.
struct Door
{
    std::string peer;     // address without port; empty: the program itself
    std::string language; // of the page or the caller, for guests who name none
    bool id_required = false;
};

// Checks shape and form, then submits. `fields` are the members of contract section 5; without a
// submission_id one is made, unless it is required. Problems: those of Desk::submit, validation, not_found,
// too_many_requests.
asio::awaitable<Result<Receipt>> register_guest(Services& services, std::string event_slug,
                                                json::object fields, Door door);

}
