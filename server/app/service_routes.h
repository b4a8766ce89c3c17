// What operators and browsers ask beside the rooms' pages: health, metrics, the client's files.
#pragma once

#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <exception>
#include <optional>
#include <vector>

namespace kutsu::app
{

namespace asio = boost::asio;

// The client's files under names that change with their content: /assets/NAME.HASH.EXT.
html::Assets assets();
std::vector<net::Route> service_routes(Services& services);
// Nothing is here: a page for people, a problem for programs, plain words for calendars.
asio::awaitable<net::Response> not_found(Services& services, net::Request const& request);
// A handler threw: 503 while the database is away, else 500; a page for people, a problem for programs.
net::Response failure_response(Services const& services, net::Request const& request,
                               std::exception_ptr const& failure);
// The same for methods of the socket: overloaded while the database is away, nothing for a bug of ours.
std::optional<Problem> method_failure(std::exception_ptr const& failure);

}
