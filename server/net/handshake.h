// Who may open a WebSocket, and which hosts and origins are this server's own. Pure functions.
#pragma once

#include "net/guard.h"

namespace kutsu::net
{

struct HandshakeRules
{
    bool checks_origin = true;        // and the subprotocol; not for the conformance echo
    std::vector<std::string> origins; // ours
};

// The subprotocol to answer with, perhaps none, for a GET of a WebSocket's path.
std::expected<std::string, Refusal> check_handshake(Head const& head, HandshakeRules const& rules);

// "https://kutsu.example" in its parts; the port is the scheme's where none is written. Empty for anything
// else.
struct Origin
{
    std::string scheme, host;
    std::uint16_t port = 0;
};
std::optional<Origin> parse_origin(std::string_view url);

bool is_loopback(std::string_view address);
bool is_wildcard(std::string_view address); // 0.0.0.0 or ::
// The Host values that are ours, for a server with this base URL listening there.
std::vector<std::string> own_hosts(std::string_view base_url, std::string_view address, std::uint16_t port);
std::vector<std::string> own_origins(std::string_view base_url, std::string_view address, std::uint16_t port);
std::string bracketed(std::string_view address); // "::1" as "[::1]"

}
