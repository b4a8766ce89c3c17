-- The people of an event as its organisers work with them: searched in any script, narrowed by what they have in common,
-- tagged, noted, imported, written to. Who looked at what is sensitive is kept.

-- ── Search ──────────────────────────────────────────────────────────────────────────────────────────────────

create table registration_search (
    registration_id bigint constraint registration_search_pk primary key
                    constraint registration_search_of_a_registration references registration on delete cascade,
    words_hash bigint not null,
    names      text   not null,
    rest       text   not null
);
comment on table registration_search is
    'Foldings of the words people are looked for by (the program folds them), made when somebody searches. Can be emptied '
    'at any time.';
comment on column registration_search.words_hash is 'Of the words that were folded: another one means they have changed.';
comment on column registration_search.names is 'Of the names, with those of companions.';
comment on column registration_search.rest is 'Of organisation and e-mail, which not everybody may look for.';

create function search_words_hash(p_registration registration) returns bigint language sql stable as $$
    select hashtextextended(concat_ws(E'\n', p_registration.name, p_registration.name_other_script,
                                      p_registration.companions::text, '', p_registration.organisation,
                                      p_registration.email), 0)
$$;

-- Nothing that its owner has changed or erased may be left behind in foldings.
create function forget_search_words() returns trigger language plpgsql as $$
begin
    delete from registration_search where registration_id = old.registration_id;
    return null;
end $$;
create trigger registration_search_follows_words
    after update of name, name_other_script, companions, organisation, email on registration for each row
    when ((old.name, old.name_other_script, old.companions, old.organisation, old.email)
          is distinct from (new.name, new.name_other_script, new.companions, new.organisation, new.email))
    execute function forget_search_words();

-- ── What organisers add ─────────────────────────────────────────────────────────────────────────────────────

create table registration_tag (
    registration_id bigint not null constraint registration_tag_on_a_registration references registration on delete cascade,
    tag             text   not null constraint registration_tag_length check (char_length(tag) between 1 and 50),
    constraint registration_tag_pk primary key (registration_id, tag)
);
comment on table registration_tag is 'A word by which the organisers group people; guests never see it.';

create table registration_note (
    registration_id bigint constraint registration_note_pk primary key
                    constraint registration_note_on_a_registration references registration on delete cascade,
    note            text   not null constraint registration_note_length check (char_length(note) between 1 and 5000),
    actor           text   not null,
    changed_at      timestamptz not null
);
comment on table registration_note is 'What the organisers want to remember of somebody; guests never see it.';

create table people_edit (
    people_edit_id  bigint generated always as identity constraint people_edit_pk primary key,
    registration_id bigint not null constraint people_edit_of_a_registration references registration on delete cascade,
    what            text[] not null,
    actor           text   not null,
    at              timestamptz not null
);
create index people_edit_by_registration on people_edit (registration_id, at);
comment on table people_edit is
    'What organisers changed on somebody''s registration, by the names of the fields; the values are in the row itself.';

create table people_access (
    people_access_id bigint generated always as identity constraint people_access_pk primary key,
    event_id        bigint not null constraint people_access_at_an_event references event on delete cascade,
    registration_id bigint constraint people_access_to_a_registration references registration on delete cascade,
    what            text   not null constraint people_access_names_it check (char_length(what) between 1 and 100),
    actor           text   not null,
    at              timestamptz not null
);
create index people_access_by_event on people_access (event_id, at);
create index people_access_by_registration on people_access (registration_id, at);
comment on table people_access is 'Who looked at answers about health and the like, or took a list away, and when.';
comment on column people_access.registration_id is 'Null: of everybody in a list.';
comment on column people_access.what is 'The key of a question, or people.csv, people.xlsx.';

create table people_import (
    people_import_id text   constraint people_import_pk primary key,
    event_id         bigint not null constraint people_import_into_an_event references event on delete cascade,
    rows             jsonb  not null,
    actor            text   not null,
    created_at       timestamptz not null
);
comment on table people_import is
    'A list that somebody has looked over before it is registered: its good rows, for a day. Registering takes exactly these.';
comment on column people_import.people_import_id is 'SHA-256 of the event, the rows and who read them, in hex.';

create table people_message (
    people_message_id bigint generated always as identity constraint people_message_pk primary key,
    public_id  public_id not null constraint people_message_public_id_once unique,
    event_id   bigint not null constraint people_message_about_an_event references event on delete cascade,
    subject    jsonb  not null,
    body       jsonb  not null,
    filter     jsonb  not null,
    recipients int    not null,
    state      text   not null default 'queued' constraint people_message_state_known check (state in ('queued', 'undone')),
    actor      text   not null,
    created_at timestamptz not null,
    send_at    timestamptz not null
);
create index people_message_by_event on people_message (event_id, created_at);
comment on table people_message is 'A letter of the organisers to many; one outbox row a recipient, sent after a moment to undo it.';
comment on column people_message.subject is 'Language to words.';

-- ── Who is meant ────────────────────────────────────────────────────────────────────────────────────────────

-- Everybody of an event, with what of the filter they miss; no miss: they are meant. One that misses a single thing is
-- counted among the choices of that thing. p_filter, every member optional: "patterns" of registration_search,
-- "everywhere" (patterns also meet the rest), lists "status", "role", "participant_type", "source", "attendance",
-- "language", "organisation", "tag", "session", "id", where "" stands for none, and "answers": {key: [values]}. It is a
-- function because table, counts, export, bulk deeds and letters have to mean the same people.
create function people_matching(p_event bigint, p_filter jsonb)
    returns table (registration_id bigint, misses text[]) language plpgsql stable as $$
#variable_conflict use_column
declare
    v_patterns text[] := array(select jsonb_array_elements_text(p_filter -> 'patterns'));
    v_rest     boolean := coalesce((p_filter ->> 'everywhere')::boolean, false);
    v_status   text[] := array(select jsonb_array_elements_text(p_filter -> 'status'));
    v_role     text[] := array(select jsonb_array_elements_text(p_filter -> 'role'));
    v_type     text[] := array(select jsonb_array_elements_text(p_filter -> 'participant_type'));
    v_source   text[] := array(select jsonb_array_elements_text(p_filter -> 'source'));
    v_attends  text[] := array(select jsonb_array_elements_text(p_filter -> 'attendance'));
    v_language text[] := array(select jsonb_array_elements_text(p_filter -> 'language'));
    v_from     text[] := array(select jsonb_array_elements_text(p_filter -> 'organisation'));
    v_tag      text[] := array(select jsonb_array_elements_text(p_filter -> 'tag'));
    v_session  text[] := array(select jsonb_array_elements_text(p_filter -> 'session'));
    v_id       text[] := array(select jsonb_array_elements_text(p_filter -> 'id'));
    v_answers  jsonb := coalesce(p_filter -> 'answers', '{}');
begin
    return query
        select r.registration_id, array_remove(array[
                   case when v_patterns <> '{}' and not coalesce(
                       case when v_rest then s.names || s.rest else s.names end ~ all (v_patterns), false) then 'q' end,
                   case when v_status <> '{}' and r.status <> all (v_status) then 'status' end,
                   case when v_role <> '{}' and r.role <> all (v_role) then 'role' end,
                   case when v_type <> '{}' and coalesce(r.participant_type, '') <> all (v_type) then 'participant_type' end,
                   case when v_source <> '{}' and r.source <> all (v_source) then 'source' end,
                   case when v_attends <> '{}' and coalesce(r.attendance, '') <> all (v_attends) then 'attendance' end,
                   case when v_language <> '{}' and r.language <> all (v_language) then 'language' end,
                   case when v_from <> '{}' and coalesce(r.organisation, '') <> all (v_from) then 'organisation' end,
                   case when v_id <> '{}' and r.public_id <> all (v_id) then 'id' end,
                   case when v_tag <> '{}' and not exists (
                       select from registration_tag t where t.registration_id = r.registration_id and t.tag = any (v_tag))
                       and not ('' = any (v_tag) and not exists (
                       select from registration_tag t where t.registration_id = r.registration_id)) then 'tag' end,
                   case when v_session <> '{}' and not exists (
                       select from session_signup su join session e using (session_id)
                        where su.registration_id = r.registration_id and su.status <> 'cancelled'
                          and e.public_id = any (v_session)) then 'session' end], null)
               || case when v_answers = '{}' then '{}' else array(
                   select 'answer.' || asked.key from jsonb_each(v_answers) asked
                    where not exists (
                       select from registration_answer a
                        where a.registration_id = r.registration_id and a.key = asked.key and case
                              when jsonb_typeof(a.value) = 'array' then a.value ?| array(select jsonb_array_elements_text(asked.value))
                              else asked.value ? (a.value #>> '{}') end)
                      and not (asked.value ? '' and not exists (
                       select from registration_answer a
                        where a.registration_id = r.registration_id and a.key = asked.key))) end
          from registration r left join registration_search s using (registration_id)
         where r.event_id = p_event and r.status <> 'duplicate';
end $$;
