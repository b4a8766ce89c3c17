-- What those who come have not been told yet of a changed programme: how each session was before the first of the
-- changes. One mail tells of all of them, a few minutes later (debounced), or of none when all is as it was.

create table agenda_notice (
    event_id   bigint not null,
    session_id bigint not null,
    starts_at  timestamptz not null,
    ends_at    timestamptz not null,
    room       text,
    status     text        not null,
    noted_at   timestamptz not null,
    constraint agenda_notice_pk primary key (event_id, session_id),
    constraint agenda_notice_of_a_session foreign key (event_id, session_id) references session (event_id, session_id) on delete cascade
);
comment on table agenda_notice is 'Sessions as they were before a change that guests have still to be told of; emptied by the mail that tells.';
comment on column agenda_notice.room is 'Public id of the room it was in; null: none.';
