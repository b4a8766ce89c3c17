#include "db/rows.h"
#include "transfer/import_store.h"

namespace kutsu::transfer::store
{

constexpr char new_registrations[] = R"(
    insert into registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, role,
                              source, person_id, name, name_other_script, email, language, organisation, attendance,
                              participant_type, companions, seats, invitation, offer_expires_at, created_at, changed_at, cancelled_at,
                              details)
    select e.event_id, r.public_id, r.submission_id, decode(r.contents_hash, 'hex'), decode(r.token_hash, 'hex'),
           r.arrival, r.status, r.role, r.source, p.person_id, r.name, r.name_other_script, r.email, r.language,
           r.organisation, r.attendance, r.participant_type, coalesce(r.companions, '[]'),
           1 + coalesce(jsonb_array_length(r.companions), 0), r.invitation, at_ms(r.offer_expires_at),
           coalesce(at_ms(r.created_at), n.now), n.now, at_ms(r.cancelled_at), r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (ordinal int, event text, public_id text,
           submission_id uuid, contents_hash text, token_hash text, arrival bigint, status text, role text,
           source text, person text, name text, name_other_script text, email text, language text, organisation text, attendance text,
           participant_type text, companions jsonb, invitation text, offer_expires_at bigint, created_at bigint, cancelled_at bigint,
           details jsonb)
      cross join (select at_ms(cast(:now as bigint)) as now) n
      join event e on e.public_id = r.event
      left join person p on p.public_id = r.person
     order by r.ordinal)"; // the keys follow the file, and the export follows the keys

constexpr char new_answers[] = R"(
    insert into registration_answer (registration_id, key, value, form_version)
    select g.registration_id, r.key, coalesce(r.value, 'null'), g.form_version
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (registration text, key text, value jsonb)
      join registration g on g.public_id = r.registration)";

// Somebody who does not come holds no place in a session either.
constexpr char new_signups[] = R"(
    insert into session_signup (event_id, registration_id, session_id, status)
    select g.event_id, g.registration_id, s.session_id,
           case when g.status in ('confirmed', 'offered') then 'confirmed'
                when g.status in ('waitlisted', 'pending') then 'waitlisted'
                else 'cancelled' end
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, sessions text[])
      join registration g on g.public_id = r.public_id
      cross join unnest(r.sessions) as chosen (id)
      join session s on s.public_id = chosen.id)";

void insert_registrations(db::Transaction& transaction, Context const& context,
                          json::array const& registrations, json::array const& answers)
{
    db::execute(transaction, new_registrations, registrations, context.now);
    db::execute(transaction, new_answers, answers);
    db::execute(transaction, new_signups, registrations);
}

constexpr char new_event_counters[] = R"(
    insert into event_counter (event_id, version, arrival, capacity, taken, confirmed, waiting)
    select e.event_id, 1, coalesce(max(g.arrival), 0), max(f.capacity),
           coalesce(sum(g.seats) filter (where g.role = 'attendee' and g.status in ('confirmed', 'offered')), 0),
           coalesce(sum(g.seats) filter (where g.role = 'attendee' and g.status = 'confirmed'), 0),
           count(g.registration_id) filter (where g.status = 'waitlisted')
      from event e
      left join registration g using (event_id)
      left join jsonb_to_recordset(cast(:forms as jsonb)) as f (event text, capacity int) on f.event = e.public_id
     where e.project_id = :project_id
     group by e.event_id)";

constexpr char new_session_counters[] = R"(
    insert into session_counter (session_id, capacity, taken, waiting)
    select s.session_id, s.capacity,
           coalesce(sum(g.seats) filter (where g.role = 'attendee' and u.status = 'confirmed'), 0),
           count(u.registration_id) filter (where u.status = 'waitlisted')
      from session s
      join event e using (event_id)
      left join session_signup u using (session_id)
      left join registration g on g.registration_id = u.registration_id
     where e.project_id = :project_id and s.sign_up
     group by s.session_id, s.capacity)";

constexpr char pool_counters[] = R"(
    select count(counted.*) from (
        select count_pools(event_id) from event where project_id = :project_id) counted)";

constexpr char first_changes[] = R"(
    insert into change (event_id, event_version, kind, payload, actor, at)
    select event_id, 1, 'imported',
           jsonb_build_object('changes', jsonb_build_array(jsonb_build_object('kind', 'imported'))), 'import',
           at_ms(cast(:now as bigint))
      from event where project_id = :project_id)";

void insert_counters(db::Transaction& transaction, Context const& context, Rows const& rows)
{
    db::execute(transaction, new_event_counters, rows.forms, context.project_id);
    db::execute(transaction, new_session_counters, context.project_id);
    db::get<std::int64_t>(transaction, pool_counters, context.project_id);
    db::execute(transaction, first_changes, context.now, context.project_id);
}

}
