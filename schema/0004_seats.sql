-- Seats: who gets one, who waits, who is next. Everything that gives or takes a seat after registering goes through
-- desk_act() below, everything that registers through desk_submit().

create table seat_pool (
    event_id bigint   not null constraint seat_pool_of_a_form references registration_form on delete cascade,
    key      text     not null constraint seat_pool_key_form check (key ~ '^[a-z][a-z0-9_]{0,49}$'),
    ordinal  int      not null,
    by       text     not null constraint seat_pool_by_known check (by in ('participant_type', 'attendance')),
    label    text_map not null,
    capacity int      constraint seat_pool_capacity_not_negative check (capacity >= 0),
    taken    int      not null default 0 constraint seat_pool_taken_not_negative check (taken >= 0),
    waiting  int      not null default 0 constraint seat_pool_waiting_not_negative check (waiting >= 0),
    constraint seat_pool_pk primary key (event_id, key),
    constraint seat_pool_of_attendance_names_one check (by <> 'attendance' or key in ('on_site', 'remote')),
    constraint seat_pool_never_oversold check (capacity is null or taken <= capacity)
) with (fillfactor = 50);
comment on table seat_pool is
    'A limit inside an event''s capacity: for guests of one type, or for those who come to the place or take part remotely. '
    'Locked after the event''s and the sessions'' counters.';
comment on column seat_pool.key is 'What a submission says as participant_type or attendance.';
comment on column seat_pool.taken is 'Seats confirmed or held by an open offer.';
comment on column seat_pool.waiting is 'Parties on the waiting list that need a seat of this pool.';

alter table registration_form
    add column group_policy text not null default 'hold'
        constraint registration_form_group_policy_known check (group_policy in ('hold', 'skip'));
comment on column registration_form.group_policy is
    'When a party does not fit into what is free: hold: nobody behind it passes; skip: smaller ones may, it keeps its place.';

alter table registration
    add column participant_type text
        constraint registration_participant_type_form check (participant_type ~ '^[a-z][a-z0-9_]{0,49}$');
comment on column registration.participant_type is 'The pool of participants it counts in, where the event has such pools.';

-- ── Ways in: what there is until somebody replaces it ───────────────────────────────────────────────────────

-- Asked under the event's counter lock, before seats are taken, when the form is not open to everybody or an invitation
-- came along. {"refuse": outcome}, {"status": "pending"}, {"allotment": …, "invitation": …} or {}.
create function admission_gate(p_event bigint, p_request jsonb, p_seats int, p_now timestamptz) returns jsonb
    language sql stable as $$
    select case admission when 'invitation' then '{"refuse": "not_allowed"}'::jsonb
                          when 'approval' then '{"status": "pending"}' else '{}' end
      from registration_form where event_id = p_event
$$;
-- Told after a registration came in through the gate, and when it ends.
create function admission_taken(p_registration registration, p_gate jsonb, p_now timestamptz) returns void
    language sql as $$ select $$;
create function admission_left(p_registration registration, p_now timestamptz) returns void
    language sql as $$ select $$;
-- Whether what its owner changed makes a confirmed registration wait for approval again.
create function admission_after_change(p_registration registration, p_changes jsonb) returns boolean
    language sql as $$ select false $$;

-- ── Deeds ───────────────────────────────────────────────────────────────────────────────────────────────────

create function desk_act(p_now timestamptz, p_deeds jsonb)
    returns table (outcome text, answer jsonb, event_slug text, event_version bigint) language plpgsql as $$
declare
    v_deed    jsonb;
    v_token   bytea;
    v_outcome text;
begin
    for v_deed in select each from jsonb_array_elements(p_deeds) each loop
        v_token := decode(v_deed ->> 'token_hash', 'hex');
        v_outcome := 'done';
        case v_deed ->> 'kind'
        when 'cancel', 'decline' then
            if not desk_end(v_token, case v_deed ->> 'kind' when 'cancel' then 'cancelled' else 'declined' end, 'registration', p_now) then
                v_outcome := 'not_found';
            end if;
        when 'accept' then v_outcome := replace(desk_accept(v_token, p_now), 'accepted', 'done');
        when 'change' then
            if not desk_change(v_token, v_deed -> 'changes', p_now) then v_outcome := 'not_found'; end if;
        when 'expire_offers' then perform desk_expire_offers(p_now);
        end case;
        return query
            select v_outcome, (select registration_answer_json(r) from registration r where r.token_hash = v_token),
                   e.slug::text, c.version
              from event e join event_counter c using (event_id) where e.event_id = (v_deed ->> 'event_id')::bigint;
    end loop;
end $$;
