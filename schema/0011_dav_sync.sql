-- What calendar programs last saw of a collection (RFC 6578): one row a state, so that after any pause, restart or
-- change of process they hear of exactly what changed since, deletions included.

create table dav_sync_state (
    token      uuid        constraint dav_sync_state_pk primary key,
    collection text        not null constraint dav_sync_collection_length check (char_length(collection) <= 300),
    digest     text        not null,
    members    jsonb       not null,
    used_at    timestamptz not null,
    constraint dav_sync_state_once unique (collection, digest)
);
create index dav_sync_state_by_age on dav_sync_state (used_at);
comment on table dav_sync_state is 'States of calendar collections that were given to somebody as a sync token; forgotten after 180 days without use.';
comment on column dav_sync_state.members is '{"file name": "entity tag", …}';
