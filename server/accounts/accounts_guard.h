// Who is asking: the cookie of a signed-in browser and the proof that a request comes from our own pages
// (cookies alone prove nothing: browsers send them along whoever made the request).
#pragma once

#include "accounts/accounts.h"
#include "base/services.h"
#include "net/http.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace kutsu::accounts
{

namespace asio = boost::asio;

// Null when nobody is signed in. Also for the handshake of a socket.
asio::awaitable<std::optional<Actor>> actor_of(Services& services, net::Request const& request);

// For forms: Origin is the base URL's, or there is none and Sec-Fetch-Site says same-origin.
bool is_same_origin(net::Request const& request, Site const& site);
// For JSON: programs send neither header and are no browsers; what a browser says must be right.
bool is_foreign_browser(net::Request const& request, Site const& site);
// A change over HTTP with a cookie also needs the header X-CSRF-Token.
bool has_csrf_token(net::Request const& request, Actor const& actor);

// "__Host-kutsu" with https, "kutsu" without.
std::string cookie_name(Site const& site);
std::optional<std::string> session_cookie(net::Request const& request, Site const& site);
// Values of Set-Cookie.
std::string set_cookie(Site const& site, std::string_view token, std::int64_t seconds);
std::string clear_cookie(Site const& site);

}
