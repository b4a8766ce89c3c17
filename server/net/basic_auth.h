// HTTP Basic credentials (RFC 7617), for programs that know no other way: CalDAV clients.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::net
{

struct BasicCredentials
{
    std::string user;
    std::string password;
};

// Nothing when the field of Authorization is something else or malformed.
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

}
