#include "events/events_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace kutsu::events::store
{
namespace
{

using Ids = std::vector<std::int64_t>;

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

struct ProjectRow
{
    std::int64_t project_id = 0;
    std::string id;
    std::string acronym;
    std::string number;
    Text title;
    Text summary;
    std::string programme;
    Text programme_name;
    Text funding_statement;
};
BOOST_DESCRIBE_STRUCT(ProjectRow, (),
                      (project_id, id, acronym, number, title, summary, programme, programme_name,
                       funding_statement))

struct VenueRow
{
    std::int64_t venue_id = 0;
    std::string id;
    Text name;
    std::string city;
    std::string city_slug;
    std::string country;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string time_zone;
    std::string address_latin;
    std::string address_cyrillic;
};
BOOST_DESCRIBE_STRUCT(VenueRow, (),
                      (venue_id, id, name, city, city_slug, country, latitude, longitude, time_zone,
                       address_latin, address_cyrillic))

struct RoomRow
{
    std::int64_t room_id = 0;
    std::string id;
    Text name;
    std::optional<std::int64_t> capacity;
    bool accessible = false;
    bool induction_loop = false;
};
BOOST_DESCRIBE_STRUCT(RoomRow, (), (room_id, id, name, capacity, accessible, induction_loop))

struct PairRow
{
    std::int64_t event_pair_id = 0;
    std::int64_t event_id = 0;
    std::string slug;
    Text title;
};
BOOST_DESCRIBE_STRUCT(PairRow, (), (event_pair_id, event_id, slug, title))

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

struct FormRow
{
    std::int64_t event_id = 0;
    std::int64_t version = 1;
    std::string time_zone;
    std::optional<LocalTime> opens_local;
    std::optional<Instant> opens_at;
    std::optional<LocalTime> closes_local;
    std::optional<Instant> closes_at;
    std::string admission;
    bool waitlist = false;
    std::optional<std::int64_t> offer_hours;
};
BOOST_DESCRIBE_STRUCT(FormRow, (),
                      (event_id, version, time_zone, opens_local, opens_at, closes_local, closes_at,
                       admission, waitlist, offer_hours))

struct QuestionRow
{
    std::int64_t event_id = 0;
    std::string key;
    std::string type;
    Text label;
    bool required = false;
    boost::json::array options;
    std::optional<boost::json::object> visible_if;
    bool special_category = false;
};
BOOST_DESCRIBE_STRUCT(QuestionRow, (),
                      (event_id, key, type, label, required, options, visible_if, special_category))

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

std::map<std::int64_t, std::shared_ptr<Project const>> projects(db::Reader& reader)
{
    std::map<std::int64_t, std::shared_ptr<Project const>> found;
    for (auto& row : db::list<ProjectRow>(reader, R"(
            select p.project_id, p.public_id as id, p.acronym, coalesce(p.number, '') as number, p.title, p.summary,
                   g.public_id as programme, g.name as programme_name, g.funding_statement
              from project p join programme g using (programme_id))"))
        found[row.project_id] = std::make_shared<Project const>(
            Project{row.id, row.acronym, row.number, row.title, row.summary,
                    Programme{row.programme, row.programme_name, row.funding_statement}});
    return found;
}

std::map<std::int64_t, Venue> venues(db::Reader& reader)
{
    std::map<std::int64_t, Venue> found;
    for (auto& row : db::list<VenueRow>(reader, R"(
            select venue_id, public_id as id, name, city, city_slug, coalesce(country, '') as country, latitude,
                   longitude, time_zone, coalesce(details -> 'address' ->> 'Latn', '') as address_latin,
                   coalesce(details -> 'address' ->> 'Cyrl', '') as address_cyrillic
              from venue)"))
        found[row.venue_id] =
            Venue{row.id,       row.name,      row.city,      row.city_slug,     row.country,
                  row.latitude, row.longitude, row.time_zone, row.address_latin, row.address_cyrillic};
    return found;
}

std::map<std::int64_t, Room> rooms(db::Reader& reader)
{
    std::map<std::int64_t, Room> found;
    for (auto& row : db::list<RoomRow>(reader, R"(
            select room_id, public_id as id, name, capacity,
                   coalesce((details ->> 'accessible')::boolean, false) as accessible,
                   coalesce((details ->> 'induction_loop')::boolean, false) as induction_loop
              from room)"))
        found[row.room_id] = Room{row.id, row.name, row.capacity, row.accessible, row.induction_loop};
    return found;
}

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
         where s.event_id = any(:ids) and s.status <> 'removed' and s.status <> 'draft'
         order by s.event_id, s.starts_at, s.ordinal)",
                                ids);
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

Question question_of(QuestionRow const& row)
{
    Question question{row.key, row.type, row.label, row.required, {}, {}, {}, row.special_category};
    for (auto const& option : row.options)
        question.options.push_back(
            {std::string(option.at("value").as_string()), text_from_stored(option.at("label"))});
    if (row.visible_if) {
        question.visible_if_question = std::string(row.visible_if->at("question").as_string());
        auto const& in = row.visible_if->at("in").as_array();
        question.visible_if_in.assign(in.begin(), in.end());
    }
    return question;
}

std::map<std::int64_t, RegistrationForm> forms(db::Reader& reader, Ids const& ids)
{
    std::map<std::int64_t, RegistrationForm> found;
    for (auto& row : db::list<FormRow>(reader, R"(
            select event_id, version, time_zone, to_char(opens_local, 'YYYY-MM-DD"T"HH24:MI:SS') as opens_local,
                   ms(opens_at) as opens_at, to_char(closes_local, 'YYYY-MM-DD"T"HH24:MI:SS') as closes_local,
                   ms(closes_at) as closes_at, admission, waitlist, offer_hours
              from registration_form where event_id = any(:ids))",
                                       ids)) {
        RegistrationForm form{row.version, {}, {}, row.admission, row.waitlist, row.offer_hours, {}};
        if (row.opens_local && row.opens_at)
            form.opens = Moment{*row.opens_local, row.time_zone, *row.opens_at};
        if (row.closes_local && row.closes_at)
            form.closes = Moment{*row.closes_local, row.time_zone, *row.closes_at};
        found[row.event_id] = std::move(form);
    }
    for (auto& row : db::list<QuestionRow>(reader, R"(
            select event_id, key, type, label, required, options, visible_if, special_category
              from question where event_id = any(:ids) order by event_id, ordinal)",
                                           ids))
        found[row.event_id].questions.push_back(question_of(row));
    return found;
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
        event.sessions = std::move(all_sessions[row.event_id]);
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
