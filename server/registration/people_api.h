// The people of an event for organisers' programs, and what the page is enhanced with.
//
//   GET   /api/v1/events/{slug}/people            q, facets, sort, limit, cursor, reveal
//   POST  /api/v1/events/{slug}/people            register somebody: fields of a registration, source
//   GET   /api/v1/events/{slug}/people/{id}       with the timeline
//   PATCH /api/v1/events/{slug}/people/{id}       If-Match
//   POST  /api/v1/events/{slug}/people/bulk       {"action", "ids" or "filter", "tag"?, "notify"?}
//   GET   /api/v1/events/{slug}/people.csv, .xlsx
//   POST  /api/v1/events/{slug}/people/import?preview=1&columns=name,email,,   a CSV file: what would be
//   registered POST  /api/v1/events/{slug}/people/import     {"import"}: register exactly that
//   GET   /api/v1/events/{slug}/messages          letters to people, with how far they are
//   POST  /api/v1/events/{slug}/messages          {"action": preview, try or send, "subject", "body",
//   "filter", "count"?} POST  /api/v1/events/{slug}/messages/{id}/undo
#pragma once

#include "base/services.h"
#include "net/http.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> people_api_routes(Services& services);
std::vector<net::Route> people_import_api_routes(Services& services);
std::vector<net::Route> people_message_api_routes(Services& services);

}
