#include "net/http_request.h"

#include "net/core.h"
#include "net/encoding.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace kutsu::net
{

Request make_request(Head const& head, Framing const& framing, std::string peer)
{
    Request request;
    request.id = new_request_id();
    request.method = head.method == "HEAD" ? "GET" : head.method;
    request.path = framing.path;
    request.target = head.target;
    request.query = framing.query;
    request.peer = std::move(peer);
    for (auto const& [name, value] : head.fields) {
        auto const [place, is_first] = request.headers.emplace(name, value);
        if (!is_first)
            place->second.append(", ").append(value);
    }
    return request;
}

std::string caller_address(Head const& head, std::string const& socket_address,
                           std::vector<std::string> const& proxies)
{
    auto const is_proxy = [&](std::string_view address) {
        return std::ranges::find(proxies, address) != proxies.end();
    };
    if (!is_proxy(socket_address))
        return socket_address;
    auto const forwarded = head.value("x-forwarded-for");
    auto const addresses = list_elements(forwarded);
    auto const caller = std::find_if_not(addresses.rbegin(), addresses.rend(), is_proxy);
    if (caller == addresses.rend())
        return socket_address;
    boost::system::error_code malformed;
    auto const address = asio::ip::make_address(std::string(*caller), malformed);
    return malformed ? socket_address : address.to_string();
}

}
