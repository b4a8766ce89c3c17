-- The classic form: lock the counter, decide in the program, insert, update, commit. Seven round trips.
begin;
select arrival + 1 as arrival, taken < capacity as free from peers.event_counter where event_id = :event for update \gset
insert into peers.registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, name,
                                email, language, created_at, changed_at)
select :event, 'p' || replace(id::text, '-', ''), id, sha256(id::text::bytea), sha256(uuid_send(id)), :arrival,
       case when :free::boolean then 'confirmed' else 'waitlisted' end, 'Aino Nieminen 1234',
       'guest-' || substr(replace(id::text, '-', ''), 1, 20) || '@example.org', 'fi', now(), now()
  from (select gen_random_uuid() as id) as g
returning registration_id, public_id, submission_id, email, status \gset
insert into peers.registration_answer (registration_id, key, value, form_version)
values (:registration_id, 'diet', '"kasvisruoka, ei pähkinöitä"', 1), (:registration_id, 'channel', '"fi"', 1),
       (:registration_id, 'company', 'true', 1);
insert into peers.outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at, created_at)
values (:status || ':' || :public_id, :status, :email, 'fi', :event, :registration_id,
        jsonb_build_object('name', 'Aino Nieminen 1234', 'submission_id', :submission_id::text, 'position', null), now(), now());
update peers.event_counter
   set arrival = arrival + 1, version = version + 1, taken = taken + :free::boolean::int,
       confirmed = confirmed + :free::boolean::int, waiting = waiting + (not :free::boolean)::int
 where event_id = :event;
commit;
