-- Forms that organisers edit: versions, bounds, help, files, and questions that can wait until afterwards.

alter table registration_form
    add column session_overlap text not null default 'refuse'
        constraint registration_form_session_overlap_known check (session_overlap in ('refuse', 'warn')),
    add column hybrid boolean not null default false;
comment on column registration_form.session_overlap is
    'Whether sessions that overlap cannot be chosen together, or can with a warning.';
comment on column registration_form.hybrid is 'Guests say whether they come or follow from afar.';

alter table question
    drop constraint question_type_known,
    add constraint question_type_known check (type in (
        'text', 'long_text', 'number', 'choice', 'multi_choice', 'boolean', 'date', 'country', 'email', 'phone',
        'file', 'consent')),
    add column help text_map not null default '{}',
    add column bounds jsonb not null default '{}'
        constraint question_bounds_are_min_and_max check (jsonb_typeof(bounds) = 'object' and bounds - 'min' - 'max' = '{}'),
    add column step int not null default 1 constraint question_step_is_first_or_second check (step in (1, 2)),
    add column added_in_version int not null default 1,
    add column archived_in_version int;
comment on column question.bounds is
    '{"min", "max"}: integers for numbers, lengths and how many choices; days for dates.';
comment on column question.step is '2: asked after registering, on the registration''s own page.';
comment on column question.archived_in_version is
    'The form version that no longer asks it; the row stays for the answers there are.';

create table form_version (
    event_id   bigint not null constraint form_version_of_a_form references registration_form on delete cascade,
    version    int    not null constraint form_version_positive check (version > 0),
    definition jsonb  not null constraint form_version_definition_is_an_object check (jsonb_typeof(definition) = 'object'),
    actor      text   not null,
    at         timestamptz not null,
    constraint form_version_pk primary key (event_id, version)
);
comment on table form_version is
    'What a form asked in each of its versions that was edited here: an answer keeps the version it answered.';
comment on column form_version.definition is 'As GET /api/v1/events/SLUG/form gives it to organisers.';

-- Files are kept in the database rather than in the data folder: they are claimed and deleted in the transactions
-- of their answers, every process sees them, and one backup holds everything.
create table uploaded_file (
    uploaded_file_id bigint generated always as identity constraint uploaded_file_pk primary key,
    public_id     text   not null constraint uploaded_file_public_id_once unique
                  constraint uploaded_file_public_id_form check (public_id ~ '^file-[0-9a-f]{32}$'),
    event_id      bigint not null constraint uploaded_file_for_an_event references event on delete cascade,
    name          text   not null constraint uploaded_file_name_length check (char_length(name) between 1 and 200),
    media_type    text   not null,
    size          bigint not null,
    sha256        bytea  not null constraint uploaded_file_sha256_is_256_bits check (octet_length(sha256) = 32),
    content       bytea  not null,
    submission_id uuid,
    created_at    timestamptz not null,
    constraint uploaded_file_size_is_true check (size = octet_length(content))
);
alter table uploaded_file alter column content set storage external;
create index uploaded_file_by_submission on uploaded_file (submission_id) where submission_id is not null;
create index uploaded_file_unclaimed on uploaded_file (created_at) where submission_id is null;
comment on table uploaded_file is 'A file that a guest sent as an answer; bound to the submission that first names it.';
comment on column uploaded_file.media_type is 'Told from the contents, never from what the sender claims.';
comment on column uploaded_file.submission_id is 'Null: nobody has named it yet; such files are deleted after a day.';

create index registration_answer_by_file on registration_answer ((value #>> '{}')) where value #>> '{}' like 'file-%';

-- A file goes with its answer, whoever deletes the answer. At the end of the transaction, because a changed answer may
-- be deleted and written again on the way.
create function file_follows_answer() returns trigger language plpgsql as $$
begin
    delete from uploaded_file f
     where f.public_id = old.value #>> '{}'
       and not exists (select from registration_answer a
                        where a.value #>> '{}' like 'file-%' and a.value #>> '{}' = f.public_id);
    return null;
end $$;

create constraint trigger registration_answer_file_goes_too
    after update or delete on registration_answer deferrable initially deferred
    for each row when (old.value #>> '{}' like 'file-%')
    execute function file_follows_answer();
