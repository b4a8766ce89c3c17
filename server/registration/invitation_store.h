// SQL of invitations (schema/0006_ways_in.sql).
#pragma once

#include "db/reader.h"
#include "registration/invitation.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

// Whoever changes what a code admits holds the counter that registering holds.
void lock_counter(db::Transaction& transaction, std::int64_t event_id);

// All of an event, or those in one state; the newest first.
std::vector<Invitation> list_invitations(db::Reader& reader, std::int64_t event_id, std::string const& state);
std::optional<Invitation> find_invitation(db::Reader& reader, std::int64_t event_id, std::string const& id);
std::optional<Invitation> find_by_code(db::Reader& reader, std::int64_t event_id,
                                       std::string const& code_hash);

struct InvitationRow
{
    NewInvitation invitation;
    std::string id;
    std::string code_hash; // hex
};
// False when the address is invited already.
bool insert_invitation(db::Transaction& transaction, std::int64_t event_id, InvitationRow const& row,
                       Instant now);
// False when fewer seats would be left than are used, or the address is invited already.
bool update_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id,
                       InvitationEdit const& edit);
void withdraw_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id);

// The mail of a kind, and when it went.
void queue_invitation(db::Transaction& transaction, std::int64_t event_id, Invitation const& invitation,
                      std::string const& kind, Instant now);
void note_opened(db::Transaction& transaction, std::int64_t event_id, std::string const& id, Instant now);
// False when there is nothing to decline any more.
bool decline_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id,
                        Instant now);

}
