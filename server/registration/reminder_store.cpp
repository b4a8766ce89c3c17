#include "registration/reminder_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::registration::store
{

BOOST_DESCRIBE_STRUCT(EventDates, (),
                      (event_id, slug, status, time_zone, starts_local, starts_at, ends_at, opens_at,
                       closes_at, reminders))
BOOST_DESCRIBE_STRUCT(OpenOffer, (), (registration, time_zone, made_at, expires_at))

std::optional<EventDates> event_dates(db::Reader& reader, std::string const& public_id)
{
    return db::find<EventDates>(reader, R"(
        select e.event_id, e.slug, e.status, e.time_zone,
               to_char(e.starts_local, 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
               ms(e.starts_at) as starts_at, ms(e.ends_at) as ends_at, ms(f.opens_at) as opens_at,
               ms(f.closes_at) as closes_at, coalesce(f.reminders, false)::int as reminders
          from event e left join registration_form f using (event_id) where e.public_id = :id)",
                                public_id);
}

std::int64_t queue_reminders(db::Transaction& transaction, EventDates const& event, Instant now)
{
    return db::get<std::int64_t>(transaction, R"(
        with written as (
            insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params,
                                next_attempt_at, created_at)
            select format('reminder:%s:%s', r.public_id, cast(:start as text)), 'reminder', r.email, r.language,
                   r.event_id, r.registration_id,
                   jsonb_build_object('name', r.name, 'submission_id', r.submission_id, 'sessions', coalesce((
                       select jsonb_agg(jsonb_build_object('id', s.public_id, 'status', su.status) order by s.ordinal)
                         from session_signup su join session s using (event_id, session_id)
                        where su.registration_id = r.registration_id and su.status <> 'cancelled'), '[]')),
                   at_ms(:now), at_ms(:now2)
              from registration r
             where r.event_id = :event and r.status = 'confirmed' and r.email is not null
             order by r.arrival
            on conflict (dedupe_key) do nothing
            returning 1)
        select count(*) as written from written)",
                                 format_utc(event.starts_at), now, now, event.event_id);
}

std::int64_t queue_offer_expiring(db::Transaction& transaction, std::string const& registration, Instant now)
{
    return db::get<std::int64_t>(transaction, R"(
        with written as (
            insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params,
                                next_attempt_at, created_at)
            select format('offer_expiring:%s:%s', r.public_id, ms(r.offer_expires_at)), 'offer_expiring', r.email,
                   r.language, r.event_id, r.registration_id,
                   jsonb_build_object('name', r.name, 'submission_id', r.submission_id,
                                      'offer_expires_at_ms', ms(r.offer_expires_at)),
                   at_ms(:now), at_ms(:now2)
              from registration r join event e using (event_id)
             where r.public_id = :id and r.status = 'offered' and r.email is not null
               and r.offer_expires_at > at_ms(:now3) and e.status in ('published', 'rescheduled', 'running')
            on conflict (dedupe_key) do nothing
            returning 1)
        select count(*) as written from written)",
                                 now, now, registration, now);
}

std::vector<OpenOffer> offers_without_notice(db::Reader& reader, std::int64_t at_least_hours, int limit)
{
    return db::list<OpenOffer>(reader, R"(
        select r.public_id as registration, e.time_zone, ms(r.changed_at) as made_at,
               ms(r.offer_expires_at) as expires_at
          from registration r join event e using (event_id)
         where r.status = 'offered' and r.offer_expires_at - r.changed_at >= :hours * interval '1 hour'
           and not exists (select from timer t where t.subject = r.public_id and t.kind = 'offer_expiring'
                                                 and t.useless_after = r.offer_expires_at)
         order by r.offer_expires_at limit :limit)",
                               at_least_hours, limit);
}

std::vector<std::int64_t> events_with_expired_offers(db::Reader& reader, Instant now)
{
    return db::list<std::int64_t>(reader, R"(
        select distinct event_id from registration
         where status = 'offered' and offer_expires_at <= at_ms(:now) order by event_id)",
                                  now);
}

std::optional<Instant> next_offer_end(db::Reader& reader)
{
    return db::get<std::optional<Instant>>(
        reader, "select ms(min(offer_expires_at)) as next from registration where status = 'offered'");
}

std::int64_t remove_shadows(db::Transaction& transaction, Instant ended_before)
{
    return db::execute(transaction, R"(
        delete from registration_shadow s using event e
         where e.event_id = s.event_id and e.ends_at < at_ms(:before))",
                       ended_before);
}

}
