// Sessions and who speaks in them.
#include "db/rows.h"
#include "events/events_store_parts.h"

#include <boost/describe.hpp>

namespace kutsu::events::store
{
namespace
{

struct SessionRow
{
    std::int64_t session_id = 0;
    std::int64_t event_id = 0;
    std::string id;
    std::int64_t version = 1;
    std::string kind;
    std::string status;
    Text title;
    std::string time_zone;
    LocalTime starts_local;
    LocalTime ends_local;
    Instant starts_at;
    Instant ends_at;
    std::optional<std::int64_t> room_id;
    std::string language;
    std::vector<std::string> interpretation;
    std::string track;
    std::string linked_city;
    bool sign_up = false;
    std::optional<std::int64_t> capacity;
    std::optional<std::int64_t> free;
    std::int64_t calendar_sequence = 0;
    Instant calendar_modified;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (),
                      (session_id, event_id, id, version, kind, status, title, time_zone, starts_local,
                       ends_local, starts_at, ends_at, room_id, language, interpretation, track, linked_city,
                       sign_up, capacity, free, calendar_sequence, calendar_modified, created_at))

struct SpeakerRow
{
    std::int64_t session_id = 0;
    std::string id;
    std::optional<std::string> latin_family;
    std::optional<std::string> latin_given;
    std::optional<std::string> cyrillic_family;
    std::optional<std::string> cyrillic_given;
    std::optional<std::string> cyrillic_additional;
    std::optional<Text> organisation;
};
BOOST_DESCRIBE_STRUCT(SpeakerRow, (),
                      (session_id, id, latin_family, latin_given, cyrillic_family, cyrillic_given,
                       cyrillic_additional, organisation))

PersonName name_of(std::optional<std::string> const& family, std::optional<std::string> const& given,
                   std::optional<std::string> const& additional)
{
    return {family.value_or(""), given.value_or(""), additional.value_or("")};
}

std::map<std::int64_t, std::vector<Person>> speakers(db::Reader& reader, Ids const& ids)
{
    std::map<std::int64_t, std::vector<Person>> found;
    for (auto& row : db::list<SpeakerRow>(reader, R"(
            select ss.session_id, p.public_id as id, l.family as latin_family, l.given as latin_given,
                   c.family as cyrillic_family, c.given as cyrillic_given, c.additional as cyrillic_additional,
                   o.name as organisation
              from session s join session_speaker ss using (session_id) join person p using (person_id)
              left join person_name l on l.person_id = p.person_id and l.script = 'Latn'
              left join person_name c on c.person_id = p.person_id and c.script = 'Cyrl'
              left join organisation o on o.organisation_id = p.organisation_id
             where s.event_id = any(:ids)
             order by ss.session_id, ss.ordinal)",
                                          ids)) {
        Person person{row.id, {}, {}, row.organisation.value_or(Text())};
        if (row.latin_family || row.latin_given)
            person.latin = name_of(row.latin_family, row.latin_given, std::nullopt);
        if (row.cyrillic_family || row.cyrillic_given)
            person.cyrillic = name_of(row.cyrillic_family, row.cyrillic_given, row.cyrillic_additional);
        found[row.session_id].push_back(std::move(person));
    }
    return found;
}

std::vector<SessionRow> session_rows(db::Reader& reader, Ids const& ids)
{
    return db::list<SessionRow>(reader, R"(
        select s.session_id, s.event_id, s.public_id as id, s.version, s.kind, s.status, s.title, s.time_zone,
               to_char(s.starts_local, 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
               to_char(s.ends_local, 'YYYY-MM-DD"T"HH24:MI:SS') as ends_local,
               ms(s.starts_at) as starts_at, ms(s.ends_at) as ends_at, s.room_id,
               coalesce(s.language::text, '') as language, to_jsonb(s.interpretation) as interpretation,
               coalesce(s.track::text, '') as track, coalesce(s.details ->> 'linked_city', '') as linked_city, s.sign_up,
               s.capacity, greatest(c.capacity - c.taken, 0) as free, s.calendar_sequence,
               ms(s.calendar_modified) as calendar_modified, ms(s.created_at) as created_at
          from session s left join session_counter c using (session_id)
         where s.event_id = any(:ids) and s.status <> 'removed'
         order by s.event_id, s.starts_at, s.ordinal)",
                                ids);
}

}

std::map<std::int64_t, std::vector<Session>> sessions(db::Reader& reader, Ids const& ids,
                                                      std::map<std::int64_t, Room> const& all_rooms)
{
    auto speaking = speakers(reader, ids);
    std::map<std::int64_t, std::vector<Session>> found;
    for (auto& row : session_rows(reader, ids)) {
        Session session{row.id,
                        row.version,
                        row.kind,
                        row.status,
                        row.title,
                        Span{{row.starts_local, row.time_zone, row.starts_at},
                             {row.ends_local, row.time_zone, row.ends_at}},
                        std::nullopt,
                        std::move(speaking[row.session_id]),
                        row.language,
                        row.interpretation,
                        row.track,
                        row.linked_city,
                        row.sign_up,
                        row.capacity,
                        row.free,
                        row.calendar_sequence,
                        row.calendar_modified,
                        row.created_at};
        if (row.room_id)
            session.room = all_rooms.at(*row.room_id);
        found[row.event_id].push_back(std::move(session));
    }
    return found;
}

}
