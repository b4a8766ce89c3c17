-- Ways in: approval, invitations and seats that are kept for an organisation. Everything here happens under the event's
-- counter row, like all seats.

alter table registration_form add column reapprove_on_edit boolean not null default false;
comment on column registration_form.reapprove_on_edit is
    'Where organisers approve: whoever changes their answers afterwards waits for approval again.';

-- ── Invitations ─────────────────────────────────────────────────────────────────────────────────────────────

-- What somebody typed, without blanks, hyphens and differences of case; as the program does it (base/code.h).
create function code_hash(p_code text) returns bytea language sql immutable strict as $$
    select sha256(convert_to(upper(regexp_replace(p_code, '[^0-9A-Za-z]', '', 'g')), 'UTF8'))
$$;

create table invitation (
    invitation_id bigint generated always as identity constraint invitation_pk primary key,
    event_id      bigint    not null constraint invitation_to_an_event references event on delete cascade,
    public_id     public_id not null constraint invitation_public_id_once unique,
    code_hash     bytea     not null constraint invitation_code_once unique
                  constraint invitation_code_hash_is_256_bits check (octet_length(code_hash) = 32),
    is_personal   boolean   not null,
    label         short_text,
    name          short_text,
    email         text      constraint invitation_email_length check (char_length(email) <= 254),
    language      language_tag,
    seats         int       not null constraint invitation_seats_at_least_one check (seats between 1 and 10000),
    used          int       not null default 0,
    state         text      not null default 'invited' constraint invitation_state_known check (state in (
                  'invited', 'opened', 'registered', 'declined', 'withdrawn')),
    expires_local timestamp,
    time_zone     text,
    expires_at    timestamptz,
    version       bigint    not null default 1,
    created_at    timestamptz not null,
    sent_at       timestamptz,
    reminded_at   timestamptz,
    opened_at     timestamptz,
    answered_at   timestamptz,
    constraint invitation_never_used_up_twice check (used between 0 and seats),
    constraint invitation_to_a_person_names_one check (
        not is_personal or (name is not null and email is not null and language is not null)),
    constraint invitation_expires_at_a_wall_time check (
        (expires_at is null) = (expires_local is null) and (expires_at is null) = (time_zone is null))
);
create unique index invitation_once_per_email on invitation (event_id, lower(email)) where state <> 'withdrawn';
create index invitation_by_event on invitation (event_id, invitation_id);
comment on table invitation is
    'A code that lets its holder register: personal, with a mail and a state, or shared by many. The code itself is made '
    'from public_id with a key of the installation and kept nowhere.';
comment on column invitation.label is 'For organisers: what a shared code is for.';
comment on column invitation.seats is 'How many people may register with it, companions included.';
comment on column invitation.state is
    'opened: the personal link was looked at, perhaps by a mail program; declined: they said no, or cancelled afterwards, '
    'and may still change their mind.';
comment on column invitation.reminded_at is 'Nobody is reminded twice within a day.';

-- ── Seats kept for an organisation ──────────────────────────────────────────────────────────────────────────

create table allotment (
    allotment_id  bigint generated always as identity constraint allotment_pk primary key,
    event_id      bigint     not null constraint allotment_of_an_event references event on delete cascade,
    public_id     public_id  not null constraint allotment_public_id_once unique,
    organisation  text       not null constraint allotment_organisation_length check (char_length(organisation) between 1 and 200),
    contact_name  text       not null constraint allotment_contact_name_length check (char_length(contact_name) between 1 and 200),
    contact_email text       not null constraint allotment_contact_email_length check (char_length(contact_email) <= 254),
    language      language_tag not null,
    seats         int        not null constraint allotment_seats_at_least_none check (seats between 0 and 1000),
    state         text       not null default 'open' constraint allotment_state_known check (state in (
                  'open', 'released', 'withdrawn')),
    until_local   timestamp  not null,
    time_zone     text       not null,
    until_at      timestamptz not null,
    token_hash    bytea      not null constraint allotment_token_once unique,
    version       bigint     not null default 1,
    created_at    timestamptz not null,
    sent_at       timestamptz,
    ended_at      timestamptz,
    constraint allotment_ends_once check ((state = 'open') = (ended_at is null))
);
create index allotment_by_event on allotment (event_id, allotment_id);
create index allotment_due on allotment (until_at) where state = 'open';
comment on table allotment is
    'Seats that an organisation fills with names until a deadline. While it is open, those without a name count as taken: '
    'event_counter.taken is the seats of confirmed and offered registrations and these.';
comment on column allotment.token_hash is 'SHA-256 of the secret in the contact''s link.';
comment on column allotment.state is 'released: its deadline has come and empty seats went to everybody; withdrawn: by organisers.';

alter table registration
    add column invitation_id bigint constraint registration_by_an_invitation references invitation on delete set null,
    add column allotment_id bigint constraint registration_in_an_allotment references allotment on delete set null;
create index registration_by_invitation on registration (invitation_id) where invitation_id is not null;
create index registration_by_allotment on registration (allotment_id) where allotment_id is not null;
comment on column registration.invitation_id is 'The invitation that let it in, as long as it holds.';
comment on column registration.allotment_id is
    'The organisation''s seats it sits on. With status duplicate it is a name whose address is registered already: it holds '
    'no seat, and the contact is not told.';

-- ── The gate ────────────────────────────────────────────────────────────────────────────────────────────────
-- These replace the defaults of 0004_seats.sql.

-- An invitation that holds opens every way in; one that does not is refused where one cannot come without.
create or replace function admission_gate(p_event bigint, p_request jsonb, p_seats int, p_now timestamptz) returns jsonb
    language plpgsql stable as $$
declare
    v_admission  text;
    v_invitation bigint;
begin
    select admission into v_admission from registration_form where event_id = p_event;
    select invitation_id into v_invitation from invitation
     where event_id = p_event and code_hash = code_hash(nullif(p_request ->> 'invitation', ''))
       and state <> 'withdrawn' and (expires_at is null or expires_at > p_now) and used + p_seats <= seats;
    return case
        when v_invitation is not null then jsonb_build_object('invitation', v_invitation)
        when v_admission = 'invitation' or v_admission = 'approval' and nullif(p_request ->> 'invitation', '') is not null
            then '{"refuse": "not_allowed"}'
        when v_admission = 'approval' then '{"status": "pending"}'
        else '{}' end;
end $$;

-- The code itself is not kept with the registration.
create or replace function admission_taken(p_registration registration, p_gate jsonb, p_now timestamptz) returns void
    language plpgsql as $$
begin
    update registration set invitation = null, invitation_id = (p_gate ->> 'invitation')::bigint
     where registration_id = p_registration.registration_id;
    update invitation
       set used = used + p_registration.seats, state = 'registered', answered_at = p_now, version = version + 1
     where invitation_id = (p_gate ->> 'invitation')::bigint;
end $$;

-- Whoever ends: the invitation may be used again; a seat of an organisation goes back to it while it may fill it. (The
-- seat is free already, and nobody who waits has been asked yet.) Where it cannot be kept any more, because an organiser
-- had given it away meanwhile, the organisation has one less.
create or replace function admission_left(p_registration registration, p_now timestamptz) returns void language plpgsql as $$
begin
    if p_registration.invitation_id is null and p_registration.allotment_id is null then
        return;
    end if;
    update invitation
       set used = greatest(used - p_registration.seats, 0), answered_at = p_now, version = version + 1,
           state = case when state = 'withdrawn' or used > p_registration.seats then state
                        when is_personal then 'declined' else 'opened' end
     where invitation_id = p_registration.invitation_id;
    if exists (select from allotment where allotment_id = p_registration.allotment_id and state = 'open')
       and not reserve_seats(p_registration.event_id, p_registration.seats) then
        update allotment set seats = seats - p_registration.seats, version = version + 1
         where allotment_id = p_registration.allotment_id;
    end if;
    update registration set invitation_id = null, allotment_id = null
     where registration_id = p_registration.registration_id;
end $$;

-- Those who came in by an invitation or on an organisation's seat were never approved.
create or replace function admission_after_change(p_registration registration, p_changes jsonb) returns boolean
    language sql as $$
    select p_registration.invitation_id is null and p_registration.allotment_id is null
       and p_changes ?| array['answers', 'attendance', 'participant_type', 'companions']
       and exists (select from registration_form
                    where event_id = p_registration.event_id and admission = 'approval' and reapprove_on_edit)
$$;

-- ── Deeds with allotments; the caller holds the event's counter, then its sessions ──────────────────────────

-- Counts seats as taken that nobody has a name for, or no longer (negative). False when there are not so many.
create function reserve_seats(p_event bigint, p_seats int) returns boolean language plpgsql as $$
begin
    update event_counter set taken = taken + p_seats
     where event_id = p_event and (p_seats <= 0 or capacity is null or taken + p_seats <= capacity);
    return found;
end $$;

-- Seats of an allotment that are held by registrations.
create function allotment_held(p_allotment bigint) returns int language sql stable as $$
    select coalesce(sum(seats_taken(r)), 0)::int from registration r
     where r.allotment_id = p_allotment and is_active(r.status)
$$;
-- With the names that hold none.
create function allotment_named(p_allotment bigint) returns int language sql stable as $$
    select count(*)::int from registration where allotment_id = p_allotment and (is_active(status) or status = 'duplicate')
$$;

-- Puts a name on a seat: it was counted as taken and is somebody's now. p_guest: {"public_id", "submission_id",
-- "token_hash" (hex), "name", "email", "language"}. Gives: seated (also when the address is registered already, which
-- its owner hears by mail and nobody else), no_seat, full (a pool of the event).
create function allotment_seat(p_allotment bigint, p_guest jsonb, p_now timestamptz) returns text language plpgsql as $$
declare
    v_allotment allotment;
    v_already   registration;
    v_new       registration;
begin
    select * into v_allotment from allotment where allotment_id = p_allotment and state = 'open';
    if not found or allotment_named(p_allotment) >= v_allotment.seats then
        return 'no_seat';
    end if;
    select * into v_already from registration
     where event_id = v_allotment.event_id and email_key = lower(p_guest ->> 'email') and is_active(status);
    v_new.event_id := v_allotment.event_id;
    v_new.role := 'attendee';
    v_new.seats := 1;
    v_new.status := case when v_already.registration_id is null then 'confirmed' else 'duplicate' end;
    if v_new.status = 'confirmed' and exists (
            select from seat_pool p where p.event_id = v_new.event_id and in_pool(p, v_new) and p.taken >= p.capacity) then
        return 'full';
    end if;
    update event_counter
       set arrival = arrival + 1, taken = taken - case v_new.status when 'confirmed' then 1 else 0 end
     where event_id = v_new.event_id returning arrival into v_new.arrival;
    insert into registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, source, name,
                              email, language, organisation, form_version, allotment_id, created_at, changed_at)
    values (v_new.event_id, p_guest ->> 'public_id', (p_guest ->> 'submission_id')::uuid, '',
            decode(p_guest ->> 'token_hash', 'hex'), v_new.arrival, v_new.status, 'form', p_guest ->> 'name',
            p_guest ->> 'email', p_guest ->> 'language', v_allotment.organisation,
            (select version from registration_form where event_id = v_new.event_id), p_allotment, p_now, p_now)
    returning * into v_new;
    perform count_registration(v_new, 1);
    if v_new.status = 'confirmed' then
        perform queue_mail(format('confirmed:%s', v_new.public_id), 'confirmed', v_new, '{}', p_now);
    else
        perform queue_mail(format('already_registered:%s:%s', v_already.public_id, v_new.submission_id),
                           'already_registered', v_already, '{}', p_now);
    end if;
    return 'seated';
end $$;

-- Takes a name off again; the seat stays the organisation's. Gives: removed, not_found.
create function allotment_unseat(p_allotment bigint, p_registration text, p_now timestamptz) returns text language plpgsql as $$
declare
    v_row registration;
begin
    select * into v_row from registration
     where allotment_id = p_allotment and public_id = p_registration and (is_active(status) or status = 'duplicate');
    if not found then
        return 'not_found';
    elsif v_row.status = 'duplicate' then
        update registration set allotment_id = null, changed_at = p_now where registration_id = v_row.registration_id;
        return 'removed';
    end if;
    v_row := end_registration(v_row, 'cancelled', p_now);
    perform queue_mail(format('cancelled:%s:%s', v_row.public_id, v_row.version), 'cancelled', v_row, '{}', p_now);
    perform fill_sessions(v_row.event_id, 'cancelled', p_now);
    return 'removed';
end $$;

alter table promotion drop constraint promotion_why_known;
alter table promotion add constraint promotion_why_known check (why in (
    'cancelled', 'declined', 'expired', 'erased', 'transferred', 'changed', 'accepted', 'capacity', 'decided', 'settled',
    'released'));

-- Ends an allotment: those who have a name stay, empty seats go to the waiting list and then to everybody. Gives how many
-- became free; null when it had ended.
create function allotment_end(p_allotment bigint, p_state text, p_actor text, p_offer_expires_at timestamptz, p_now timestamptz)
    returns int language plpgsql as $$
declare
    v_event bigint;
    v_empty int;
begin
    update allotment set state = p_state, ended_at = p_now, version = version + 1
     where allotment_id = p_allotment and state = 'open'
    returning event_id, seats - allotment_held(allotment_id) into v_event, v_empty;
    if not found then
        return null;
    end if;
    perform reserve_seats(v_event, -v_empty);
    perform serve_queues(v_event, 'released', p_offer_expires_at, p_now);
    perform record_change(v_event, 'seats', seats_changes(v_event), p_actor, '', p_now);
    return v_empty;
end $$;
