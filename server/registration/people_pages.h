// The organisers' people table, made by the server and complete without JavaScript (people.ts adds what
// lives).
//
//   GET  /app/events/{slug}                  table, facets, seats
//   GET  /app/events/{slug}/people.csv, .xlsx
//   GET  /app/events/{slug}/people/{id}      one person: everything about them, what can be changed
//   POST /app/events/{slug}/people/{id}      edit, decide
//   GET  /app/events/{slug}/add              register somebody
//   POST /app/events/{slug}/add
//   POST /app/events/{slug}/bulk             deeds on many: first what would be done, then with confirm=1
//   POST /app/events/{slug}/capacity
//   GET  /app/events/{slug}/import           bring a list
//   GET  /app/events/{slug}/mail             write to those whom the list shows; what was sent
//   POST /app/events/{slug}/mail             look, try, send, undo
//   POST /app/events/{slug}/import           first what would be registered, then with import=ID
#pragma once

#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> people_page_routes(Services& services, html::Assets const& assets);

}
