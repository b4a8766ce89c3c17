#include "agenda/agenda_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::agenda
{

BOOST_DESCRIBE_STRUCT(Session, (),
                      (session_id, id, version, kind, status, title, time_zone, starts_local, ends_local,
                       starts_at, ends_at, room, language))

namespace store
{

BOOST_DESCRIBE_STRUCT(EventOfAgenda, (), (event_id, id, slug, time_zone))
BOOST_DESCRIBE_STRUCT(EventOfNotices, (), (event_id, version, ends_at))
BOOST_DESCRIBE_STRUCT(Notice, (),
                      (session_id, title, time_zone, status, starts_at, ends_at, room, old_starts_at,
                       old_ends_at, old_room))

std::optional<EventOfAgenda> lock_event(db::Transaction& transaction, std::string const& slug)
{
    return db::find<EventOfAgenda>(
        transaction,
        "select event_id, public_id as id, slug, time_zone from event where slug = :slug for update", slug);
}

std::vector<Session> list_sessions(db::Reader& reader, std::int64_t event_id)
{
    return db::list<Session>(reader, R"(
        select s.session_id, s.public_id as id, s.version, s.kind, s.status, s.title, s.time_zone,
               to_char(s.starts_local, 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
               to_char(s.ends_local, 'YYYY-MM-DD"T"HH24:MI:SS') as ends_local,
               ms(s.starts_at) as starts_at, ms(s.ends_at) as ends_at,
               coalesce(r.public_id::text, '') as room, coalesce(s.language::text, '') as language
          from session s left join room r using (room_id)
         where s.event_id = :event_id order by s.starts_at, s.ordinal)",
                             event_id);
}

std::vector<std::string> list_rooms(db::Reader& reader, std::int64_t event_id)
{
    return db::list<std::string>(reader, R"(
        select r.public_id::text from room r join event e using (venue_id) where e.event_id = :event_id)",
                                 event_id);
}

void save(db::Transaction& transaction, std::int64_t event_id, Session const& session, Instant now)
{
    if (session.session_id == 0) {
        db::execute(transaction, R"(
            insert into session (public_id, event_id, ordinal, room_id, kind, status, title, time_zone, starts_local,
                                 ends_local, starts_at, ends_at, language, calendar_modified, created_at)
            values (:id, :event_id, (select coalesce(max(ordinal), 0) + 1 from session where event_id = :event_id2),
                    (select room_id from room where public_id = :room), :kind, :status, cast(:title as jsonb), :zone,
                    cast(:starts_local as timestamp), cast(:ends_local as timestamp), at_ms(:starts_at), at_ms(:ends_at),
                    nullif(:language, ''), date_trunc('second', at_ms(:now)), at_ms(:now2)))",
                    session.id, event_id, event_id, session.room, session.kind, session.status, session.title,
                    session.time_zone, session.starts_local, session.ends_local, session.starts_at,
                    session.ends_at, session.language, now, now);
        return;
    }
    db::execute(transaction, R"(
        update session
           set version = :version, status = :status, title = cast(:title as jsonb),
               starts_local = cast(:starts_local as timestamp), ends_local = cast(:ends_local as timestamp),
               starts_at = at_ms(:starts_at), ends_at = at_ms(:ends_at),
               room_id = (select room_id from room where public_id = :room), language = nullif(:language, ''),
               calendar_sequence = calendar_sequence + 1,
               calendar_modified = greatest(date_trunc('second', at_ms(:now)), calendar_modified + interval '1 second')
         where session_id = :session_id)",
                session.version, session.status, session.title, session.starts_local, session.ends_local,
                session.starts_at, session.ends_at, session.room, session.language, now, session.session_id);
}

void set_agenda_version(db::Transaction& transaction, std::int64_t event_id, std::int64_t version)
{
    db::execute(transaction, "update event set agenda_version = :version where event_id = :event_id", version,
                event_id);
}

std::optional<std::int64_t> version_of_operation(db::Reader& reader, std::int64_t event_id,
                                                 std::string const& op_id)
{
    return db::find<std::int64_t>(
        reader,
        "select event_version from change where event_id = :event_id and origin = :op_id order by 1 limit 1",
        event_id, op_id);
}

std::optional<EventOfNotices> event_of_notices(db::Reader& reader, std::string const& public_id)
{
    return db::find<EventOfNotices>(reader, R"(
        select e.event_id, c.version, ms(e.ends_at) as ends_at
          from event e join event_counter c using (event_id) where e.public_id = :id)",
                                    public_id);
}

void note_before(db::Transaction& transaction, std::int64_t event_id, Session const& before, Instant now)
{
    db::execute(transaction, R"(
        insert into agenda_notice (event_id, session_id, starts_at, ends_at, room, status, noted_at)
        values (:event, :session, at_ms(:starts), at_ms(:ends), nullif(:room, ''), :status, at_ms(:now))
        on conflict (event_id, session_id) do nothing)",
                event_id, before.session_id, before.starts_at, before.ends_at, before.room, before.status,
                now);
}

std::vector<Notice> take_notices(db::Transaction& transaction, std::int64_t event_id)
{
    return db::list<Notice>(transaction, R"(
        with taken as (delete from agenda_notice where event_id = :event returning *)
        select s.session_id, s.title, s.time_zone, s.status, ms(s.starts_at) as starts_at, ms(s.ends_at) as ends_at,
               coalesce(r.name, '{}') as room, ms(t.starts_at) as old_starts_at, ms(t.ends_at) as old_ends_at,
               coalesce(o.name, '{}') as old_room
          from taken t join session s using (event_id, session_id)
          left join room r on r.room_id = s.room_id
          left join room o on o.public_id = t.room
         order by s.starts_at, s.ordinal)",
                            event_id);
}

}

}
