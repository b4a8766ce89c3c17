// What the owner of a link may do besides changing and cancelling: hand the place on, see and erase what is
// held; and what anybody may do: ask for lost links. The same functions for socket, HTTP and pages. Whatever
// the link leads to, the answers do not tell whose address is registered: what only looks like a registration
// (schema: registration_shadow) is handed on, shown and erased like one.
#pragma once

#include "base/services.h"
#include "registration/own_registration.h"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace kutsu::registration
{

namespace asio = boost::asio;

// Tokens of the buckets for whatever is done with a link: by the caller's address and by the link.
Result<void> admit_deed(Services& services, std::string_view peer, std::string_view token);

// Seat, companions, sessions and answers about the seat pass to somebody else, who gets a mail with a link of
// their own; this link is gone. The answer is the same when that address is registered already: then its
// owner is told, and the place goes to the next in line. Gives the event's slug.
// Problems: not_found, gone, conflict (ended), closed (the event is over), validation.
asio::awaitable<Result<std::string>> transfer(Services& services, std::string token, Transfer transfer);

// Everything that is held about the registration. Problems: not_found, gone.
asio::awaitable<Result<json::object>> export_data(Services& services, std::string token);

// Cancels if there is something to cancel, then forgets the person; the link is gone. Gives the event's slug.
// Problems: not_found, gone.
asio::awaitable<Result<std::string>> erase(Services& services, std::string token);

// Mails the links of an address to it, if there are any; nobody else can tell. Problems: too_many_requests.
asio::awaitable<Result<void>> send_lost_links(Services& services, LostLink lost, std::string peer);

}
