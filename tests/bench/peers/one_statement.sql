-- The best row lock: everything in one statement and one round trip; the lock is held for that statement and its commit.
with c as (
    update peers.event_counter
       set arrival = arrival + 1, version = version + 1, taken = taken + (taken < capacity)::int,
           confirmed = confirmed + (taken < capacity)::int, waiting = waiting + (taken >= capacity)::int
     where event_id = :event
    returning event_id, arrival, waiting = 0 as free
), r as (
    insert into peers.registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, name,
                                    email, language, created_at, changed_at)
    select c.event_id, 'p' || replace(id::text, '-', ''), id, sha256(id::text::bytea), sha256(uuid_send(id)), c.arrival,
           case when c.free then 'confirmed' else 'waitlisted' end, 'Aino Nieminen 1234',
           'guest-' || substr(replace(id::text, '-', ''), 1, 20) || '@example.org', 'fi', now(), now()
      from c, (select gen_random_uuid() as id) as g
    returning registration_id, event_id, public_id, submission_id, email, status
), a as (
    insert into peers.registration_answer (registration_id, key, value, form_version)
    select r.registration_id, v.key, v.value, 1
      from r, (values ('diet', '"kasvisruoka, ei pähkinöitä"'::jsonb), ('channel', '"fi"'), ('company', 'true')) as v (key, value)
)
insert into peers.outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at, created_at)
select status || ':' || public_id, status, email, 'fi', event_id, registration_id,
       jsonb_build_object('name', 'Aino Nieminen 1234', 'submission_id', submission_id, 'position', null), now(), now()
  from r;
