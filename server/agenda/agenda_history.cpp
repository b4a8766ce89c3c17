#include "agenda/agenda_history.h"

#include "db/rows.h"

#include <boost/describe.hpp>

#include <algorithm>

namespace kutsu::agenda::store
{
namespace
{

struct PastRow
{
    std::string id;
    std::int64_t session_id = 0;
    bool existed = true;
    std::int64_t version_after = 0;
    std::string status;
    Text title;
    std::string time_zone;
    LocalTime starts_local;
    LocalTime ends_local;
    Instant starts_at;
    Instant ends_at;
    std::string room;
    std::string language;
};
BOOST_DESCRIBE_STRUCT(PastRow, (),
                      (id, session_id, existed, version_after, status, title, time_zone, starts_local,
                       ends_local, starts_at, ends_at, room, language))

void remember_session(db::Transaction& transaction, std::int64_t event_id, std::int64_t event_version,
                      Session const& was, bool existed, std::int64_t version_after)
{
    db::execute(transaction, R"(
        insert into agenda_history (event_id, event_version, session_id, version_after, existed, status, title, time_zone,
                                    starts_local, ends_local, starts_at, ends_at, room, language)
        values (:event, :version, (select session_id from session where public_id = :id), :after, :existed, :status,
                cast(:title as jsonb), :zone, cast(:starts_local as timestamp), cast(:ends_local as timestamp),
                at_ms(:starts_at), at_ms(:ends_at), :room, :language))",
                event_id, event_version, was.id, version_after, existed, was.status, was.title, was.time_zone,
                was.starts_local, was.ends_local, was.starts_at, was.ends_at, was.room, was.language);
}

}

BOOST_DESCRIBE_STRUCT(EditRecord, (), (event_version, actor, undoes, undone_by, published, name, note, at))

void remember_edit(db::Transaction& transaction, std::int64_t event_id, EditRecord const& record,
                   std::vector<Session> const& before, std::vector<Session> const& after)
{
    db::execute(transaction, R"(
        insert into agenda_edit (event_id, event_version, actor, undoes, published, name, note, at)
        values (:event, :version, :actor, :undoes, :published, :name, cast(:note as jsonb), at_ms(:at)))",
                event_id, record.event_version, record.actor, record.undoes, record.published, record.name,
                record.note, record.at);
    for (auto const& session : after) {
        auto const was = std::ranges::find(before, session.id, &Session::id);
        bool const existed = was != before.end();
        remember_session(transaction, event_id, record.event_version, existed ? *was : session, existed,
                         session.version);
    }
}

void mark_undone(db::Transaction& transaction, std::int64_t event_id, std::int64_t event_version,
                 std::int64_t by)
{
    db::execute(transaction,
                "update agenda_edit set undone_by = :by where event_id = :event and event_version = :version",
                by, event_id, event_version);
}

std::optional<std::int64_t> undoable(db::Reader& reader, std::int64_t event_id, std::string const& actor,
                                     std::optional<std::int64_t> event_version)
{
    return db::find<std::int64_t>(reader, R"(
        select event_version from agenda_edit
         where event_id = :event and undone_by is null
           and (event_version = cast(:version as bigint)
                or cast(:version2 as bigint) is null and actor = :actor and undoes is null)
         order by event_version desc limit 1)",
                                  event_id, event_version, event_version, actor);
}

std::vector<Past> pasts_of(db::Reader& reader, std::int64_t event_id, std::int64_t event_version)
{
    std::vector<Past> pasts;
    for (auto& row : db::list<PastRow>(reader, R"(
        select s.public_id as id, h.session_id, h.existed::int as existed, h.version_after, h.status, h.title, h.time_zone,
               to_char(h.starts_local, 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
               to_char(h.ends_local, 'YYYY-MM-DD"T"HH24:MI:SS') as ends_local,
               ms(h.starts_at) as starts_at, ms(h.ends_at) as ends_at, h.room, h.language
          from agenda_history h join session s using (event_id, session_id)
         where h.event_id = :event and h.event_version = :version order by h.session_id)",
                                       event_id, event_version)) {
        Session was;
        was.session_id = row.session_id;
        was.id = std::move(row.id);
        was.status = std::move(row.status);
        was.title = std::move(row.title);
        was.time_zone = std::move(row.time_zone);
        was.starts_local = row.starts_local;
        was.ends_local = row.ends_local;
        was.starts_at = row.starts_at;
        was.ends_at = row.ends_at;
        was.room = std::move(row.room);
        was.language = std::move(row.language);
        pasts.push_back({std::move(was), row.existed, row.version_after});
    }
    return pasts;
}

std::vector<EditRecord> list_edits(db::Reader& reader, std::string const& event_slug, std::int64_t limit)
{
    return db::list<EditRecord>(reader, R"(
        select a.event_version, a.actor, a.undoes, a.undone_by, a.published::int as published, a.name, a.note,
               ms(a.at) as at
          from agenda_edit a join event e using (event_id)
         where e.slug = :slug order by a.event_version desc limit :limit)",
                                event_slug, limit);
}

}
