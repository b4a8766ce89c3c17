// SQL of sync states (table dav_sync_state): a row in, a value out.
#pragma once

#include "db/reader.h"
#include "feeds/dav_collection.h"

#include <optional>
#include <string>

namespace kutsu::feeds::store
{

struct SyncState
{
    std::string token; // UUID; used if the state is new
    std::string collection;
    std::string digest;
    DavMembers members;
    Instant now;
};

// Gives the state's token, which stays the same however often it is asked for; forgets what nobody used for
// 180 days.
std::string keep_sync_state(db::Transaction& transaction, SyncState const& state);
// Nothing for a token that was never given for this collection, or is forgotten.
std::optional<DavMembers> find_sync_state(db::Reader& reader, std::string const& collection,
                                          std::string const& token);

}
