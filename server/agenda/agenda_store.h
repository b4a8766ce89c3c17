// SQL of agendas.
#pragma once

#include "agenda/agenda.h"
#include "db/reader.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::agenda::store
{

struct EventOfAgenda
{
    std::int64_t event_id = 0;
    std::string id;
    std::string slug;
    std::string time_zone;
};

// Locks the event against other edits of its agenda; registrations go on meanwhile.
std::optional<EventOfAgenda> lock_event(db::Transaction& transaction, std::string const& slug);
std::vector<Session> list_sessions(db::Reader& reader, std::int64_t event_id);
std::vector<std::string> list_rooms(db::Reader& reader, std::int64_t event_id);
// ── What guests have not been told yet ──
struct Notice
{
    std::int64_t session_id = 0;
    Text title;
    std::string time_zone;
    std::string status;
    Instant starts_at;
    Instant ends_at;
    Text room; // as people call it
    Instant old_starts_at;
    Instant old_ends_at;
    Text old_room;
};
struct EventOfNotices
{
    std::int64_t event_id = 0;
    std::int64_t version = 0;
    Instant ends_at;
};
std::optional<EventOfNotices> event_of_notices(db::Reader& reader, std::string const& public_id);
// Only the first note of a session counts until it is told.
void note_before(db::Transaction& transaction, std::int64_t event_id, Session const& before, Instant now);
// Gives them with how the sessions are now, by time, and empties the table of them.
std::vector<Notice> take_notices(db::Transaction& transaction, std::int64_t event_id);

// Stores a changed or new session and moves its calendar clock: SEQUENCE by one, LAST-MODIFIED strictly on.
void save(db::Transaction& transaction, std::int64_t event_id, Session const& session, Instant now);
void set_agenda_version(db::Transaction& transaction, std::int64_t event_id, std::int64_t version);
// Whether this op_id has been carried out for the event already, and at which version.
std::optional<std::int64_t> version_of_operation(db::Reader& reader, std::int64_t event_id,
                                                 std::string const& op_id);

}
