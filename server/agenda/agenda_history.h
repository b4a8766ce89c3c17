// SQL of the history of agendas: what can be undone, what was published.
#pragma once

#include "agenda/agenda.h"
#include "db/reader.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::agenda::store
{

struct EditRecord
{
    std::int64_t event_version = 0;
    std::string actor;
    std::optional<std::int64_t> undoes;
    std::optional<std::int64_t> undone_by;
    bool published = false;
    std::optional<std::string> name;
    Text note;
    Instant at;
};

// `before` are the sessions as they were, `after` those that changed; sessions of `after` that are not in
// `before` are new.
void remember_edit(db::Transaction& transaction, std::int64_t event_id, EditRecord const& record,
                   std::vector<Session> const& before, std::vector<Session> const& after);
void mark_undone(db::Transaction& transaction, std::int64_t event_id, std::int64_t event_version,
                 std::int64_t by);

// The edit to undo: this one, or the newest of this actor that is neither undone nor an undoing itself.
// Nothing when there is none or it is undone already.
std::optional<std::int64_t> undoable(db::Reader& reader, std::int64_t event_id, std::string const& actor,
                                     std::optional<std::int64_t> event_version);
std::vector<Past> pasts_of(db::Reader& reader, std::int64_t event_id, std::int64_t event_version);
// The newest first.
std::vector<EditRecord> list_edits(db::Reader& reader, std::string const& event_slug, std::int64_t limit);

}
