// The organisers' page of an event's form, complete without JavaScript: the form as guests see it in each
// language, what is not translated, its settings, its questions one at a time, its versions.
//
//   GET  /app/events/{slug}/form      ?preview=LANG, ?edit=KEY or ?edit=, ?version=N
//   POST /app/events/{slug}/form      action=settings|question|move|remove, version
#pragma once

#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> form_page_routes(Services& services, html::Assets const& assets);

}
