#include "net/handshake.h"

#include "net/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kutsu::net
{
namespace
{

constexpr std::string_view subprotocol = "kutsu.v1";

std::unexpected<Refusal> no(int status, std::string detail,
                            std::vector<std::pair<std::string, std::string>> headers = {})
{
    return std::unexpected(Refusal{status, std::move(detail), std::move(headers)});
}

// Base64 of 16 bytes: 22 digits and two pads (RFC 6455, section 4.1).
bool is_key(std::string_view key)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key.size() == 24 && key.ends_with("==") &&
           key.substr(0, 22).find_first_not_of(digits) == std::string_view::npos;
}

std::expected<std::string, Refusal> choose_subprotocol(Head const& head)
{
    if (head.count("sec-websocket-protocol") == 0)
        return std::string();
    auto const offered = head.value("sec-websocket-protocol");
    auto const offers = list_elements(offered);
    if (std::ranges::find(offers, subprotocol) == offers.end())
        return no(400, fmt::format("The only subprotocol here is {}.", subprotocol));
    return std::string(subprotocol);
}

std::uint16_t usual_port(std::string_view scheme)
{
    return scheme == "https" ? 443 : 80;
}

std::string spelled(Origin const& origin)
{
    if (origin.port == usual_port(origin.scheme))
        return fmt::format("{}://{}", origin.scheme, origin.host);
    return fmt::format("{}://{}:{}", origin.scheme, origin.host, origin.port);
}

}

std::expected<std::string, Refusal> check_handshake(Head const& head, HandshakeRules const& rules)
{
    if (head.count("upgrade") == 0)
        return no(426, "This address speaks WebSocket.",
                  {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
    if (head.version < 11 || !list_has(head.value("upgrade"), "websocket") ||
        !list_has(head.value("connection"), "upgrade"))
        return no(400, "The handshake needs HTTP/1.1, Upgrade: websocket and Connection: Upgrade.");
    if (head.value("sec-websocket-version") != "13")
        return no(426, "Only version 13 of WebSocket is spoken here.",
                  {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
    if (!is_key(head.value("sec-websocket-key")))
        return no(400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    if (!rules.checks_origin)
        return std::string();
    if (head.count("origin") > 0 &&
        std::ranges::find(rules.origins, head.value("origin")) == rules.origins.end())
        return no(403, "Pages of other sites may not connect here.");
    return choose_subprotocol(head);
}

std::optional<Origin> parse_origin(std::string_view url)
{
    Origin origin;
    auto const at = url.find("://");
    if (at == std::string_view::npos)
        return std::nullopt;
    origin.scheme = lower_case(url.substr(0, at));
    auto const rest = url.substr(at + 3);
    auto const authority = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
    if ((origin.scheme != "http" && origin.scheme != "https") || !is_well_formed_host(authority))
        return std::nullopt;
    auto const colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
    origin.host = lower_case(authority.substr(0, std::min(colon, authority.size())));
    origin.port = usual_port(origin.scheme);
    if (colon == std::string_view::npos)
        return origin;
    auto const digits = authority.substr(colon + 1);
    auto const [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    return wrong == std::errc() ? std::optional(origin) : std::nullopt;
}

bool is_loopback(std::string_view address)
{
    return address.starts_with("127.") || address == "::1" || address == "localhost";
}

bool is_wildcard(std::string_view address)
{
    return address == "0.0.0.0" || address == "::";
}

std::vector<std::string> own_hosts(std::string_view base_url, std::string_view address, std::uint16_t port)
{
    std::vector<std::string> hosts;
    auto const add = [&](std::string const& name, std::uint16_t its_port) {
        hosts.push_back(name);
        hosts.push_back(fmt::format("{}:{}", name, its_port));
    };
    if (auto const base = parse_origin(base_url))
        add(base->host, base->port);
    if (!is_wildcard(address))
        add(bracketed(lower_case(address)), port);
    if (is_loopback(address) || is_wildcard(address)) {
        for (auto const* name : {"localhost", "127.0.0.1", "[::1]"})
            add(name, port);
    }
    return hosts;
}

std::vector<std::string> own_origins(std::string_view base_url, std::string_view address, std::uint16_t port)
{
    std::vector<std::string> origins;
    if (auto const base = parse_origin(base_url))
        origins.push_back(spelled(*base));
    if (is_loopback(address) || is_wildcard(address)) {
        for (auto const* name : {"localhost", "127.0.0.1", "[::1]"})
            origins.push_back(spelled({"http", name, port}));
    }
    return origins;
}

std::string bracketed(std::string_view address)
{
    return address.find(':') == std::string_view::npos ? std::string(address) : fmt::format("[{}]", address);
}

}
