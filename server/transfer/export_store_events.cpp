#include "transfer/export_store.h"

namespace kutsu::transfer::store
{

constexpr char pairs_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select public_id, ordinal, title, details from event_pair where project_id = :project_id) r)";

constexpr char series_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select public_id, ordinal, title, details from series where project_id = :project_id) r)";

constexpr char events_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select e.public_id, e.slug, j.public_id as project, e.ordinal, p.public_id as event_pair,
                   s.public_id as series, v.public_id as venue, m.public_id as room, e.kind, e.status, e.visibility,
                   e.title, e.description, e.time_zone, e.starts_local, e.ends_local, ms(e.starts_at) as starts_at,
                   ms(e.ends_at) as ends_at, e.other_time_zones, ms(e.embargo_until) as embargo_until,
                   e.cancel_reason, e.details,
                   (select json_agg(c.public_id order by part.ordinal)
                      from event_component part join component c using (component_id)
                     where part.event_id = e.event_id) as components,
                   (select json_agg(d.public_id order by part.ordinal)
                      from event_document part join document d using (document_id)
                     where part.event_id = e.event_id) as documents
              from event e
              join project j using (project_id)
              left join event_pair p on p.event_pair_id = e.event_pair_id
              left join series s on s.series_id = e.series_id
              left join venue v on v.venue_id = e.venue_id
              left join room m on m.room_id = e.room_id
             where e.project_id = :project_id) r)";

constexpr char sessions_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select s.public_id, e.public_id as event, s.ordinal, m.public_id as room, s.kind, s.status, s.title,
                   s.time_zone, s.starts_local, s.ends_local, ms(s.starts_at) as starts_at, ms(s.ends_at) as ends_at,
                   s.language, s.interpretation, s.track, s.sign_up, s.capacity, s.details,
                   (select json_agg(p.public_id order by part.ordinal)
                      from session_speaker part join person p using (person_id)
                     where part.session_id = s.session_id) as speakers
              from session s
              join event e using (event_id)
              left join room m on m.room_id = s.room_id
             where e.project_id = :project_id and s.status <> 'removed') r)";

constexpr char forms_of[] = R"(
    select coalesce(json_agg(r), '[]')::text
      from (select e.public_id as event, f.opens_local, ms(f.opens_at) as opens_at, f.closes_local,
                   ms(f.closes_at) as closes_at, f.time_zone, f.admission, f.waitlist, f.offer_hours, c.capacity,
                   f.offer_working_hours, f.group_policy, f.session_overlap, f.hybrid,
                   not f.reminders as no_reminders, f.reapprove_on_edit, f.details
              from registration_form f
              join event e using (event_id)
              join event_counter c using (event_id)
             where e.project_id = :project_id) r)";

constexpr char pools_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select e.public_id as event, p.ordinal, p.key, p.by, p.label, p.capacity, cast('{}' as jsonb) as details
              from seat_pool p join event e using (event_id)
             where e.project_id = :project_id) r)";

constexpr char questions_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select e.public_id as event, q.ordinal, q.key, q.type, q.label, q.help, q.required, q.options, q.visible_if,
                   q.bounds -> 'min' as min, q.bounds -> 'max' as max, q.step = 2 as second_step, q.archived_in_version, q.special_category, q.purpose, q.retention_days, q.details
              from question q join event e using (event_id)
             where e.project_id = :project_id) r)";

void load_events(db::Reader& reader, std::int64_t project_id, Rows& rows)
{
    rows.event_pairs = gathered(reader, pairs_of, project_id);
    rows.series = gathered(reader, series_of, project_id);
    rows.events = gathered(reader, events_of, project_id);
    rows.sessions = gathered(reader, sessions_of, project_id);
    rows.forms = gathered(reader, forms_of, project_id);
    rows.pools = gathered(reader, pools_of, project_id);
    rows.questions = gathered(reader, questions_of, project_id);
}

// In the order in which they were written down, but a waiting list in the order of the queue: an organiser
// may have sent somebody to its end. Somebody who does not come keeps the choice that was made; somebody who
// chose anew keeps only the new one.
constexpr char registrations_of[] = R"(
    select coalesce(json_agg(r order by r.line), '[]')::text
      from (select line.registration_id as line, g.public_id, e.public_id as event, p.public_id as person, g.status, g.role,
                   g.source, g.name, g.name_other_script, g.email, g.language, g.organisation, g.attendance,
                   g.participant_type, g.companions, g.invitation, ms(g.created_at) as created_at, ms(g.cancelled_at) as cancelled_at,
                   ms(g.offer_expires_at) as offer_expires_at, g.details,
                   (select json_object_agg(a.key, a.value)
                      from registration_answer a where a.registration_id = g.registration_id) as answers,
                   (select json_agg(s.public_id order by s.ordinal)
                      from session_signup u join session s using (session_id)
                     where u.registration_id = g.registration_id
                       and (u.status <> 'cancelled' or g.status in ('cancelled', 'declined', 'duplicate'))) as sessions
              from (select registration.*, row_number() over (partition by event_id, status order by arrival) as nth
                      from registration) g
              join (select registration_id, event_id, status,
                           row_number() over (partition by event_id, status order by registration_id) as nth
                      from registration) line using (event_id, status, nth)
              join event e using (event_id)
              left join person p using (person_id)
             where e.project_id = :project_id) r)";

void load_registrations(db::Reader& reader, std::int64_t project_id, Rows& rows)
{
    rows.registrations = gathered(reader, registrations_of, project_id);
}

}
