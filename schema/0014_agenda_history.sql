-- How sessions were before each edit of an agenda, so that an edit can be undone; and when drafts became public.

create table agenda_history (
    event_id      bigint not null constraint agenda_history_of_an_event references event on delete cascade,
    event_version bigint not null,
    session_id    bigint not null constraint agenda_history_of_a_session references session on delete cascade,
    version_after bigint not null,
    existed       boolean not null,
    status        text   not null,
    title         text_map not null,
    time_zone     text   not null,
    starts_local  timestamp not null,
    ends_local    timestamp not null,
    starts_at     timestamptz not null,
    ends_at       timestamptz not null,
    room          text   not null,
    language      text   not null,
    constraint agenda_history_pk primary key (event_id, event_version, session_id)
);
comment on table agenda_history is 'One row for each session an edit changed: how it was before (existed) or, of a new one, how it began.';
comment on column agenda_history.version_after is 'The session''s version that the edit made; while it is the newest, the edit can be undone.';
comment on column agenda_history.room is 'Public id; empty: none.';

create table agenda_edit (
    event_id      bigint not null constraint agenda_edit_of_an_event references event on delete cascade,
    event_version bigint not null,
    actor         text   not null,
    undoes        bigint,
    undone_by     bigint,
    published     boolean not null default false,
    name          text   constraint agenda_edit_name_length check (char_length(name) <= 200),
    note          text_map not null default '{}',
    at            timestamptz not null,
    constraint agenda_edit_pk primary key (event_id, event_version),
    constraint agenda_edit_undone_once unique (event_id, undoes)
);
comment on table agenda_edit is 'Edits of an agenda that can be undone, and publications with their names; the numbers are the event''s versions.';
