// The questions behind events_store.h, each by the key that the event's row names.
#pragma once

#include "db/reader.h"
#include "events/event.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace kutsu::events::store
{

using Ids = std::vector<std::int64_t>;

std::map<std::int64_t, std::shared_ptr<Project const>> projects(db::Reader& reader);
std::map<std::int64_t, Venue> venues(db::Reader& reader);
std::map<std::int64_t, Room> rooms(db::Reader& reader);
// By event, in the order of their start; drafts and removed ones are left out.
std::map<std::int64_t, std::vector<Session>> sessions(db::Reader& reader, Ids const& ids,
                                                      std::map<std::int64_t, Room> const& all_rooms);
std::map<std::int64_t, RegistrationForm> forms(db::Reader& reader, Ids const& ids);

}
