// Agendas on the socket (agenda.edit, contract §6) and over HTTP.
#pragma once

#include "base/services.h"
#include "net/http.h"
#include "net/rpc.h"

#include <vector>

namespace kutsu::agenda
{

std::vector<net::Route> api_routes(Services& services);
std::vector<net::Method> api_methods(Services& services);
// Parts of both: undoing, publishing, history, presence (agenda_api_together.cpp).
std::vector<net::Route> together_routes(Services& services);
std::vector<net::Method> together_methods(Services& services);

}
