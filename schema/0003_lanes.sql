-- The fast tier of the registration desk: a batch of ordinary submissions, over any number of events, in a handful of
-- statements instead of a loop. Whatever is not ordinary is raised as KD001 and nothing is written; the lane then asks
-- desk_submit(), which can decide everything.
--
-- Ordinary: anybody may register, nothing has to be chosen or counted beside the event's own seats, nobody is here
-- already, and the parties of one event are all seated or all queued (can_sit() says who). An event's update waits for
-- its counter row and judges the newest state of it, so nobody has to know what other processes did meanwhile.
--
-- Every statement reads unnest() of the parameters and nothing that would have to be joined with it: there is one plan,
-- whatever the tables held when it was made. Who is here already is told by the unique indexes alone.
--
-- For each event, in the order of their ids: p_events, p_parties and p_seats (of all its parties). For each party: p_of
-- (the number of its event in p_events), p_nth (its number within the event), then its row. For each answer: p_answer_of
-- (the number of its party).
create function desk_submit_fast(
        p_now timestamptz, p_events bigint[], p_parties int[], p_seats int[],
        p_of int[], p_nth int[], p_form_versions int[], p_submission_ids uuid[], p_contents_hashes bytea[], p_token_hashes bytea[],
        p_public_ids text[], p_names text[], p_names_other text[], p_emails text[], p_languages text[],
        p_organisations text[], p_attendances text[], p_companions jsonb[],
        p_answer_of int[], p_answer_keys text[], p_answers jsonb[])
    returns table (event_id bigint, waits boolean, event_version bigint, capacity int, taken int, confirmed int,
                   waiting int, payload jsonb)
    language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
#variable_conflict use_column
declare
    v_ids       bigint[];  -- of the registrations
    v_found     bigint[];  -- the events that could take all their parties; the rest is about them, as they are now
    v_waits     boolean[]; -- whether its parties wait
    v_arrivals  bigint[];  -- before this batch
    v_queues    int[];     -- before this batch
    v_free      int[];
    v_versions  bigint[];
    v_unfit     text;
begin
    if cardinality(p_events) > 1 then
        perform from event_counter c where c.event_id = any (p_events) order by c.event_id for update;
    end if;
    with raised as (
        update event_counter c
           set arrival = c.arrival + e.parties, version = c.version + 1,
               taken = c.taken + case when c.waiting = 0 and c.taken is distinct from c.capacity then e.seats else 0 end,
               confirmed = c.confirmed + case when c.waiting = 0 and c.taken is distinct from c.capacity then e.seats else 0 end,
               waiting = c.waiting + case when c.waiting = 0 and c.taken is distinct from c.capacity then 0 else e.parties end
          from unnest(p_events, p_parties, p_seats) as e (event_id, parties, seats)
         where c.event_id = e.event_id
           and (c.waiting = 0 and (c.capacity is null or c.taken + e.seats <= c.capacity)
                or c.taken = c.capacity or c.waiting > 0)
        returning c.event_id, c.version, c.waiting > 0 as waits, c.arrival - e.parties as arrivals,
                  case when c.waiting > 0 then c.waiting - e.parties else 0 end as queue, c.capacity - c.taken as free)
    select array_agg(r.event_id order by r.event_id), array_agg(r.waits order by r.event_id),
           array_agg(r.arrivals order by r.event_id), array_agg(r.queue order by r.event_id),
           array_agg(r.free order by r.event_id), array_agg(r.version order by r.event_id)
      into v_found, v_waits, v_arrivals, v_queues, v_free, v_versions
      from raised r;

    -- Another statement, so that the forms are read as they are under the lock. Seats that are free while somebody waits
    -- must be held by the first of the queue, who needs more of them.
    select string_agg(e.number::text, ',') into v_unfit
      from (select u.event_id, u.number, array_position(v_found, u.event_id) as place
              from unnest(p_events) with ordinality as u (event_id, number)) as e
     where e.place is null or not coalesce(
           (select event.status in ('published', 'rescheduled', 'running') and event.ends_at > p_now
                   and f.admission = 'open' and (f.opens_at is null or f.opens_at <= p_now)
                   and (f.closes_at is null or f.closes_at > p_now)
                   and (not v_waits[e.place] or f.waitlist and (v_free[e.place] = 0 or f.group_policy = 'hold' and
                        (select seats_taken(r) > v_free[e.place] from registration r
                          where r.event_id = e.event_id and r.status = 'waitlisted' order by r.arrival limit 1)))
                   and not exists (select from seat_pool p where p.event_id = e.event_id)
              from event join registration_form f on f.event_id = event.event_id
             where event.event_id = e.event_id), false);
    if v_unfit is not null then
        raise exception 'events' using errcode = 'KD001', detail = v_unfit;
    end if;

    -- A repeated submission; the same person twice is found by the indexes.
    select string_agg(x.number::text, ',') into v_unfit
      from unnest(p_submission_ids) with ordinality as x (submission_id, number)
     where x.submission_id in (select s.submission_id from registration_shadow s
                                where s.submission_id = any (p_submission_ids));
    if v_unfit is not null then
        raise exception 'parties' using errcode = 'KD001', detail = v_unfit;
    end if;

    select array_agg(nextval('registration_registration_id_seq')) into v_ids from generate_series(1, cardinality(p_of));
    begin
        insert into registration (registration_id, event_id, public_id, submission_id, contents_hash, token_hash, arrival, status,
                                  name, name_other_script, email, language, organisation, attendance, companions, seats,
                                  form_version, created_at, changed_at)
            overriding system value
        select v_ids[x.number], p_events[x.event], x.public_id, x.submission_id, x.contents_hash, x.token_hash,
               v_arrivals[x.event] + x.nth, case when v_waits[x.event] then 'waitlisted' else 'confirmed' end,
               x.name, x.name_other, x.email, x.language, x.organisation, x.attendance, x.companions,
               1 + jsonb_array_length(x.companions), x.form_version, p_now, p_now
          from unnest(p_of, p_nth, p_form_versions, p_submission_ids, p_contents_hashes, p_token_hashes, p_public_ids, p_names, p_names_other,
                      p_emails, p_languages, p_organisations, p_attendances, p_companions)
               with ordinality as x (event, nth, form_version, submission_id, contents_hash, token_hash, public_id, name, name_other,
                                     email, language, organisation, attendance, companions, number);
    exception when unique_violation then
        -- Who is here already, or twice in this batch, is named; the others come again without them.
        select string_agg(x.number::text, ',' order by x.number) into v_unfit
          from (select u.number, u.submission_id, u.event, u.email,
                       row_number() over (partition by u.submission_id order by u.number) as same_id,
                       row_number() over (partition by u.event, lower(u.email) order by u.number) as same_person
                  from unnest(p_of, p_submission_ids, p_emails) with ordinality as u (event, submission_id, email, number)) as x
         where x.same_id > 1 or x.same_person > 1
            or exists (select from registration r where r.submission_id = x.submission_id)
            or exists (select from registration r
                        where r.event_id + 0 = p_events[x.event] and r.email_key = lower(x.email)
                          and r.status not in ('cancelled', 'declined', 'duplicate'));
        if v_unfit is null then
            raise;
        end if;
        raise exception 'parties' using errcode = 'KD001', detail = v_unfit;
    end;

    insert into registration_answer (registration_id, key, value, form_version)
    select v_ids[a.of], a.key, a.value, p_form_versions[a.of]
      from unnest(p_answer_of, p_answer_keys, p_answers) as a (of, key, value);

    -- As queue_mail() writes it.
    insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at, created_at)
    select x.status || ':' || x.public_id, x.status, x.email, x.language, p_events[x.event], v_ids[x.number],
           jsonb_build_object('name', x.name, 'submission_id', x.submission_id, 'position', x.position), p_now, p_now
      from (select u.*, case when v_waits[u.event] then 'waitlisted' else 'confirmed' end as status,
                   case when v_waits[u.event] then v_queues[u.event] + u.nth end as position
              from unnest(p_of, p_nth, p_submission_ids, p_public_ids, p_names, p_emails, p_languages)
                   with ordinality as u (event, nth, submission_id, public_id, name, email, language, number)) as x;

    -- As record_change() and seats_changes() write it.
    return query
        with noted as (
            insert into change (event_id, event_version, kind, payload, actor, origin, at)
            select e.event_id, e.version, 'seats', jsonb_build_object('changes', jsonb_build_array(jsonb_build_object(
                       'kind', 'seats',
                       'seats', (select jsonb_build_object(
                                            'capacity', c.capacity, 'confirmed', c.confirmed, 'waitlisted', c.waiting,
                                            'free', case when c.capacity is not null then greatest(c.capacity - c.taken, 0) end)
                                   from event_counter c where c.event_id = e.event_id),
                       'sessions', coalesce(
                           (select jsonb_agg(jsonb_build_object('id', s.public_id, 'capacity', sc.capacity,
                                                                'free', greatest(sc.capacity - sc.taken, 0)) order by s.ordinal)
                              from session s join session_counter sc on sc.session_id = s.session_id
                             where s.event_id = e.event_id and s.status <> 'removed'), '[]')))),
                   'registration', '', p_now
              from unnest(p_events, v_versions) as e (event_id, version)
            returning change.event_id, change.event_version, change.payload)
        select n.event_id, v_waits[array_position(p_events, n.event_id)], n.event_version, c.capacity, c.taken, c.confirmed,
               c.waiting, n.payload
          from noted n join event_counter c on c.event_id = n.event_id
         order by n.event_id;
end $$;

-- A burst leaves thousands of letters due at one instant: the worker takes some of them without sorting them all.
drop index outbox_due;
create index outbox_due on outbox (next_attempt_at, outbox_id) where state = 'queued';
