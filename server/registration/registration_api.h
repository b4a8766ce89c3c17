// Registration over HTTP (contract §5, §7) and on the socket (§6).
#pragma once

#include "base/services.h"
#include "net/http.h"
#include "net/rpc.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> api_routes(Services& services);
std::vector<net::Method> api_methods(Services& services);

}
