// HTTP around the bodies of CalDAV, and small questions about its requests.
#pragma once

#include "calendars/dav_answer.h"
#include "feeds/dav_collection.h"
#include "feeds/dav_tree.h"
#include "net/http.h"

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::feeds
{

using calendars::XmlName;

// With the DAV field and, when `allow` is not empty, Allow.
net::Response with_dav(net::Response response, std::string_view allow = {});

net::Response options_answer();
net::Response multistatus_answer(calendars::dav::Multistatus multistatus);
net::Response refused(calendars::dav::Refusal const& refusal);
net::Response not_found();
net::Response unauthorized(); // asks for a password
net::Response unavailable();  // the database is away
net::Response object_answer(DavObject const& object, net::Request const& request, bool is_private);

DavPlace object_in(DavPlace const& calendar, std::string file);
// The file that an href of a client means, absolute or not; nothing when it lies elsewhere.
std::optional<std::string> file_of(DavPlace const& calendar, std::string_view href);
bool asks_for(calendars::dav::Properties const& wanted, std::string_view local);
std::string digest_of(DavMembers const& members);

}
