// What the API's handlers of this room share: reading what came, wrapping what goes.
#pragma once

#include "base/json.h"
#include "base/services.h"
#include "net/http.h"
#include "net/rpc.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

std::string language_of(Services const& services, net::Request const& request);
net::Response private_json(json::object const& body, int status = 200);
// What is held about somebody, as a file to keep.
net::Response as_download(json::object const& data);
// The body as an object; what is no JSON object is one mistake of the whole body.
std::optional<json::object> body_object(net::Request const& request);
net::Response not_an_object(std::string const& language);
// The token among the parameters of a method of the socket.
Result<std::string> token_of(json::object const& params);

// Routes and methods of own_api.cpp.
std::vector<net::Route> own_api_routes(Services& services);
std::vector<net::Method> own_api_methods(Services& services);
// Of seats_api.cpp.
std::vector<net::Route> seats_api_routes(Services& services);

}
