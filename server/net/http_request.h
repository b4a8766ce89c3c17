// From a header block to the Request that rooms see.
#pragma once

#include "net/guard.h"

#include <string>
#include <vector>

namespace kutsu::net
{

Request make_request(Head const& head, Framing const& framing, std::string peer);
// Behind a proxy of ours the caller is the last address of X-Forwarded-For that no proxy of ours has;
// otherwise the socket's own, whatever the caller writes there.
std::string caller_address(Head const& head, std::string const& socket_address,
                           std::vector<std::string> const& proxies);
// A header block that check_layout() let pass, parsed.
std::expected<Head, Refusal> parse_head(std::string_view block);

}
