#include "db/rows.h"
#include "transfer/import_store.h"

namespace kutsu::transfer::store
{

constexpr char new_pairs[] = R"(
    insert into event_pair (public_id, project_id, ordinal, title, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.title, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, title jsonb, details jsonb))";

constexpr char new_series[] = R"(
    insert into series (public_id, project_id, ordinal, title, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.title, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, title jsonb, details jsonb))";

constexpr char new_events[] = R"(
    insert into event (public_id, slug, project_id, ordinal, event_pair_id, series_id, venue_id, room_id, kind,
                       status, visibility, title, description, time_zone, starts_local, ends_local, starts_at,
                       ends_at, other_time_zones, embargo_until, cancel_reason, calendar_modified, details,
                       created_at)
    select r.public_id, r.slug, cast(:project_id as bigint), r.ordinal, p.event_pair_id, s.series_id, v.venue_id,
           m.room_id, r.kind, r.status, r.visibility, r.title, coalesce(r.description, '{}'), r.time_zone,
           r.starts_local, r.ends_local, at_ms(r.starts_at), at_ms(r.ends_at), coalesce(r.other_time_zones, '{}'),
           at_ms(r.embargo_until), r.cancel_reason, date_trunc('second', n.now), r.details, n.now
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, slug text, ordinal int, event_pair text,
           series text, venue text, room text, kind text, status text, visibility text, title jsonb,
           description jsonb, time_zone text, starts_local timestamp, ends_local timestamp, starts_at bigint,
           ends_at bigint, other_time_zones text[], embargo_until bigint, cancel_reason jsonb, details jsonb)
      cross join (select at_ms(cast(:now as bigint)) as now) n
      left join event_pair p on p.public_id = r.event_pair
      left join series s on s.public_id = r.series
      left join venue v on v.public_id = r.venue
      left join room m on m.public_id = r.room)";

constexpr char new_event_components[] = R"(
    insert into event_component (event_id, component_id, ordinal)
    select e.event_id, c.component_id, part.ordinal
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, components text[])
      join event e on e.public_id = r.public_id
      cross join unnest(r.components) with ordinality as part (id, ordinal)
      join component c on c.public_id = part.id)";

constexpr char new_event_documents[] = R"(
    insert into event_document (event_id, document_id, ordinal)
    select e.event_id, d.document_id, part.ordinal
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, documents text[])
      join event e on e.public_id = r.public_id
      cross join unnest(r.documents) with ordinality as part (id, ordinal)
      join document d on d.public_id = part.id)";

constexpr char new_sessions[] = R"(
    insert into session (public_id, event_id, ordinal, room_id, kind, status, title, time_zone, starts_local,
                         ends_local, starts_at, ends_at, language, interpretation, track, sign_up, capacity,
                         calendar_modified, details, created_at)
    select r.public_id, e.event_id, r.ordinal, m.room_id, r.kind, coalesce(r.status, 'confirmed'), r.title,
           r.time_zone, r.starts_local, r.ends_local, at_ms(r.starts_at), at_ms(r.ends_at), r.language,
           coalesce(r.interpretation, '{}'), r.track, coalesce(r.sign_up, false), r.capacity,
           e.calendar_modified, r.details, e.created_at
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, event text, ordinal int, room text,
           kind text, status text, title jsonb, time_zone text, starts_local timestamp, ends_local timestamp,
           starts_at bigint, ends_at bigint, language text, interpretation text[], track text, sign_up boolean,
           capacity int, details jsonb)
      join event e on e.public_id = r.event
      left join room m on m.public_id = r.room)";

constexpr char new_speakers[] = R"(
    insert into session_speaker (session_id, person_id, ordinal)
    select s.session_id, p.person_id, part.ordinal
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, speakers text[])
      join session s on s.public_id = r.public_id
      cross join unnest(r.speakers) with ordinality as part (id, ordinal)
      join person p on p.public_id = part.id)";

constexpr char new_forms[] = R"(
    insert into registration_form (event_id, opens_local, opens_at, closes_local, closes_at, time_zone, admission,
                                   waitlist, offer_hours, offer_working_hours, group_policy, session_overlap, hybrid,
                                   reminders, reapprove_on_edit, details)
    select e.event_id, r.opens_local, at_ms(r.opens_at), r.closes_local, at_ms(r.closes_at), r.time_zone,
           coalesce(r.admission, 'open'), coalesce(r.waitlist, false), r.offer_hours,
           coalesce(r.offer_working_hours, false), coalesce(r.group_policy, 'hold'),
           coalesce(r.session_overlap, 'refuse'), coalesce(r.hybrid, false), not coalesce(r.no_reminders, false),
           coalesce(r.reapprove_on_edit, false), r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (event text, opens_local timestamp, opens_at bigint,
           closes_local timestamp, closes_at bigint, time_zone text, admission text, waitlist boolean,
           offer_hours int, offer_working_hours boolean, group_policy text, session_overlap text, hybrid boolean,
           no_reminders boolean, reapprove_on_edit boolean, details jsonb)
      join event e on e.public_id = r.event)";

// Their counters follow from the registrations.
constexpr char new_pools[] = R"(
    insert into seat_pool (event_id, key, ordinal, by, label, capacity)
    select e.event_id, r.key, r.ordinal, r.by, r.label, r.capacity
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (event text, key text, ordinal int, by text, label jsonb,
           capacity int)
      join event e on e.public_id = r.event)";

constexpr char new_questions[] = R"(
    insert into question (event_id, key, ordinal, type, label, help, required, options, visible_if, bounds, step,
                          archived_in_version, special_category, purpose, retention_days, details)
    select e.event_id, r.key, r.ordinal, r.type, r.label, coalesce(r.help, '{}'), coalesce(r.required, false),
           coalesce(r.options, '[]'), r.visible_if, jsonb_strip_nulls(jsonb_build_object('min', r.min, 'max', r.max)),
           1 + cast(coalesce(r.second_step, false) as int),
           r.archived_in_version, coalesce(r.special_category, false), r.purpose, r.retention_days, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (event text, key text, ordinal int, type text, label jsonb,
           help jsonb, required boolean, options jsonb, visible_if jsonb, min jsonb, max jsonb, second_step boolean,
           archived_in_version int, special_category boolean, purpose text, retention_days int, details jsonb)
      join event e on e.public_id = r.event)";

void insert_events(db::Transaction& transaction, Context const& context, Rows const& rows)
{
    db::execute(transaction, new_pairs, context.project_id, rows.event_pairs);
    db::execute(transaction, new_series, context.project_id, rows.series);
    db::execute(transaction, new_events, context.project_id, rows.events, context.now);
    db::execute(transaction, new_event_components, rows.events);
    db::execute(transaction, new_event_documents, rows.events);
    db::execute(transaction, new_sessions, rows.sessions);
    db::execute(transaction, new_speakers, rows.sessions);
    db::execute(transaction, new_forms, rows.forms);
    db::execute(transaction, new_pools, rows.pools);
    db::execute(transaction, new_questions, rows.questions);
}

}
