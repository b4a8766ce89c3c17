-- What happens because time passes.

alter table registration_form
    add column offer_working_hours boolean not null default false,
    add column reminders boolean not null default true;
comment on column registration_form.offer_working_hours is
    'The hours of an offer are counted on working days from 8 to 18 only.';
comment on column registration_form.reminders is 'Everybody with a seat is reminded the day before.';

create table timer (
    timer_id      bigint generated always as identity constraint timer_pk primary key,
    kind          text not null constraint timer_kind_short check (char_length(kind) between 1 and 50),
    subject       text not null constraint timer_subject_short check (char_length(subject) <= 200),
    due_at        timestamptz not null,
    useless_after timestamptz constraint timer_useful_when_due check (useless_after >= due_at),
    state         text not null default 'waiting' constraint timer_state_known check (state in (
                  'waiting', 'done', 'skipped', 'failed', 'withdrawn')),
    attempts      int  not null default 0,
    next_attempt_at timestamptz not null,
    last_error    text,
    note          text,
    created_at    timestamptz not null,
    done_at       timestamptz,
    constraint timer_once unique (kind, subject, due_at),
    constraint timer_ends_at_a_time check ((state = 'waiting') = (done_at is null))
);
create index timer_next on timer (due_at) where state = 'waiting';
create unique index timer_round_once on timer (kind) where subject = '' and state = 'waiting';
create index timer_by_subject on timer (subject, kind);
comment on table timer is
    'Something that is to happen at an instant, once, whichever process does it. The row stays: it proves that it '
    'happened, or says why not. What comes round again moves its due_at on instead of ending.';
comment on column timer.subject is 'What it is about: the public id of an event or a registration; empty for the house.';
comment on column timer.useless_after is 'When it comes up later than this, it is skipped: a reminder of what has begun.';
comment on column timer.state is
    'withdrawn: the reason went away before it was due; skipped: pointless when it came up; failed: tried too often.';
comment on column timer.note is 'For operators: what came of it, or why nothing did.';

create table timer_plan (
    subject text   constraint timer_plan_pk primary key,
    epoch   bigint not null,
    version bigint not null
);
comment on table timer_plan is
    'The version of an event from which its timers were derived last: who still knows an older one changes nothing.';
comment on column timer_plan.epoch is 'Grows when the subject is made anew, with versions that begin again.';
