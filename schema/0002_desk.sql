-- The registration desk's decisions. They are functions of the database, against the habit of this house, because a
-- batch has to be decided in one round trip under the counter rows it locked in an earlier statement: inside a volatile
-- function each statement has its own snapshot, so the decision sees what the lock waited for.
-- Lock order everywhere: event counters by id, then session counters by id, then registrations.

-- Raises the version of an event and writes the change that its readers will see.
create function record_change(p_event bigint, p_kind text, p_changes jsonb, p_actor text, p_origin text, p_now timestamptz)
    returns bigint language plpgsql as $$
declare
    v_version bigint;
begin
    update event_counter set version = version + 1 where event_id = p_event returning version into strict v_version;
    insert into change (event_id, event_version, kind, payload, actor, origin, at)
    values (p_event, v_version, p_kind, jsonb_build_object('changes', p_changes), p_actor, p_origin, p_now);
    return v_version;
end $$;

create function seats_json(p_event bigint) returns jsonb language sql stable as $$
    select jsonb_build_object('capacity', capacity, 'confirmed', confirmed, 'waitlisted', waiting,
                              'free', case when capacity is not null then greatest(capacity - taken, 0) end)
      from event_counter where event_id = p_event
$$;

-- What the notification of a change of seats says: the event's, and those of the sessions people sign up for.
create function seats_changes(p_event bigint) returns jsonb language sql stable as $$
    select jsonb_build_array(jsonb_build_object('kind', 'seats', 'seats', seats_json(p_event), 'sessions', coalesce(
        (select jsonb_agg(jsonb_build_object('id', s.public_id, 'capacity', sc.capacity,
                                             'free', greatest(sc.capacity - sc.taken, 0)) order by s.ordinal)
           from session s join session_counter sc using (session_id)
          where s.event_id = p_event and s.status <> 'removed'), '[]')))
$$;

create function queue_mail(p_dedupe_key text, p_kind text, p_registration registration, p_params jsonb, p_now timestamptz)
    returns void language sql as $$
    insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at, created_at)
    select p_dedupe_key, p_kind, p_registration.email, p_registration.language, p_registration.event_id,
           p_registration.registration_id,
           jsonb_build_object('name', p_registration.name, 'submission_id', p_registration.submission_id) || p_params,
           p_now, p_now
     where p_registration.email is not null
    on conflict (dedupe_key) do nothing
$$;

create function queue_position(p_registration registration) returns bigint language sql stable as $$
    select case when p_registration.status = 'waitlisted' then
        (select count(*) from registration
          where event_id = p_registration.event_id and status = 'waitlisted' and arrival <= p_registration.arrival) end
$$;

-- Seats one registration in its chosen sessions as far as there is room; the session counters are locked already.
create function seat_in_sessions(p_registration registration, p_sessions bigint[]) returns void language plpgsql as $$
declare
    v_session bigint;
    v_status  text;
begin
    foreach v_session in array p_sessions loop
        v_status := 'waitlisted';
        if p_registration.status = 'confirmed' then
            update session_counter set taken = taken + p_registration.seats
             where session_id = v_session and waiting = 0
               and (capacity is null or taken + p_registration.seats <= capacity);
            if found then
                v_status := 'confirmed';
            end if;
        end if;
        if v_status = 'waitlisted' then
            update session_counter set waiting = waiting + 1 where session_id = v_session;
        end if;
        insert into session_signup (event_id, registration_id, session_id, status)
        values (p_registration.event_id, p_registration.registration_id, v_session, v_status)
        on conflict (registration_id, session_id) do update set status = excluded.status;
    end loop;
end $$;

-- Gives the places that a registration held in sessions back, or takes it off their queues.
create function leave_sessions(p_registration registration, p_sessions bigint[]) returns void language plpgsql as $$
declare
    v_row record;
begin
    for v_row in select session_id, status from session_signup
                  where registration_id = p_registration.registration_id and session_id = any (p_sessions)
                    and status <> 'cancelled' order by session_id loop
        update session_counter
           set taken = taken - case when v_row.status = 'confirmed' then p_registration.seats else 0 end,
               waiting = waiting - case when v_row.status = 'waitlisted' then 1 else 0 end
         where session_id = v_row.session_id;
        update session_signup set status = 'cancelled'
         where registration_id = p_registration.registration_id and session_id = v_row.session_id;
    end loop;
end $$;

-- Fills free places of an event's sessions from their queues, by arrival; only confirmed guests are seated.
create function fill_sessions(p_event bigint) returns void language plpgsql as $$
declare
    v_row record;
    v_full bigint[] := '{}';
begin
    for v_row in
        select su.session_id, su.registration_id, r.seats
          from session_signup su join registration r using (event_id, registration_id)
         where su.event_id = p_event and su.status = 'waitlisted' and r.status = 'confirmed'
         order by su.session_id, r.arrival loop
        continue when v_row.session_id = any (v_full);
        update session_counter set taken = taken + v_row.seats, waiting = waiting - 1
         where session_id = v_row.session_id and (capacity is null or taken + v_row.seats <= capacity);
        if found then
            update session_signup set status = 'confirmed'
             where registration_id = v_row.registration_id and session_id = v_row.session_id;
        else
            v_full := v_full || v_row.session_id; -- the first in the queue does not fit: nobody passes
        end if;
    end loop;
end $$;

create function lock_sessions(p_event bigint) returns void language sql as $$
    select from session_counter where session_id in (select session_id from session where event_id = p_event)
     order by session_id for update
$$;

-- Free seats go to the waiting list, strictly by arrival; a party that does not fit holds the queue. The event says
-- whether a seat is the guest's at once or offered for some hours. The event's counter is locked already.
create function promote(p_event bigint, p_now timestamptz) returns void language plpgsql as $$
declare
    v_next  registration;
    v_hours int;
begin
    select offer_hours into v_hours from registration_form where event_id = p_event;
    loop
        select * into v_next from registration
         where event_id = p_event and status = 'waitlisted' order by arrival limit 1;
        exit when not found;
        update event_counter
           set taken = taken + v_next.seats, waiting = waiting - 1,
               confirmed = confirmed + case when v_hours is null then v_next.seats else 0 end
         where event_id = p_event and (capacity is null or taken + v_next.seats <= capacity);
        exit when not found;
        update registration
           set status = case when v_hours is null then 'confirmed' else 'offered' end,
               offer_expires_at = p_now + v_hours * interval '1 hour', changed_at = p_now, version = version + 1
         where registration_id = v_next.registration_id returning * into v_next;
        perform queue_mail(format('%s:%s:%s', case when v_hours is null then 'promoted' else 'offered' end,
                                  v_next.public_id, v_next.version),
                           case when v_hours is null then 'promoted' else 'offered' end, v_next,
                           jsonb_build_object('offer_expires_at_ms', ms(v_next.offer_expires_at)), p_now);
    end loop;
end $$;

-- Decides a batch. p_requests: [{"event_id", "submission_id", "contents_hash", "token_hash" (both hex), "public_id",
-- "name", "email", "language", "organisation"?, "name_other_script"?, "attendance"?, "companions": [], "sessions":
-- [public ids], "answers": {}, "invitation"?, "form_version"}]. One row a request, in order:
-- outcome: created, seen, conflict, closed, not_open_yet, full, not_allowed, not_found; answer: what the guest is told,
-- with a conflict what the submission id stands for.
create function desk_submit(p_now timestamptz, p_requests jsonb)
    returns table (outcome text, answer jsonb, event_version bigint) language plpgsql as $$
#variable_conflict use_column
declare
    v_request  jsonb;
    v_event    record;
    v_old      registration;
    v_new      registration;
    v_shadow   registration_shadow;
    v_sessions bigint[];
    v_seats    int;
    v_status   text;
    v_counter  event_counter;
    v_touched  bigint[] := '{}';
    v_answers  jsonb[] := '{}';
    v_outcomes text[] := '{}';
    v_events   bigint[] := '{}';
    v_answer   jsonb;
begin
    perform from event_counter
      where event_id in (select (each ->> 'event_id')::bigint from jsonb_array_elements(p_requests) each)
      order by event_id for update;
    perform from session_counter
      where session_id in (select s.session_id from jsonb_array_elements(p_requests) each
                             join session s on s.event_id = (each ->> 'event_id')::bigint
                            where s.public_id in (select jsonb_array_elements_text(each -> 'sessions')))
      order by session_id for update;

    for v_request in select each from jsonb_array_elements(p_requests) each loop
        v_outcomes := v_outcomes || 'not_found'::text;
        v_answers := v_answers || null::jsonb;
        v_events := v_events || (v_request ->> 'event_id')::bigint;

        -- The same submission again: the same answer; the same id with other contents: a conflict.
        select * into v_old from registration where submission_id = (v_request ->> 'submission_id')::uuid;
        if found then
            if v_old.contents_hash = decode(v_request ->> 'contents_hash', 'hex') then
                v_outcomes[array_upper(v_outcomes, 1)] := 'seen';
                v_answers[array_upper(v_answers, 1)] := registration_answer_json(v_old);
            else
                v_outcomes[array_upper(v_outcomes, 1)] := 'conflict';
                v_answers[array_upper(v_answers, 1)] := jsonb_build_object(
                    'submission_id', v_old.submission_id, 'status', v_old.status,
                    'event', (select e.slug from event e where e.event_id = v_old.event_id));
            end if;
            continue;
        end if;
        select * into v_shadow from registration_shadow where submission_id = (v_request ->> 'submission_id')::uuid;
        if found then
            v_outcomes[array_upper(v_outcomes, 1)] :=
                case when v_shadow.contents_hash = decode(v_request ->> 'contents_hash', 'hex') then 'seen' else 'conflict' end;
            v_answers[array_upper(v_answers, 1)] :=
                case when v_outcomes[array_upper(v_outcomes, 1)] = 'seen' then v_shadow.answer
                else jsonb_build_object('submission_id', v_shadow.submission_id, 'status', v_shadow.answer ->> 'status',
                    'event', (select e.slug from event e where e.event_id = v_shadow.event_id)) end;
            continue;
        end if;

        select e.status, e.ends_at, f.opens_at, f.closes_at, f.waitlist, f.admission
          into v_event from event e join registration_form f using (event_id)
         where e.event_id = (v_request ->> 'event_id')::bigint;
        continue when not found;
        if v_event.status not in ('published', 'rescheduled', 'running') or v_event.ends_at <= p_now
           or v_event.closes_at <= p_now then
            v_outcomes[array_upper(v_outcomes, 1)] := 'closed';
            continue;
        elsif v_event.opens_at > p_now then
            v_outcomes[array_upper(v_outcomes, 1)] := 'not_open_yet';
            continue;
        elsif v_event.admission = 'invitation' then
            v_outcomes[array_upper(v_outcomes, 1)] := 'not_allowed';
            continue;
        end if;

        select * into strict v_counter from event_counter where event_id = (v_request ->> 'event_id')::bigint;
        v_seats := 1 + jsonb_array_length(v_request -> 'companions');
        v_status := case
            when v_event.admission = 'approval' then 'pending'
            when v_counter.waiting = 0 and (v_counter.capacity is null or v_counter.taken + v_seats <= v_counter.capacity)
                then 'confirmed'
            when v_event.waitlist then 'waitlisted' end;
        if v_status is null then
            v_outcomes[array_upper(v_outcomes, 1)] := 'full';
            continue;
        end if;
        v_sessions := array(select s.session_id from session s
                             where s.event_id = v_counter.event_id and s.sign_up and s.status = 'confirmed'
                               and s.public_id in (select jsonb_array_elements_text(v_request -> 'sessions'))
                             order by s.session_id);

        select * into v_old from registration
         where event_id = v_counter.event_id and email_key = lower(v_request ->> 'email')
           and status not in ('cancelled', 'declined', 'duplicate');
        if found then
            -- Nobody may learn who is registered: the answer is a newcomer's, the owner of the address gets a mail.
            v_answer := jsonb_build_object(
                'status', v_status,
                'position', case when v_status = 'waitlisted' then v_counter.waiting + 1 end,
                'seats', jsonb_build_object(
                    'capacity', v_counter.capacity,
                    'confirmed', v_counter.confirmed + case when v_status = 'confirmed' then v_seats else 0 end,
                    'waitlisted', v_counter.waiting + case when v_status = 'waitlisted' then 1 else 0 end,
                    'free', case when v_counter.capacity is not null then greatest(v_counter.capacity - v_counter.taken
                            - case when v_status = 'confirmed' then v_seats else 0 end, 0) end),
                'sessions', coalesce((
                    select jsonb_agg(jsonb_build_object('id', s.public_id, 'status', case
                               when v_status = 'confirmed' and sc.waiting = 0
                                    and (sc.capacity is null or sc.taken + v_seats <= sc.capacity)
                               then 'confirmed' else 'waitlisted' end) order by s.ordinal)
                      from session s join session_counter sc using (session_id) where session_id = any (v_sessions)), '[]'),
                'name', v_request ->> 'name', 'email', v_request ->> 'email', 'language', v_request ->> 'language',
                'organisation', v_request ->> 'organisation', 'name_other_script', v_request ->> 'name_other_script',
                'attendance', v_request ->> 'attendance', 'answers', v_request -> 'answers',
                'companions', v_request -> 'companions');
            insert into registration_shadow (submission_id, event_id, contents_hash, token_hash, answer, created_at)
            values ((v_request ->> 'submission_id')::uuid, v_counter.event_id,
                    decode(v_request ->> 'contents_hash', 'hex'), decode(v_request ->> 'token_hash', 'hex'), v_answer, p_now);
            perform queue_mail(format('already_registered:%s:%s', v_old.public_id, v_request ->> 'submission_id'),
                               'already_registered', v_old, '{}', p_now);
            v_outcomes[array_upper(v_outcomes, 1)] := 'created';
            v_answers[array_upper(v_answers, 1)] := v_answer;
            continue;
        end if;

        update event_counter
           set arrival = arrival + 1,
               taken = taken + case when v_status = 'confirmed' then v_seats else 0 end,
               confirmed = confirmed + case when v_status = 'confirmed' then v_seats else 0 end,
               waiting = waiting + case when v_status = 'waitlisted' then 1 else 0 end
         where event_id = v_counter.event_id returning * into v_counter;
        insert into registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, name,
                                  name_other_script, email, language, organisation, attendance, companions, seats,
                                  invitation, form_version, created_at, changed_at)
        values (v_counter.event_id, v_request ->> 'public_id', (v_request ->> 'submission_id')::uuid,
                decode(v_request ->> 'contents_hash', 'hex'), decode(v_request ->> 'token_hash', 'hex'),
                v_counter.arrival, v_status, v_request ->> 'name', v_request ->> 'name_other_script',
                v_request ->> 'email', v_request ->> 'language', v_request ->> 'organisation',
                v_request ->> 'attendance', v_request -> 'companions', v_seats, v_request ->> 'invitation',
                (v_request ->> 'form_version')::int, p_now, p_now)
        returning * into v_new;
        insert into registration_answer (registration_id, key, value, form_version)
        select v_new.registration_id, a.key, a.value, v_new.form_version from jsonb_each(v_request -> 'answers') a;
        perform seat_in_sessions(v_new, v_sessions);
        perform queue_mail(format('%s:%s', v_status, v_new.public_id), v_status, v_new,
                           jsonb_build_object('position', case when v_status = 'waitlisted' then v_counter.waiting end), p_now);
        if not v_counter.event_id = any (v_touched) then
            v_touched := v_touched || v_counter.event_id;
        end if;
        v_outcomes[array_upper(v_outcomes, 1)] := 'created';
        v_answers[array_upper(v_answers, 1)] := registration_answer_json(v_new);
    end loop;

    perform record_change(touched, 'seats', seats_changes(touched), 'registration', '', p_now)
       from (select unnest(v_touched) as touched order by 1) as t;
    return query
        select o.outcome, o.answer, c.version
          from unnest(v_outcomes, v_answers, v_events) with ordinality as o (outcome, answer, event_id, number)
          left join event_counter c on c.event_id = o.event_id order by o.number;
end $$;

-- A registration as its owner is told: status, place in the queue, seats, chosen sessions and their own data.
create function registration_answer_json(p_registration registration) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'status', p_registration.status,
        'position', queue_position(p_registration),
        'seats', seats_json(p_registration.event_id),
        'sessions', coalesce((
            select jsonb_agg(jsonb_build_object('id', s.public_id, 'status', su.status) order by s.ordinal)
              from session_signup su join session s using (event_id, session_id)
             where su.registration_id = p_registration.registration_id and su.status <> 'cancelled'), '[]'),
        'name', p_registration.name, 'email', p_registration.email, 'language', p_registration.language,
        'organisation', p_registration.organisation, 'name_other_script', p_registration.name_other_script,
        'attendance', p_registration.attendance, 'companions', p_registration.companions,
        'version', p_registration.version, 'offer_expires_at_ms', ms(p_registration.offer_expires_at),
        'answers', coalesce((select jsonb_object_agg(a.key, a.value) from registration_answer a
                              where a.registration_id = p_registration.registration_id), '{}'))
$$;

-- Locks the event of a registration and gives the row as it is under that lock; null for an unknown token.
create function lock_registration(p_token_hash bytea) returns registration language plpgsql as $$
declare
    v_event bigint;
    v_row   registration;
begin
    select event_id into v_event from registration where token_hash = p_token_hash;
    if not found then
        return null;
    end if;
    perform from event_counter where event_id = v_event for update;
    perform lock_sessions(v_event);
    select * into v_row from registration where token_hash = p_token_hash;
    return v_row;
end $$;

-- Seats a registration takes from the event's capacity: speakers, staff and interpreters take none.
create function seats_taken(p_registration registration) returns int language sql immutable as $$
    select case when p_registration.role = 'attendee' then p_registration.seats else 0 end
$$;

-- Ends a registration: p_status cancelled or declined. Repeating it changes nothing. Gives false when there is none.
create function desk_end(p_token_hash bytea, p_status text, p_actor text, p_now timestamptz)
    returns boolean language plpgsql as $$
declare
    v_row registration := lock_registration(p_token_hash);
begin
    if v_row.registration_id is null then
        return false;
    end if;
    if v_row.status not in ('pending', 'confirmed', 'waitlisted', 'offered') then
        return true;
    end if;
    perform leave_sessions(v_row, array(select session_id from session_signup
                                         where registration_id = v_row.registration_id));
    update event_counter
       set taken = taken - case when v_row.status in ('confirmed', 'offered') then seats_taken(v_row) else 0 end,
           confirmed = confirmed - case when v_row.status = 'confirmed' then seats_taken(v_row) else 0 end,
           waiting = waiting - case when v_row.status = 'waitlisted' then 1 else 0 end
     where event_id = v_row.event_id;
    update registration set status = p_status, offer_expires_at = null, cancelled_at = p_now, changed_at = p_now,
                            version = version + 1
     where registration_id = v_row.registration_id returning * into v_row;
    perform queue_mail(format('%s:%s:%s', p_status, v_row.public_id, v_row.version), 'cancelled', v_row, '{}', p_now);
    perform promote(v_row.event_id, p_now);
    perform fill_sessions(v_row.event_id);
    perform record_change(v_row.event_id, 'seats', seats_changes(v_row.event_id), p_actor, '', p_now);
    return true;
end $$;

-- Takes an offered seat. Gives: accepted, expired, not_offered, not_found.
create function desk_accept(p_token_hash bytea, p_now timestamptz) returns text language plpgsql as $$
declare
    v_row registration := lock_registration(p_token_hash);
begin
    if v_row.registration_id is null then
        return 'not_found';
    elsif v_row.status = 'confirmed' then
        return 'accepted';
    elsif v_row.status <> 'offered' then
        return 'not_offered';
    elsif v_row.offer_expires_at <= p_now then
        return 'expired';
    end if;
    update event_counter set confirmed = confirmed + v_row.seats where event_id = v_row.event_id;
    update registration set status = 'confirmed', offer_expires_at = null, changed_at = p_now, version = version + 1
     where registration_id = v_row.registration_id returning * into v_row;
    perform fill_sessions(v_row.event_id);
    perform queue_mail(format('confirmed:%s:%s', v_row.public_id, v_row.version), 'confirmed', v_row, '{}', p_now);
    perform record_change(v_row.event_id, 'seats', seats_changes(v_row.event_id), 'registration', '', p_now);
    return 'accepted';
end $$;

-- Offers nobody took in time end; the seat goes to the next in the queue. Gives how many ended.
create function desk_expire_offers(p_now timestamptz) returns int language plpgsql as $$
declare
    v_event bigint;
    v_row   registration;
    v_count int := 0;
begin
    for v_event in select distinct event_id from registration
                    where status = 'offered' and offer_expires_at <= p_now order by 1 loop
        perform from event_counter where event_id = v_event for update;
        perform lock_sessions(v_event);
        for v_row in select * from registration
                      where event_id = v_event and status = 'offered' and offer_expires_at <= p_now order by arrival loop
            perform leave_sessions(v_row, array(select session_id from session_signup
                                                 where registration_id = v_row.registration_id));
            update event_counter set taken = taken - v_row.seats where event_id = v_event;
            update registration set status = 'declined', offer_expires_at = null, changed_at = p_now, cancelled_at = p_now,
                                    version = version + 1
             where registration_id = v_row.registration_id returning * into v_row;
            perform queue_mail(format('offer_expired:%s:%s', v_row.public_id, v_row.version), 'offer_expired', v_row, '{}', p_now);
            v_count := v_count + 1;
        end loop;
        perform promote(v_event, p_now);
        perform fill_sessions(v_event);
        perform record_change(v_event, 'seats', seats_changes(v_event), 'clock', '', p_now);
    end loop;
    return v_count;
end $$;

-- Changes what the owner may change; p_changes holds only the members to change. Gives false for an unknown token.
create function desk_change(p_token_hash bytea, p_changes jsonb, p_now timestamptz) returns boolean language plpgsql as $$
declare
    v_row  registration := lock_registration(p_token_hash);
    v_want bigint[];
    v_have bigint[];
begin
    if v_row.registration_id is null then
        return false;
    end if;
    update registration
       set name = coalesce(p_changes ->> 'name', name),
           name_other_script = case when p_changes ? 'name_other_script' then nullif(p_changes ->> 'name_other_script', '')
                               else name_other_script end,
           organisation = case when p_changes ? 'organisation' then nullif(p_changes ->> 'organisation', '')
                          else organisation end,
           language = coalesce(p_changes ->> 'language', language), changed_at = p_now, version = version + 1
     where registration_id = v_row.registration_id returning * into v_row;
    if p_changes ? 'answers' then
        delete from registration_answer where registration_id = v_row.registration_id;
        insert into registration_answer (registration_id, key, value, form_version)
        select v_row.registration_id, a.key, a.value, (p_changes ->> 'form_version')::int
          from jsonb_each(p_changes -> 'answers') a;
    end if;
    if p_changes ? 'sessions' and v_row.status in ('pending', 'confirmed', 'waitlisted', 'offered') then
        v_want := array(select session_id from session
                         where event_id = v_row.event_id and sign_up and status = 'confirmed'
                           and public_id in (select jsonb_array_elements_text(p_changes -> 'sessions')) order by session_id);
        v_have := array(select session_id from session_signup
                         where registration_id = v_row.registration_id and status <> 'cancelled');
        perform leave_sessions(v_row, array(select unnest(v_have) except select unnest(v_want)));
        perform fill_sessions(v_row.event_id);
        perform seat_in_sessions(v_row, array(select unnest(v_want) except select unnest(v_have) order by 1));
    end if;
    perform queue_mail(format('changed:%s:%s', v_row.public_id, v_row.version), 'changed', v_row, '{}', p_now);
    if p_changes ? 'sessions' then
        perform record_change(v_row.event_id, 'seats', seats_changes(v_row.event_id), 'registration', '', p_now);
    end if;
    return true;
end $$;
