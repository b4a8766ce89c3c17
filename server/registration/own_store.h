// SQL of what owners do after registering (schema/0007_own_registration.sql). Deeds about seats go through
// the desk; these are the questions beside them, and lost links.
#pragma once

#include "db/reader.h"
#include "registration/registration.h"

#include <optional>
#include <string>

namespace kutsu::registration::store
{

// Why a link leads nowhere any more: transferred, erased; nothing when there never was one.
std::optional<std::string> ended_link(db::Reader& reader, std::string const& token_hash);
// registration_export(); nothing for an unknown link.
std::optional<json::object> held(db::Reader& reader, std::string const& token_hash);
// Writes the mail with the links of an address, if there are any and none was asked for in the last minutes.
// `event_id`: only of this event; 0: of all.
void send_lost_links(db::Transaction& transaction, std::string const& email, std::int64_t event_id,
                     std::string const& address_hash, Instant now);

}
