// What a resource under /dav/ tells of itself (RFC 4918, 3744, 4791, 6578).
#pragma once

#include "calendars/dav_answer.h"
#include "feeds/dav_collection.h"
#include "feeds/dav_tree.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::feeds
{

// Of root, principals and homes. `home` is where this reader's calendars are.
std::vector<calendars::dav::Property> folder_properties(DavPlace const& place, std::string const& title,
                                                        DavPlace const& home);
// `sync_token` only when it was asked for and could be had.
std::vector<calendars::dav::Property> calendar_properties(DavPlace const& place,
                                                          DavCollection const& collection,
                                                          std::optional<std::string> const& sync_token);
std::vector<calendars::dav::Property> object_properties(DavPlace const& place, DavObject const& object);

}
