#include "events/events_store.h"

#include "db/rows.h"
#include "events/events_store_parts.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace kutsu::events::store
{
namespace
{

struct EventRow
{
    std::int64_t event_id = 0;
    std::string id;
    std::string slug;
    std::string kind;
    std::string status;
    std::string visibility;
    Text title;
    Text description;
    std::string time_zone;
    LocalTime starts_local;
    LocalTime ends_local;
    Instant starts_at;
    Instant ends_at;
    std::vector<std::string> other_time_zones;
    std::optional<Instant> embargo_until;
    std::optional<Text> cancel_reason;
    std::int64_t project_id = 0;
    std::optional<std::int64_t> venue_id;
    std::optional<std::int64_t> room_id;
    std::optional<std::int64_t> event_pair_id;
    std::int64_t agenda_version = 1;
    std::int64_t calendar_sequence = 0;
    Instant calendar_modified;
    Instant created_at;
    std::vector<std::string> floor_languages;
    std::vector<std::string> interpretation_languages;
    std::int64_t version = 1;
    std::optional<std::int64_t> capacity;
    std::int64_t taken = 0;
    std::int64_t confirmed = 0;
    std::int64_t waiting = 0;
};
BOOST_DESCRIBE_STRUCT(EventRow, (),
                      (event_id, id, slug, kind, status, visibility, title, description, time_zone,
                       starts_local, ends_local, starts_at, ends_at, other_time_zones, embargo_until,
                       cancel_reason, project_id, venue_id, room_id, event_pair_id, agenda_version,
                       calendar_sequence, calendar_modified, created_at, floor_languages,
                       interpretation_languages, version, capacity, taken, confirmed, waiting))

struct PairRow
{
    std::int64_t event_pair_id = 0;
    std::int64_t event_id = 0;
    std::string slug;
    Text title;
};
BOOST_DESCRIBE_STRUCT(PairRow, (), (event_pair_id, event_id, slug, title))

std::vector<EventRow> event_rows(db::Reader& reader, Ids const& ids)
{
    return db::list<EventRow>(reader, R"(
        select e.event_id, e.public_id as id, e.slug, e.kind, e.status, e.visibility, e.title, e.description,
               e.time_zone, to_char(e.starts_local, 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
               to_char(e.ends_local, 'YYYY-MM-DD"T"HH24:MI:SS') as ends_local, ms(e.starts_at) as starts_at,
               ms(e.ends_at) as ends_at, to_jsonb(e.other_time_zones) as other_time_zones,
               ms(e.embargo_until) as embargo_until, e.cancel_reason, e.project_id, e.venue_id, e.room_id,
               e.event_pair_id, e.agenda_version, e.calendar_sequence, ms(e.calendar_modified) as calendar_modified,
               ms(e.created_at) as created_at,
               coalesce(e.details -> 'interpretation' -> 'floor_languages', '[]') as floor_languages,
               coalesce(jsonb_path_query_array(e.details, '$.interpretation.channels.lang'), '[]')
                   as interpretation_languages,
               c.version, c.capacity, c.taken, c.confirmed, c.waiting
          from event e join event_counter c using (event_id)
         where e.event_id = any(:ids)
         order by e.event_id)",
                              ids);
}

Event event_of(EventRow& row)
{
    Event event;
    event.event_id = row.event_id;
    event.id = row.id;
    event.slug = row.slug;
    event.kind = row.kind;
    event.status = row.status;
    event.visibility = row.visibility;
    event.title = std::move(row.title);
    event.description = std::move(row.description);
    event.span = {{row.starts_local, row.time_zone, row.starts_at},
                  {row.ends_local, row.time_zone, row.ends_at}};
    event.other_time_zones = row.other_time_zones;
    event.embargo_until = row.embargo_until;
    event.cancel_reason = row.cancel_reason.value_or(Text());
    event.floor_languages = row.floor_languages;
    event.interpretation_languages = row.interpretation_languages;
    event.seats = {row.capacity, row.confirmed, row.waiting, std::nullopt};
    if (row.capacity)
        event.seats.free = std::max<std::int64_t>(*row.capacity - row.taken, 0);
    event.version = row.version;
    event.agenda_version = row.agenda_version;
    event.calendar_sequence = row.calendar_sequence;
    event.calendar_modified = row.calendar_modified;
    event.created_at = row.created_at;
    return event;
}

}

std::vector<EventPtr> load_events(db::Reader& reader, Ids const& event_ids)
{
    auto const all_projects = projects(reader);
    auto const all_venues = venues(reader);
    auto const all_rooms = rooms(reader);
    auto all_sessions = sessions(reader, event_ids, all_rooms);
    auto all_forms = forms(reader, event_ids);
    auto const pairs = db::list<PairRow>(reader, R"(
        select event_pair_id, event_id, slug, title from event
         where event_pair_id is not null and visibility = 'public' order by starts_at)");
    std::vector<EventPtr> events;
    for (auto& row : event_rows(reader, event_ids)) {
        auto event = event_of(row);
        event.project = all_projects.at(row.project_id);
        if (row.venue_id)
            event.venue = all_venues.at(*row.venue_id);
        if (row.room_id)
            event.room = all_rooms.at(*row.room_id);
        for (auto const& pair : pairs) {
            if (row.event_pair_id == pair.event_pair_id && pair.event_id != row.event_id)
                event.pair.push_back({pair.slug, pair.title});
        }
        for (auto& session : all_sessions[row.event_id])
            (session.status == "draft" ? event.drafts : event.sessions).push_back(std::move(session));
        if (auto const form = all_forms.find(row.event_id); form != all_forms.end())
            event.form = std::move(form->second);
        events.push_back(std::make_shared<Event const>(std::move(event)));
    }
    return events;
}

std::vector<EventPtr> load_all(db::Reader& reader)
{
    return load_events(
        reader, db::list<std::int64_t>(reader, "select event_id from event_counter order by event_id"));
}

std::optional<std::int64_t> find_event_id(db::Reader& reader, std::string const& slug)
{
    return db::find<std::int64_t>(reader, "select event_id from event where slug = :slug", slug);
}

}
