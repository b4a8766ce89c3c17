// The organisers' pages about ways in, made by the server and complete without JavaScript.
//
//   GET  /app/events/{slug}/approvals        who waits for approval
//   POST /app/events/{slug}/approvals        decide about those chosen
//   GET  /app/events/{slug}/invitations      invitations and their states; ?state=
//   POST /app/events/{slug}/invitations      action=invite|share|paste|send|remind|withdraw
//   GET  /app/events/{slug}/allotments       seats kept for organisations
//   POST /app/events/{slug}/allotments       action=add|change|send|withdraw
//
// And what guests and contacts see of them.
//
//   POST /{lang}/events/{slug}/invitation    action=decline, invitation
//   GET  /{lang}/allotments/{token}          the seats of an organisation
//   POST /{lang}/allotments/{token}          action=seat|swap|unseat
#pragma once

#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> ways_page_routes(Services& services, html::Assets const& assets);

}
