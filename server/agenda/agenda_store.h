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
    std::string slug;
    std::string time_zone;
};

// Locks the event against other edits of its agenda; registrations go on meanwhile.
std::optional<EventOfAgenda> lock_event(db::Transaction& transaction, std::string const& slug);
std::vector<Session> list_sessions(db::Reader& reader, std::int64_t event_id);
std::vector<std::string> list_rooms(db::Reader& reader, std::int64_t event_id);
// Stores a changed or new session and moves its calendar clock: SEQUENCE by one, LAST-MODIFIED strictly on.
void save(db::Transaction& transaction, std::int64_t event_id, Session const& session, Instant now);
void set_agenda_version(db::Transaction& transaction, std::int64_t event_id, std::int64_t version);
// Whether this op_id has been carried out for the event already, and at which version.
std::optional<std::int64_t> version_of_operation(db::Reader& reader, std::int64_t event_id,
                                                 std::string const& op_id);

}
