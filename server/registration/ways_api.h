// Ways in over HTTP, for organisers. On the socket: registration.decide {"event", "items"} as decisions
// below.
//
//   POST   /api/v1/events/{slug}/decisions            {"items": [{"registration", "to", "reason"?, …}]}
//   GET    /api/v1/events/{slug}/invitations
//   POST   /api/v1/events/{slug}/invitations          {"items": […], "send"?} or {"lines", "send"?}
//   POST   /api/v1/events/{slug}/invitations/send     {"ids": […], "reminder"?}
//   PATCH  /api/v1/events/{slug}/invitations/{id}     If-Match
//   DELETE /api/v1/events/{slug}/invitations/{id}     withdraws it
//   GET    /api/v1/events/{slug}/allotments
//   POST   /api/v1/events/{slug}/allotments
//   PATCH  /api/v1/events/{slug}/allotments/{id}      If-Match
//   DELETE /api/v1/events/{slug}/allotments/{id}      withdraws it
//   POST   /api/v1/events/{slug}/allotments/{id}/send mails the link to the contact
//
// And for whoever holds the link of an allotment.
//
//   GET    /api/v1/allotments/{token}
//   POST   /api/v1/allotments/{token}/guests          a name for an empty seat
//   PUT    /api/v1/allotments/{token}/guests/{id}     another name
//   DELETE /api/v1/allotments/{token}/guests/{id}     an empty seat again
#pragma once

#include "base/services.h"
#include "net/http.h"
#include "net/rpc.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> ways_api_routes(Services& services);
std::vector<net::Method> ways_methods(Services& services);

}
