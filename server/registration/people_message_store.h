// SQL of letters to many.
#pragma once

#include "db/reader.h"
#include "registration/people_message_commands.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

struct NewMessage
{
    std::string id;
    std::int64_t event_id = 0;
    MessageDraft draft;
    std::string actor;
    Instant at;
    Instant send_at;
};
struct Recipient
{
    std::string id; // of the registration
    FilledMessage message;
};
void add_message(db::Transaction& transaction, NewMessage const& message,
                 std::vector<Recipient> const& recipients);
// To a user of the application.
void add_trial(db::Transaction& transaction, NewMessage const& message, std::string const& email,
               std::string const& name, FilledMessage const& filled);
// Locks it; null when there is none.
std::optional<SentMessage> find_message(db::Reader& reader, std::int64_t event_id, std::string const& id);
// How many letters were taken back; all or none.
bool undo_message(db::Transaction& transaction, std::int64_t event_id, std::string const& id, Instant now);
std::vector<SentMessage> list_messages(db::Reader& reader, std::int64_t event_id);

}
