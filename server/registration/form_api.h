// Forms and files over HTTP.
//
//   GET  /api/v1/events/{slug}/form                      the definition; organisers also read what answers
//   are for PUT  /api/v1/events/{slug}/form                      If-Match (or member version); absent members
//   stay GET  /api/v1/events/{slug}/form/versions             organisers GET
//   /api/v1/events/{slug}/form/versions/{version}   organisers POST /api/v1/events/{slug}/files?name=cv.pdf
//   the bytes as the body → the id that answers a question GET  /api/v1/events/{slug}/files/{id} organisers,
//   always as a download
#pragma once

#include "base/services.h"
#include "net/http.h"
#include "registration/form_commands.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> form_api_routes(Services& services, Uploads& uploads);

}
