-- What happens because time passes.

alter table registration_form
    add column offer_working_hours boolean not null default false,
    add column reminders boolean not null default true;
comment on column registration_form.offer_working_hours is
    'The hours of an offer are counted on working days from 8 to 18 only.';
comment on column registration_form.reminders is 'Everybody with a seat is reminded the day before.';

create table timer (
    timer_id   bigint generated always as identity constraint timer_pk primary key,
    kind       text not null constraint timer_kind_short check (char_length(kind) between 1 and 50),
    subject    text not null constraint timer_subject_short check (char_length(subject) <= 200),
    due_at     timestamptz not null,
    state      text not null default 'waiting' constraint timer_state_known check (state in (
               'waiting', 'done', 'skipped', 'failed', 'withdrawn')),
    attempts   int  not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    note       text,
    created_at timestamptz not null,
    done_at    timestamptz,
    constraint timer_once unique (kind, subject, due_at),
    constraint timer_done_has_a_time check ((state = 'waiting') = (done_at is null))
);
create index timer_next on timer (next_attempt_at) where state = 'waiting';
create index timer_by_subject on timer (subject, kind);
comment on table timer is
    'Something that is to happen at an instant, once, whichever process does it. The row is kept: it proves that it '
    'happened, or says why not.';
comment on column timer.subject is 'What it is about: an event''s or a registration''s public id.';
comment on column timer.state is
    'withdrawn: the reason for it went away before it was due; skipped: too late or pointless when it came up.';
comment on column timer.note is 'In plain words for operators: how many letters, why skipped.';
