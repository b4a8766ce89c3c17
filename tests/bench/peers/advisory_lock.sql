-- The form of systems that keep no counter: an advisory lock for the event, then count, insert, commit.
begin;
select pg_advisory_xact_lock(:event);
select count(*) + 1 as arrival, count(*) filter (where status = 'confirmed') < :capacity as free
  from peers.registration where event_id = :event \gset
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
commit;
