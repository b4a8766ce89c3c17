-- What a guest does after registering: hands the place on, asks what is held, has it erased, asks for a lost link.
-- deed_transfer() and deed_erase() are kinds of desk_act() and decide under the same locks as every other deed.

create table ended_link (
    token_hash bytea  constraint ended_link_pk primary key,
    event_id   bigint not null constraint ended_link_of_an_event references event on delete cascade,
    reason     text   not null constraint ended_link_reason_known check (reason in ('transferred', 'erased')),
    ended_at   timestamptz not null
);
comment on table ended_link is
    'Links that led to a registration once: its place was handed on or its data erased. They answer "gone", for ever.';

create table substitution (
    substitution_id   bigint generated always as identity constraint substitution_pk primary key,
    event_id          bigint not null constraint substitution_at_an_event references event on delete cascade,
    registration_id   bigint not null constraint substitution_of_a_registration references registration on delete cascade,
    outcome           text   not null constraint substitution_outcome_known check (outcome in ('handed_on', 'given_up')),
    from_name         short_text,
    from_organisation short_text,
    to_name           short_text,
    to_organisation   short_text,
    seats             int    not null,
    actor             text   not null,
    at                timestamptz not null
);
create index substitution_by_registration on substitution (registration_id);
comment on table substitution is
    'Who came instead of whom, for the funder''s audit of a participant list. Names go when the person they belong to has '
    'their data erased; the row stays.';
comment on column substitution.outcome is
    'given_up: the address named was registered already, so the place was freed instead; to_name is empty then.';

create table lost_link_request (
    address_hash bytea constraint lost_link_request_pk primary key,
    asked_at     timestamptz not null
);
comment on table lost_link_request is
    'When the links of an address were last asked for, known or not: one mail in a while, however often and wherever it is '
    'asked. A keyed hash, so that the table is no list of addresses; rows go after a day.';

alter table registration add column erased_at timestamptz;
comment on column registration.erased_at is
    'The personal data were erased then; what is left counts seats, arrivals and statuses.';

-- What was said to the person about a registration that is only looked at as one (registration_shadow), for the export.
alter table registration_shadow add column mails jsonb not null default '[]'
    constraint registration_shadow_mails_is_a_list check (jsonb_typeof(mails) = 'array');
comment on column registration_shadow.mails is
    '[{"kind", "at_ms"}]: the mails a real registration would have got since, so that what is exported looks alike.';

create function shadow_begins() returns trigger language plpgsql as $$
begin
    if new.mails = '[]' and new.answer ->> 'status' in ('pending', 'confirmed', 'waitlisted', 'offered') then
        new.mails := jsonb_build_array(jsonb_build_object('kind', new.answer ->> 'status', 'at_ms', ms(new.created_at)));
    end if;
    return new;
end $$;
create trigger registration_shadow_begins before insert on registration_shadow for each row execute function shadow_begins();

-- What only looks like a registration changes as one would: its version grows, the mail is noted.
create function change_shadow(p_token_hash bytea, p_changes jsonb, p_kind text, p_now timestamptz) returns void language sql as $$
    update registration_shadow
       set answer = answer || p_changes || jsonb_build_object('version', coalesce((answer -> 'version')::bigint, 1) + 1),
           mails = mails || jsonb_build_object('kind', p_kind, 'at_ms', ms(p_now))
     where token_hash = p_token_hash
$$;

create function end_link(p_token_hash bytea, p_event bigint, p_reason text, p_now timestamptz) returns void language sql as $$
    insert into ended_link (token_hash, event_id, reason, ended_at) values (p_token_hash, p_event, p_reason, p_now)
    on conflict (token_hash) do nothing
$$;

-- Under the old submission id something stays that answers a repeated request: never a registration again.
create function keep_submission_id(p_submission uuid, p_event bigint, p_contents_hash bytea, p_token_hash bytea,
                                   p_now timestamptz) returns void language sql as $$
    insert into registration_shadow (submission_id, event_id, contents_hash, token_hash, answer, created_at)
    values (p_submission, p_event, p_contents_hash, p_token_hash,
            jsonb_build_object('status', 'transferred', 'position', null, 'seats', seats_json(p_event),
                               'sessions', '[]'::jsonb, 'companions', '[]'::jsonb), p_now)
$$;

-- ── Handing the place on ────────────────────────────────────────────────────────────────────────────────────

-- Answers that say something about a person rather than about a seat: they stay with the one who gave them.
create function personal_answers(p_event bigint) returns setof text language sql stable as $$
    select key from question where event_id = p_event and (special_category or type in ('consent', 'file'))
$$;

-- Tells an address that is registered already that somebody wanted to hand a place to it. Gives whether it is.
create function tell_registered(p_event bigint, p_email text, p_submission text, p_now timestamptz) returns boolean
    language plpgsql as $$
declare
    v_other registration;
begin
    select * into v_other from registration
     where event_id = p_event and email_key = lower(p_email) and is_active(status);
    if not found then
        return false;
    end if;
    perform queue_mail(format('transfer_refused:%s:%s', v_other.public_id, p_submission), 'transfer_refused', v_other, '{}', p_now);
    return true;
end $$;

-- What organisers wrote about somebody is about that person and not about whoever has the place afterwards. (The tables
-- come in a later migration, so their names are looked up when this runs.)
create function forget_remarks(p_registration bigint) returns void language plpgsql as $$
begin
    delete from registration_note where registration_id = p_registration;
    delete from registration_tag where registration_id = p_registration;
end $$;

-- Removes everything that says who it was; seats, arrival, status and the change log stay, so that no count of the past
-- changes.
create function forget_person(p_row registration, p_scrub bytea, p_now timestamptz) returns void language plpgsql as $$
begin
    delete from registration_answer where registration_id = p_row.registration_id;
    perform forget_remarks(p_row.registration_id);
    update registration
       set name = '–', name_other_script = null, email = null, organisation = null, invitation = null, person_id = null,
           companions = (select coalesce(jsonb_agg('{"name": "–"}'::jsonb), '[]') from jsonb_array_elements(companions)),
           details = '{"erased": true}', contents_hash = p_scrub, token_hash = p_scrub, erased_at = p_now,
           changed_at = p_now, version = version + 1
     where registration_id = p_row.registration_id;
end $$;

-- The letter with the new link.
create function queue_transferred_to(p_deed jsonb, p_event bigint, p_registration bigint, p_language text, p_now timestamptz)
    returns void language sql as $$
    insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at, created_at)
    values (format('transferred_to:%s', p_deed ->> 'new_submission_id'), 'transferred_to', p_deed ->> 'email',
            coalesce(p_deed ->> 'language', p_language), p_event, p_registration,
            jsonb_build_object('name', p_deed ->> 'name', 'submission_id', p_deed ->> 'new_submission_id'), p_now, p_now)
    on conflict (dedupe_key) do nothing
$$;

-- Passes a registration to another person: seat, companions, sessions and answers about the seat. The row stays and with
-- it place and arrival; its submission id becomes another one, and with that its link. When the address is registered
-- already, nothing of what it holds is touched: the place is given up, and both answers are the same.
-- p_deed: name, email, language?, organisation?, new_submission_id, new_token_hash, scrub (32 random bytes).
create function transfer_registration(p_row registration, p_deed jsonb, p_now timestamptz) returns deed_done
    language plpgsql as $$
declare
    v_before  registration := p_row;
    v_event   event;
    v_refused boolean;
begin
    select * into strict v_event from event where event_id = p_row.event_id;
    if not is_active(p_row.status) then
        return deed_is('conflict', null, false);
    elsif v_event.ends_at <= p_now or v_event.status = 'cancelled' then
        return deed_is('ended', null, false);
    elsif lower(p_deed ->> 'email') = p_row.email_key then
        return deed_is('unchanged', null, false);
    end if;
    v_refused := tell_registered(p_row.event_id, p_deed ->> 'email', p_deed ->> 'new_submission_id', p_now);
    if v_refused then
        p_row := end_registration(p_row, 'cancelled', p_now);
        perform forget_person(p_row, decode(p_deed ->> 'scrub', 'hex'), p_now);
        update registration set submission_id = (p_deed ->> 'new_submission_id')::uuid
         where registration_id = p_row.registration_id;
    else
        update registration
           set submission_id = (p_deed ->> 'new_submission_id')::uuid, token_hash = decode(p_deed ->> 'new_token_hash', 'hex'),
               contents_hash = decode(p_deed ->> 'scrub', 'hex'), name = p_deed ->> 'name', name_other_script = null,
               email = p_deed ->> 'email', language = coalesce(p_deed ->> 'language', language), person_id = null,
               organisation = coalesce(p_deed ->> 'organisation', organisation), details = '{}', changed_at = p_now,
               version = version + 1
         where registration_id = p_row.registration_id returning * into p_row;
        perform forget_remarks(p_row.registration_id);
        delete from registration_answer
         where registration_id = p_row.registration_id and key in (select personal_answers(p_row.event_id));
        perform queue_transferred_to(p_deed, p_row.event_id, p_row.registration_id, p_row.language, p_now);
    end if;
    perform keep_submission_id(v_before.submission_id, v_before.event_id, v_before.contents_hash,
                               decode(p_deed ->> 'scrub', 'hex'), p_now);
    perform end_link(v_before.token_hash, v_before.event_id, 'transferred', p_now);
    insert into substitution (event_id, registration_id, outcome, from_name, from_organisation, to_name, to_organisation,
                              seats, actor, at)
    values (p_row.event_id, p_row.registration_id, case when v_refused then 'given_up' else 'handed_on' end, v_before.name,
            v_before.organisation, case when not v_refused then p_row.name end,
            case when not v_refused then p_row.organisation end, v_before.seats,
            coalesce(p_deed ->> 'actor', 'registration'), p_now);
    -- To the one who handed it on, with no link: there is nothing left behind it.
    insert into outbox (dedupe_key, kind, recipient, language, event_id, params, next_attempt_at, created_at)
    select format('transferred_from:%s', p_deed ->> 'new_submission_id'), 'transferred_from', v_before.email,
           v_before.language, v_before.event_id, jsonb_build_object('name', v_before.name), p_now, p_now
     where v_before.email is not null;
    if v_refused then
        perform serve_queues(p_row.event_id, 'transferred', offer_until(p_deed, p_row.event_id, p_now), p_now);
    end if;
    return deed_is('done', '{"status": "transferred"}', v_refused);
end $$;

-- Somebody hands on what only looks like a registration: their address was registered already, and everything that can
-- be seen from outside is as if it had been real. Only the owner of the address is told what is so.
create function transfer_shadow(p_shadow registration_shadow, p_deed jsonb, p_now timestamptz) returns deed_done
    language plpgsql as $$
declare
    v_new   uuid := (p_deed ->> 'new_submission_id')::uuid;
    v_scrub bytea := decode(p_deed ->> 'scrub', 'hex');
    v_owner registration;
begin
    if not is_active(p_shadow.answer ->> 'status') then
        return deed_is('conflict', null, false);
    elsif lower(p_deed ->> 'email') = lower(p_shadow.answer ->> 'email') then
        return deed_is('unchanged', null, false);
    end if;
    if tell_registered(p_shadow.event_id, p_deed ->> 'email', p_deed ->> 'new_submission_id', p_now) then
        delete from registration_shadow where submission_id = p_shadow.submission_id;
    else
        update registration_shadow
           set submission_id = v_new, token_hash = decode(p_deed ->> 'new_token_hash', 'hex'), contents_hash = v_scrub,
               mails = jsonb_build_array(jsonb_build_object('kind', 'transferred_to', 'at_ms', ms(p_now))),
               answer = answer || jsonb_build_object('version', coalesce((answer -> 'version')::bigint, 1) + 1,
                   'name', p_deed ->> 'name', 'email', p_deed ->> 'email', 'name_other_script', null,
                   'language', coalesce(p_deed ->> 'language', answer ->> 'language'),
                   'organisation', coalesce(p_deed ->> 'organisation', answer ->> 'organisation'),
                   'answers', (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(answer -> 'answers') a
                                where a.key not in (select personal_answers(p_shadow.event_id))))
         where submission_id = p_shadow.submission_id;
        perform queue_transferred_to(p_deed, p_shadow.event_id, null, p_shadow.answer ->> 'language', p_now);
    end if;
    perform keep_submission_id(p_shadow.submission_id, p_shadow.event_id, p_shadow.contents_hash, v_scrub, p_now);
    perform end_link(p_shadow.token_hash, p_shadow.event_id, 'transferred', p_now);
    select * into v_owner from registration
     where event_id = p_shadow.event_id and email_key = lower(p_shadow.answer ->> 'email') and is_active(status);
    if found then
        perform queue_mail(format('transfer_void:%s:%s', v_owner.public_id, v_new), 'transfer_void', v_owner, '{}', p_now);
    end if;
    return deed_is('done', '{"status": "transferred"}', false);
end $$;

-- ── Erasing ─────────────────────────────────────────────────────────────────────────────────────────────────

-- Whatever else knows the person behind a registration forgets them too.
create function scrub_mails(p_registration bigint, p_email_key text) returns void language sql as $$
    update outbox
       set recipient = 'erased@invalid', params = '{}', last_error = case when state = 'queued' then 'erased' else last_error end,
           state = case when state = 'queued' then 'failed' else state end
     where registration_id = p_registration
        or (kind in ('lost_link', 'transferred_from', 'calendar_link') and lower(recipient) = p_email_key and state <> 'queued');
$$;

create function erase_shadow(p_shadow registration_shadow, p_deed jsonb, p_now timestamptz) returns deed_done
    language plpgsql as $$
begin
    update registration_shadow
       set contents_hash = decode(p_deed ->> 'scrub', 'hex'), token_hash = decode(p_deed ->> 'scrub', 'hex'), mails = '[]',
           answer = '{"status": "cancelled", "position": null, "sessions": [], "companions": []}'
     where submission_id = p_shadow.submission_id;
    perform end_link(p_shadow.token_hash, p_shadow.event_id, 'erased', p_now);
    return deed_is('done', '{"status": "erased"}', false);
end $$;

-- Cancels what is still to come, then forgets the person; who was there stays counted. Cannot be undone. p_deed: scrub (32
-- random bytes).
create function erase_registration(p_row registration, p_deed jsonb, p_now timestamptz) returns deed_done
    language plpgsql as $$
declare
    v_before registration := p_row;
    v_leaves boolean := is_active(p_row.status) and p_now < (select ends_at from event where event_id = p_row.event_id);
begin
    if v_leaves then
        p_row := end_registration(p_row, 'cancelled', p_now);
    end if;
    update substitution set to_name = null, to_organisation = null
     where registration_id = p_row.registration_id
       and at = (select max(at) from substitution where registration_id = p_row.registration_id);
    perform scrub_mails(p_row.registration_id, v_before.email_key);
    if to_regclass('calendar_access') is not null then -- addresses of calendars that were asked for on this page
        update calendar_access set email_key = null, revoked_at = coalesce(revoked_at, p_now)
         where token_hash = v_before.token_hash;
    end if;
    -- A personal invitation of that address stays as one that was taken back.
    update invitation set name = '–', email = public_id || '@erased.invalid', label = null, state = 'withdrawn', version = version + 1
     where event_id = p_row.event_id and lower(email) = v_before.email_key;
    -- The last thing said to this address; the worker forgets it once it is sent.
    insert into outbox (dedupe_key, kind, recipient, language, event_id, params, next_attempt_at, created_at)
    select format('erased:%s', p_row.public_id), 'erased', v_before.email, v_before.language, v_before.event_id, '{}', p_now, p_now
     where v_before.email is not null
    on conflict (dedupe_key) do nothing;
    perform end_link(v_before.token_hash, v_before.event_id, 'erased', p_now);
    perform forget_person(p_row, decode(p_deed ->> 'scrub', 'hex'), p_now);
    if v_leaves then
        perform serve_queues(p_row.event_id, 'erased', offer_until(p_deed, p_row.event_id, p_now), p_now);
    end if;
    return deed_is('done', '{"status": "erased"}', v_leaves);
end $$;

-- The deeds as desk_act() calls them; the counters are locked. {"outcome", "answer"}.
create function deed_of_owner(p_deed jsonb, p_now timestamptz) returns jsonb language plpgsql as $$
declare
    v_row    registration;
    v_shadow registration_shadow;
    v_done   deed_done;
    v_erases boolean := p_deed ->> 'kind' = 'erase';
begin
    select * into v_row from registration where token_hash = decode(p_deed ->> 'token_hash', 'hex');
    if found then
        v_done := case when v_erases then erase_registration(v_row, p_deed, p_now)
                       else transfer_registration(v_row, p_deed, p_now) end;
        if v_done.moved then
            perform record_change(v_row.event_id, 'seats', seats_changes(v_row.event_id),
                                  coalesce(p_deed ->> 'actor', 'registration'), coalesce(p_deed ->> 'origin', ''), p_now);
        end if;
        return jsonb_build_object('outcome', v_done.outcome, 'answer', v_done.answer);
    end if;
    select * into v_shadow from registration_shadow where token_hash = decode(p_deed ->> 'token_hash', 'hex');
    if found then
        v_done := case when v_erases then erase_shadow(v_shadow, p_deed, p_now)
                       else transfer_shadow(v_shadow, p_deed, p_now) end;
        return jsonb_build_object('outcome', v_done.outcome, 'answer', v_done.answer);
    end if;
    return '{"outcome": "not_found"}';
end $$;

create function deed_transfer(p_deed jsonb, p_now timestamptz) returns jsonb language sql as $$
    select deed_of_owner(p_deed || '{"kind": "transfer"}', p_now)
$$;

create function deed_erase(p_deed jsonb, p_now timestamptz) returns jsonb language sql as $$
    select deed_of_owner(p_deed || '{"kind": "erase"}', p_now)
$$;

-- ── What is held about somebody ─────────────────────────────────────────────────────────────────────────────

-- Answers with the words of their questions.
create function answers_export(p_event bigint, p_answers jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('key', a.key, 'question', q.label, 'type', q.type, 'purpose', q.purpose,
                                                 'value', a.value) order by q.ordinal, a.key), '[]')
      from jsonb_each(p_answers) a left join question q on q.event_id = p_event and q.key = a.key
$$;

create function sessions_export(p_event bigint, p_sessions jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', s.public_id, 'title', s.title, 'status', c ->> 'status')
                              order by s.ordinal), '[]')
      from jsonb_array_elements(p_sessions) c join session s on s.event_id = p_event and s.public_id = c ->> 'id'
$$;

-- Everything held about a registration, for its owner; times in milliseconds. Null: no such link.
create function registration_export(p_token_hash bytea) returns jsonb language sql stable as $$
    select jsonb_build_object(
               'event', jsonb_build_object('slug', e.slug, 'title', e.title),
               'registration', registration_answer_json(r) - 'seats' - 'answers' - 'sessions',
               'submission_id', r.submission_id, 'created_at_ms', ms(r.created_at), 'changed_at_ms', ms(r.changed_at),
               'cancelled_at_ms', ms(r.cancelled_at), 'source', r.source, 'role', r.role, 'invitation', r.invitation,
               'form_version', r.form_version,
               'answers', answers_export(r.event_id, registration_answer_json(r) -> 'answers'),
               'sessions', sessions_export(r.event_id, registration_answer_json(r) -> 'sessions'),
               'mails', (select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'at_ms', ms(o.created_at)) order by o.outbox_id), '[]')
                           from outbox o where o.registration_id = r.registration_id and lower(o.recipient) = r.email_key
                            and o.kind not in ('already_registered', 'transfer_refused', 'transfer_void')),
               'handed_on_at_ms', (select coalesce(jsonb_agg(ms(s.at) order by s.at), '[]') from substitution s
                                    where s.registration_id = r.registration_id))
      from registration r join event e using (event_id) where r.token_hash = p_token_hash
    union all
    select jsonb_build_object(
               'event', jsonb_build_object('slug', e.slug, 'title', e.title),
               'registration', shadow_answer_json(r) - 'seats' - 'answers' - 'sessions' || jsonb_build_object(
                   'version', coalesce((r.answer -> 'version')::bigint, 1), 'offer_expires_at_ms', r.answer -> 'offer_expires_at_ms'),
               'submission_id', r.submission_id, 'created_at_ms', ms(r.created_at),
               'changed_at_ms', coalesce((select max((m -> 'at_ms')::bigint) from jsonb_array_elements(r.mails) m), ms(r.created_at)),
               'cancelled_at_ms', (select max((m -> 'at_ms')::bigint) from jsonb_array_elements(r.mails) m where m ->> 'kind' = 'cancelled'),
               'source', 'form', 'role', 'attendee', 'invitation', null,
               'form_version', (select version from registration_form f where f.event_id = r.event_id),
               'answers', answers_export(r.event_id, r.answer -> 'answers'),
               'sessions', sessions_export(r.event_id, r.answer -> 'sessions'),
               'mails', r.mails, 'handed_on_at_ms', (select coalesce(jsonb_agg(m -> 'at_ms'), '[]')
                                                       from jsonb_array_elements(r.mails) m where m ->> 'kind' = 'transferred_to'))
      from registration_shadow r join event e using (event_id) where r.token_hash = p_token_hash
$$;

-- ── Lost links ──────────────────────────────────────────────────────────────────────────────────────────────

-- Mails the links of an address's registrations of events that are not over, at most once in ten minutes. Asking leaves
-- the same trace whether there are any or not, and takes as long: one look into each event that is still ahead, one row
-- written. p_event: null for all.
create function send_lost_links(p_email text, p_event bigint, p_address_hash bytea, p_now timestamptz) returns void
    language plpgsql as $$
declare
    v_found jsonb;
    v_first registration;
begin
    delete from lost_link_request where asked_at < p_now - interval '1 day';
    insert into lost_link_request as known (address_hash, asked_at) values (p_address_hash, p_now)
    on conflict (address_hash) do update set asked_at = excluded.asked_at where known.asked_at <= p_now - interval '10 minutes';
    if not found then
        return;
    end if;
    select jsonb_agg(jsonb_build_object('submission_id', r.submission_id, 'title', e.title, 'status', r.status)
                     order by e.starts_at, e.event_id)
      into v_found
      from event e
      join lateral (select * from registration
                     where event_id = e.event_id and email_key = lower(p_email)
                       and status not in ('cancelled', 'declined', 'duplicate') limit 1) r on true
     where e.ends_at > p_now and (p_event is null or e.event_id = p_event);
    if v_found is not null then
        select * into v_first from registration where submission_id = (v_found -> 0 ->> 'submission_id')::uuid;
        insert into outbox (dedupe_key, kind, recipient, language, params, next_attempt_at, created_at)
        values (format('lost_link:%s:%s', encode(p_address_hash, 'hex'), ms(p_now)), 'lost_link', v_first.email,
                v_first.language, jsonb_build_object('name', v_first.name, 'registrations', v_found), p_now, p_now)
        on conflict (dedupe_key) do nothing;
    end if;
end $$;
