-- The whole core: who runs what, when and where it happens, who comes, what changed, what is to be mailed.
-- Instants are timestamptz derived from wall time and zone; texts people read are language maps:
-- {"fi": {"text": "…", "status": "approved"}, …}.

create extension if not exists pg_trgm;

-- Sorting of names by the reader's own alphabet; the database itself compares in C.
create collation fi_order (provider = icu, locale = 'fi');
create collation en_order (provider = icu, locale = 'en');
create collation ru_order (provider = icu, locale = 'ru');

-- Instants cross to the program as milliseconds since 1970-01-01T00:00:00Z.
create function ms(p_at timestamptz) returns bigint language sql immutable strict parallel safe
    return (extract(epoch from p_at) * 1000)::bigint;
create function at_ms(p_ms bigint) returns timestamptz language sql immutable strict parallel safe
    return timestamptz 'epoch' + p_ms * interval '1 millisecond';

-- A public text: every language has words and a state; an absent language is a missing translation.
create function is_text(p jsonb) returns boolean language sql immutable parallel safe
    return jsonb_typeof(p) = 'object' and not exists (
        select from jsonb_each(p) as each(language, words)
         where language !~ '^[a-z]{2,3}$' or jsonb_typeof(words) <> 'object'
            or jsonb_typeof(words -> 'text') <> 'string'
            or words ->> 'status' not in ('missing', 'draft', 'stale', 'approved'));

create domain public_id as text check (value ~ '^[a-z0-9][a-z0-9-]{0,99}$');
create domain language_tag as text check (value ~ '^[a-z]{2,3}$');
create domain short_text as text check (char_length(value) <= 200);
create domain text_map as jsonb check (is_text(value));

create table site_setting (
    name  text  constraint site_setting_pk primary key,
    value jsonb not null
);
comment on table site_setting is 'Facts about this installation that are fixed once and shared by all its processes.';

create table site_secret (
    name  text  constraint site_secret_pk primary key,
    bytes bytea not null constraint site_secret_is_256_bits check (octet_length(bytes) = 32)
);
comment on table site_secret is
    'Keys shared by all processes of the installation: links of registrations are derived from them.';

-- ── Who runs it ─────────────────────────────────────────────────────────────────────────────────────────────

create table programme (
    programme_id       bigint generated always as identity constraint programme_pk primary key,
    public_id          public_id not null constraint programme_public_id_once unique,
    code               short_text not null,
    period             short_text,
    name               text_map  not null,
    funding_statement  text_map  not null,
    details            jsonb     not null default '{}'
);
comment on table programme is 'A funding programme: its name and the sentence that has to stand wherever its money is used.';
comment on column programme.details is 'Attributes of the import file that no room reads yet, kept word for word.';

create table project (
    project_id    bigint generated always as identity constraint project_pk primary key,
    public_id     public_id  not null constraint project_public_id_once unique,
    programme_id  bigint     not null constraint project_of_a_programme references programme,
    acronym       short_text not null,
    number        short_text,
    title         text_map   not null,
    summary       text_map   not null default '{}',
    starts_on     date,
    ends_on       date,
    document      jsonb      not null default '{}',
    details       jsonb      not null default '{}',
    created_at    timestamptz not null,
    constraint project_ends_after_it_starts check (ends_on >= starts_on)
);
comment on table project is 'A funded project of partners on both sides of a border.';
comment on column project.document is 'The frame of the file it came from: languages, meta, read_me.';
comment on column project.details is 'Attributes of the import file that no room reads yet, kept word for word.';

create table organisation (
    organisation_id bigint generated always as identity constraint organisation_pk primary key,
    public_id       public_id not null constraint organisation_public_id_once unique,
    project_id      bigint    not null constraint organisation_known_to_a_project references project,
    ordinal         int       not null,
    section         text      not null constraint organisation_section_known check (section in ('organisations', 'companies')),
    kind            text      not null,
    name            text_map  not null,
    country         text      constraint organisation_country_is_iso check (country ~ '^[A-Z]{2}$'),
    city            short_text,
    business_id     short_text,
    email           text,
    url             text,
    details         jsonb     not null default '{}'
);
comment on table organisation is 'A legal person: partner, host, supplier, company.';
comment on column organisation.section is 'Which list of the import file it belongs to.';

create table component (
    component_id   bigint generated always as identity constraint component_pk primary key,
    public_id      public_id not null constraint component_public_id_once unique,
    project_id     bigint    not null constraint component_of_a_project references project,
    ordinal        int       not null,
    organisation_id bigint   constraint component_has_a_responsible_partner references organisation,
    kind           text      not null,
    fund           text,
    name           text_map  not null,
    starts_on      date,
    ends_on        date,
    details        jsonb     not null default '{}',
    constraint component_ends_after_it_starts check (ends_on >= starts_on)
);
comment on table component is 'A half of a project with its own fund, owner, dates and reporting.';

create table network (
    network_id  bigint generated always as identity constraint network_pk primary key,
    public_id   public_id not null constraint network_public_id_once unique,
    project_id  bigint    not null constraint network_of_a_project references project,
    ordinal     int       not null,
    name        text_map  not null,
    status      text      not null constraint network_status_known check (status in ('forming', 'active', 'dormant', 'ended')),
    details     jsonb     not null default '{}'
);
comment on table network is 'A named network of organisations, reported to the funder.';

create table network_member (
    network_id      bigint not null constraint network_member_of_a_network references network on delete cascade,
    organisation_id bigint not null constraint network_member_is_an_organisation references organisation,
    ordinal         int    not null,
    constraint network_member_pk primary key (network_id, organisation_id)
);
comment on table network_member is 'Which organisations belong to a network; memberships overlap.';

create table person (
    person_id       bigint generated always as identity constraint person_pk primary key,
    public_id       public_id not null constraint person_public_id_once unique,
    project_id      bigint    not null constraint person_known_to_a_project references project,
    ordinal         int       not null,
    organisation_id bigint    constraint person_works_for references organisation,
    role            text,
    email           text      constraint person_email_short check (char_length(email) <= 254),
    languages       text[]    not null default '{}',
    details         jsonb     not null default '{}'
);
comment on table person is 'Somebody who speaks, organises, interprets, travels or takes part.';

create table person_name (
    person_id  bigint not null constraint person_name_of_a_person references person on delete cascade,
    script     text   not null constraint person_name_script_known check (script in ('Latn', 'Cyrl')),
    family     text   not null default '',
    given      text   not null default '',
    additional text,
    constraint person_name_pk primary key (person_id, script),
    constraint person_name_says_something check (family <> '' or given <> '')
);
comment on table person_name is 'A name as its owner writes it in one script. Never derived from another script.';
comment on column person_name.family is 'Empty for people with one name only.';
comment on column person_name.additional is 'Patronymic, where there is one.';

-- ── Where ───────────────────────────────────────────────────────────────────────────────────────────────────

create table venue (
    venue_id   bigint generated always as identity constraint venue_pk primary key,
    public_id  public_id  not null constraint venue_public_id_once unique,
    project_id bigint     not null constraint venue_known_to_a_project references project,
    ordinal    int        not null,
    name       text_map   not null,
    city       short_text not null,
    city_slug  text       not null constraint venue_city_slug_form check (city_slug ~ '^[a-z0-9][a-z0-9-]*$'),
    country    text       constraint venue_country_is_iso check (country ~ '^[A-Z]{2}$'),
    latitude   double precision constraint venue_latitude_on_earth check (latitude between -90 and 90),
    longitude  double precision constraint venue_longitude_on_earth check (longitude between -180 and 180),
    time_zone  text       not null,
    details    jsonb      not null default '{}'
);
comment on table venue is 'A house where events happen; its zone is the zone of its clock on the wall.';

create table room (
    room_id   bigint generated always as identity constraint room_pk primary key,
    public_id public_id not null constraint room_public_id_once unique,
    venue_id  bigint    not null constraint room_in_a_venue references venue,
    ordinal   int       not null,
    name      text_map  not null,
    capacity  int       constraint room_capacity_positive check (capacity > 0),
    details   jsonb     not null default '{}'
);
comment on table room is 'A room of a venue.';

-- ── What ────────────────────────────────────────────────────────────────────────────────────────────────────

create table event_pair (
    event_pair_id bigint generated always as identity constraint event_pair_pk primary key,
    public_id     public_id not null constraint event_pair_public_id_once unique,
    project_id    bigint    not null constraint event_pair_of_a_project references project,
    ordinal       int       not null,
    title         text_map  not null,
    details       jsonb     not null default '{}'
);
comment on table event_pair is 'One activity held in both cities: linked events, not copies.';

create table series (
    series_id  bigint generated always as identity constraint series_pk primary key,
    public_id  public_id not null constraint series_public_id_once unique,
    project_id bigint    not null constraint series_of_a_project references project,
    ordinal    int       not null,
    title      text_map  not null,
    details    jsonb     not null default '{}'
);
comment on table series is 'Events that belong together, such as a row of workshops.';

create table event (
    event_id          bigint generated always as identity constraint event_pk primary key,
    public_id         public_id not null constraint event_public_id_once unique,
    slug              public_id not null constraint event_slug_once unique,
    project_id        bigint    not null constraint event_of_a_project references project,
    ordinal           int       not null,
    event_pair_id     bigint    constraint event_in_a_pair references event_pair,
    series_id         bigint    constraint event_in_a_series references series,
    venue_id          bigint    constraint event_at_a_venue references venue,
    room_id           bigint    constraint event_in_a_room references room,
    kind              text      not null constraint event_kind_known
                      check (kind in ('seminar', 'press-conference', 'study-trip', 'workshop')),
    status            text      not null constraint event_status_known check (status in (
                      'idea', 'draft', 'in_review', 'planned', 'published', 'running', 'held', 'reported', 'archived',
                      'postponed', 'rescheduled', 'cancelled', 'hosts_asked', 'participants_named', 'visa_phase',
                      'booked', 'travelling', 'settled')),
    visibility        text      not null constraint event_visibility_known
                      check (visibility in ('public', 'invited', 'invited_media', 'partners', 'organisers', 'closed')),
    title             text_map  not null,
    description       text_map  not null default '{}',
    time_zone         text      not null,
    starts_local      timestamp not null,
    ends_local        timestamp not null,
    starts_at         timestamptz not null,
    ends_at           timestamptz not null,
    other_time_zones  text[]    not null default '{}',
    embargo_until     timestamptz,
    cancel_reason     text_map,
    agenda_version    bigint    not null default 1,
    calendar_sequence int       not null default 0 constraint event_calendar_sequence_not_negative check (calendar_sequence >= 0),
    calendar_modified timestamptz not null,
    details           jsonb     not null default '{}',
    created_at        timestamptz not null,
    constraint event_ends_after_it_starts check (ends_at > starts_at),
    constraint event_cancelled_with_a_reason check (cancel_reason is null or status in ('cancelled', 'postponed'))
);
create index event_by_project on event (project_id);
create index event_by_start on event (starts_at);
comment on table event is 'A seminar, press conference, study trip or workshop.';
comment on column event.starts_local is 'What the clock on the wall shows in time_zone; starts_at is derived from it.';
comment on column event.other_time_zones is 'Zones of the other cities, whose local time is shown beside.';
comment on column event.embargo_until is 'Nothing this event names is shown to the public before.';
comment on column event.agenda_version is 'The event version at which a session changed last.';
comment on column event.calendar_sequence is 'SEQUENCE of RFC 5545: raised by changes of time, place, status, title.';
comment on column event.calendar_modified is 'LAST-MODIFIED of RFC 5545: whole seconds, strictly growing.';

create table event_component (
    event_id     bigint not null constraint event_component_of_an_event references event on delete cascade,
    component_id bigint not null constraint event_component_is_a_component references component,
    ordinal      int    not null,
    constraint event_component_pk primary key (event_id, component_id)
);
comment on table event_component is 'Which halves of the project carry an event.';

create table session (
    session_id        bigint generated always as identity constraint session_pk primary key,
    public_id         public_id not null constraint session_public_id_once unique,
    event_id          bigint    not null constraint session_of_an_event references event on delete cascade,
    ordinal           int       not null,
    room_id           bigint    constraint session_in_a_room references room,
    kind              text      not null,
    status            text      not null default 'confirmed' constraint session_status_known
                      check (status in ('draft', 'confirmed', 'cancelled', 'removed')),
    title             text_map  not null,
    time_zone         text      not null,
    starts_local      timestamp not null,
    ends_local        timestamp not null,
    starts_at         timestamptz not null,
    ends_at           timestamptz not null,
    language          language_tag,
    interpretation    text[]    not null default '{}',
    track             short_text,
    sign_up           boolean   not null default false,
    capacity          int       constraint session_capacity_positive check (capacity > 0),
    version           bigint    not null default 1,
    calendar_sequence int       not null default 0 constraint session_calendar_sequence_not_negative check (calendar_sequence >= 0),
    calendar_modified timestamptz not null,
    details           jsonb     not null default '{}',
    created_at        timestamptz not null,
    constraint session_ends_after_it_starts check (ends_at > starts_at),
    constraint session_id_with_its_event unique (event_id, session_id)
);
create index session_by_event on session (event_id, starts_at);
comment on table session is 'One item of an event''s agenda.';
comment on column session.sign_up is 'People choose it when they register; it then has its own seats.';
comment on column session.version is 'Raised by each edit; an edit names the version it was made on.';

create table session_speaker (
    session_id bigint not null constraint session_speaker_in_a_session references session on delete cascade,
    person_id  bigint not null constraint session_speaker_is_a_person references person,
    ordinal    int    not null,
    constraint session_speaker_pk primary key (session_id, person_id)
);
comment on table session_speaker is 'Who speaks in a session, in order.';

-- ── Registration ────────────────────────────────────────────────────────────────────────────────────────────

create table registration_form (
    event_id    bigint  constraint registration_form_pk primary key
                constraint registration_form_of_an_event references event on delete cascade,
    version     int     not null default 1,
    opens_local timestamp,
    opens_at    timestamptz,
    closes_local timestamp,
    closes_at   timestamptz,
    time_zone   text    not null,
    admission   text    not null default 'open' constraint registration_form_admission_known
                check (admission in ('open', 'approval', 'invitation')),
    waitlist    boolean not null default false,
    offer_hours int     constraint registration_form_offer_hours_positive check (offer_hours > 0),
    details     jsonb   not null default '{}',
    constraint registration_form_closes_after_it_opens check (closes_at > opens_at)
);
comment on table registration_form is 'Whether, when and how one may register for an event. No row: nobody can.';
comment on column registration_form.offer_hours is
    'A freed seat is offered to the first of the waiting list for so many hours; null: it is theirs at once.';

create table question (
    event_id         bigint  not null constraint question_of_a_form references registration_form on delete cascade,
    key              text    not null constraint question_key_form check (key ~ '^[a-z][a-z0-9_]{0,49}$'),
    ordinal          int     not null,
    type             text    not null constraint question_type_known check (type in (
                     'text', 'long_text', 'number', 'choice', 'multi_choice', 'boolean', 'date', 'country', 'email',
                     'phone', 'consent')),
    label            text_map not null,
    required         boolean not null default false,
    options          jsonb   not null default '[]',
    visible_if       jsonb,
    special_category boolean not null default false,
    purpose          text,
    retention_days   int     constraint question_retention_days_positive check (retention_days > 0),
    details          jsonb   not null default '{}',
    constraint question_pk primary key (event_id, key),
    constraint question_choice_has_options check (
        (type in ('choice', 'multi_choice')) = (jsonb_array_length(options) > 0))
);
comment on table question is 'An organiser''s own question of an event''s form.';
comment on column question.options is '[{"value": "micro", "label": {…}}, …] of a choice.';
comment on column question.visible_if is '{"question": key, "in": [values]}: asked only if the other answer is one of them.';
comment on column question.special_category is 'Health and the like (GDPR Art. 9): masked for organisers, deleted early.';

create table event_counter (
    event_id bigint constraint event_counter_pk primary key
             constraint event_counter_of_an_event references event on delete cascade,
    version  bigint not null default 1,
    arrival  bigint not null default 0,
    capacity int    constraint event_counter_capacity_not_negative check (capacity >= 0),
    taken    int    not null default 0 constraint event_counter_taken_not_negative check (taken >= 0),
    confirmed int   not null default 0 constraint event_counter_confirmed_not_negative check (confirmed >= 0),
    waiting  int    not null default 0 constraint event_counter_waiting_not_negative check (waiting >= 0),
    constraint event_counter_never_oversold check (capacity is null or taken <= capacity)
) with (fillfactor = 50);
comment on table event_counter is
    'The one row that every change of an event locks: it gives the version, and seats are decided under it.';
comment on column event_counter.version is 'The event''s version: the newest row of its change log.';
comment on column event_counter.arrival is 'The arrival number given last.';
comment on column event_counter.taken is 'Seats confirmed or held by an open offer.';
comment on column event_counter.confirmed is 'Seats of confirmed registrations: people, companions included.';
comment on column event_counter.waiting is 'Parties on the waiting list.';

create table session_counter (
    session_id bigint constraint session_counter_pk primary key
               constraint session_counter_of_a_session references session on delete cascade,
    capacity   int constraint session_counter_capacity_not_negative check (capacity >= 0),
    taken      int not null default 0 constraint session_counter_taken_not_negative check (taken >= 0),
    waiting    int not null default 0 constraint session_counter_waiting_not_negative check (waiting >= 0),
    constraint session_counter_never_oversold check (capacity is null or taken <= capacity)
) with (fillfactor = 50);
comment on table session_counter is 'Seats of a session people sign up for; locked after the event''s counter.';

create table registration (
    registration_id   bigint generated always as identity constraint registration_pk primary key,
    event_id          bigint not null constraint registration_for_an_event references event,
    public_id         public_id not null constraint registration_public_id_once unique,
    submission_id     uuid   not null constraint registration_submission_once unique,
    contents_hash     bytea  not null,
    token_hash        bytea  not null constraint registration_token_once unique,
    arrival           bigint not null,
    status            text   not null constraint registration_status_known check (status in (
                      'pending', 'confirmed', 'waitlisted', 'offered', 'cancelled', 'declined', 'duplicate')),
    role              text   not null default 'attendee' constraint registration_role_known check (role in (
                      'attendee', 'speaker', 'staff', 'interpreter', 'facilitator')),
    source            text   not null default 'form' constraint registration_source_known check (source in (
                      'form', 'import', 'walk_in', 'organiser')),
    person_id         bigint constraint registration_of_a_known_person references person,
    name              text   not null constraint registration_name_length check (char_length(name) between 1 and 200),
    name_other_script short_text,
    email             text   constraint registration_email_length check (char_length(email) <= 254),
    email_key         text   generated always as (lower(email)) stored,
    language          language_tag not null,
    organisation      short_text,
    attendance        text   constraint registration_attendance_known check (attendance in ('on_site', 'remote')),
    companions        jsonb  not null default '[]' constraint registration_companions_at_most_nine
                      check (jsonb_array_length(companions) <= 9),
    seats             int    not null default 1 constraint registration_seats_are_the_party
                      check (seats = 1 + jsonb_array_length(companions)),
    invitation        text   constraint registration_invitation_short check (char_length(invitation) <= 100),
    form_version      int    not null default 1,
    version           bigint not null default 1,
    offer_expires_at  timestamptz,
    created_at        timestamptz not null,
    changed_at        timestamptz not null,
    cancelled_at      timestamptz,
    details           jsonb  not null default '{}',
    constraint registration_offer_expires check ((status = 'offered') = (offer_expires_at is not null)),
    constraint registration_id_with_its_event unique (event_id, registration_id),
    constraint registration_arrival_once unique (event_id, arrival)
);
create unique index registration_once_per_email on registration (event_id, email_key)
    where status not in ('cancelled', 'declined', 'duplicate');
create index registration_queue on registration (event_id, arrival) where status = 'waitlisted';
create index registration_open_offers on registration (offer_expires_at) where status = 'offered';
comment on table registration is 'Somebody, perhaps with companions, who comes, waits or did not come in the end.';
comment on column registration.token_hash is 'SHA-256 of the secret in the link of the registration''s page.';
comment on column registration.contents_hash is 'Tells a repeated submission from another one under the same id.';
comment on column registration.arrival is 'Order of arrival within the event; the waiting list follows it strictly.';

create table registration_shadow (
    submission_id uuid   constraint registration_shadow_pk primary key,
    event_id      bigint not null constraint registration_shadow_of_an_event references event on delete cascade,
    contents_hash bytea  not null,
    token_hash    bytea  not null constraint registration_shadow_token_once unique,
    answer        jsonb  not null,
    created_at    timestamptz not null
);
comment on table registration_shadow is
    'What was answered to somebody who registered an address that is registered already: the same as to a newcomer, '
    'so that nobody can learn who comes. Holds no seat.';

create table registration_answer (
    registration_id bigint not null constraint registration_answer_of_a_registration references registration on delete cascade,
    key             text   not null,
    value           jsonb  not null,
    form_version    int    not null,
    constraint registration_answer_pk primary key (registration_id, key)
);
comment on table registration_answer is 'An answer to an organiser''s question, with the version of the form it answered.';

create table session_signup (
    event_id        bigint not null,
    registration_id bigint not null,
    session_id      bigint not null,
    status          text   not null constraint session_signup_status_known check (status in ('confirmed', 'waitlisted', 'cancelled')),
    constraint session_signup_pk primary key (registration_id, session_id),
    constraint session_signup_of_a_registration foreign key (event_id, registration_id)
        references registration (event_id, registration_id) on delete cascade,
    constraint session_signup_in_a_session_of_the_event foreign key (event_id, session_id)
        references session (event_id, session_id)
);
create index session_signup_by_session on session_signup (session_id, status);
comment on table session_signup is 'A chosen session with seats of its own: seated there or waiting for it.';

-- ── What changed, what is to be said ────────────────────────────────────────────────────────────────────────

create table change (
    event_id      bigint not null constraint change_of_an_event references event on delete cascade,
    event_version bigint not null,
    kind          text   not null,
    payload       jsonb  not null default '{}',
    actor         text   not null,
    origin        text   not null default '',
    at            timestamptz not null,
    constraint change_pk primary key (event_id, event_version)
);
comment on table change is
    'Everything that happened to an event, one row a change, numbered without gaps under the event''s counter row. '
    'Live pages, feeds, mail and the audit trail read it.';
comment on column change.payload is '{"changes": [{"kind": …}, …]}: what the notification says.';
comment on column change.actor is 'A user''s public id, or "registration", "import", "clock", "play".';

create table outbox (
    outbox_id       bigint generated always as identity constraint outbox_pk primary key,
    dedupe_key      text   not null constraint outbox_once_per_key unique,
    kind            text   not null,
    recipient       text   not null constraint outbox_recipient_length check (char_length(recipient) between 3 and 254),
    language        language_tag not null,
    event_id        bigint constraint outbox_about_an_event references event,
    registration_id bigint constraint outbox_about_a_registration references registration,
    params          jsonb  not null default '{}',
    state           text   not null default 'queued' constraint outbox_state_known
                    check (state in ('queued', 'sent', 'failed')),
    attempts        int    not null default 0,
    next_attempt_at timestamptz not null,
    last_error      text,
    created_at      timestamptz not null,
    sent_at         timestamptz,
    constraint outbox_sent_has_a_time check ((state = 'sent') = (sent_at is not null))
);
create index outbox_due on outbox (next_attempt_at) where state = 'queued';
create index outbox_in_order on outbox (recipient, outbox_id) where state = 'queued';
comment on table outbox is 'Mail to be sent, written in the transaction that gives the reason; one row a dedupe key, for ever.';
comment on column outbox.params is 'What the words need and the tables may no longer say when it is sent.';

-- ── Accounts ────────────────────────────────────────────────────────────────────────────────────────────────

create table app_user (
    user_id       bigint generated always as identity constraint app_user_pk primary key,
    public_id     public_id not null constraint app_user_public_id_once unique,
    email         text not null constraint app_user_email_length check (char_length(email) <= 254),
    email_key     text generated always as (lower(email)) stored constraint app_user_email_once unique,
    name          text not null constraint app_user_name_length check (char_length(name) between 1 and 200),
    password_hash text,
    disabled_at   timestamptz,
    created_at    timestamptz not null
);
comment on table app_user is 'Somebody who signs in: organisers, press and travel officers, door staff, viewers.';
comment on column app_user.password_hash is 'Argon2id; null: signs in by one-time links only.';

create table role_grant (
    role_grant_id bigint generated always as identity constraint role_grant_pk primary key,
    user_id       bigint not null constraint role_grant_to_a_user references app_user on delete cascade,
    role          text   not null constraint role_grant_role_known check (role in (
                  'owner', 'organiser', 'editor', 'translator', 'press_officer', 'travel_officer', 'door', 'viewer')),
    project_id    bigint constraint role_grant_for_a_project references project on delete cascade,
    component_id  bigint constraint role_grant_for_a_component references component on delete cascade,
    event_id      bigint constraint role_grant_for_an_event references event on delete cascade,
    constraint role_grant_for_one_thing check (num_nonnulls(project_id, component_id, event_id) <= 1),
    constraint role_grant_once unique nulls not distinct (user_id, role, project_id, component_id, event_id)
);
comment on table role_grant is 'A role for the whole site (no scope set), one project, one component or one event.';

create table sign_in_link (
    token_hash bytea  constraint sign_in_link_pk primary key,
    user_id    bigint not null constraint sign_in_link_of_a_user references app_user on delete cascade,
    expires_at timestamptz not null,
    used_at    timestamptz,
    created_at timestamptz not null
);
comment on table sign_in_link is 'A one-time link that signs a user in; used once or expired, it stays until cleaned up.';

create table user_session (
    token_hash bytea  constraint user_session_pk primary key,
    user_id    bigint not null constraint user_session_of_a_user references app_user on delete cascade,
    csrf_token text   not null,
    expires_at timestamptz not null,
    created_at timestamptz not null
);
comment on table user_session is 'A signed-in browser; the cookie holds the secret, the table its SHA-256.';

-- ── Documents, and what later rooms will read ───────────────────────────────────────────────────────────────

create table document (
    document_id   bigint generated always as identity constraint document_pk primary key,
    public_id     public_id not null constraint document_public_id_once unique,
    project_id    bigint    not null constraint document_of_a_project references project,
    ordinal       int       not null,
    code          short_text,
    title         text_map  not null,
    abstract      text_map  not null default '{}',
    embargo_until timestamptz,
    details       jsonb     not null default '{}'
);
comment on table document is 'A report or study; its language variants are finished at different times.';

create table document_variant (
    document_id bigint       not null constraint document_variant_of_a_document references document on delete cascade,
    language    language_tag not null,
    ordinal     int          not null,
    role        text         not null,
    status      text         not null,
    version     short_text   not null,
    details     jsonb        not null default '{}',
    constraint document_variant_pk primary key (document_id, language, version)
);
comment on table document_variant is 'One language of a document: original or translation, with its own version and state.';

create table event_document (
    event_id    bigint not null constraint event_document_of_an_event references event on delete cascade,
    document_id bigint not null constraint event_document_is_a_document references document,
    ordinal     int    not null,
    constraint event_document_pk primary key (event_id, document_id)
);
comment on table event_document is 'Which documents an event presents; its embargo covers them.';

create table held_record (
    project_id bigint not null constraint held_record_of_a_project references project on delete cascade,
    section    text   not null,
    ordinal    int    not null,
    public_id  text,
    body       jsonb  not null,
    constraint held_record_pk primary key (project_id, section, ordinal)
);
comment on table held_record is
    'Records of an imported file whose room is not built yet (news, partner search, press kits …), kept word for word.';
comment on column held_record.section is 'The name of the list in the file.';

create table vault_record (
    project_id bigint not null constraint vault_record_of_a_project references project on delete cascade,
    section    text   not null,
    ordinal    int    not null,
    sealed     bytea  not null,
    constraint vault_record_pk primary key (project_id, section, ordinal)
);
comment on table vault_record is
    'Passport data, sealed with the key in the data folder (XSalsa20-Poly1305); the database alone cannot read it.';

-- ── Calendars ───────────────────────────────────────────────────────────────────────────────────────────────

create table feed_tombstone (
    public_id   public_id constraint feed_tombstone_pk primary key,
    feeds       text[]    not null,
    calendar    jsonb     not null,
    gone_at     timestamptz not null
);
comment on table feed_tombstone is
    'An event or session that left public calendars: shown there as cancelled for 90 days, without private text.';

-- ── Views with stable columns, for whoever checks from outside ──────────────────────────────────────────────

create view qa_registration as
    select r.registration_id as id, e.slug as event_slug, r.submission_id, r.email, r.status, r.arrival,
           case when r.status = 'waitlisted' then
               row_number() over (partition by r.event_id, r.status order by r.arrival) end as position
      from registration r join event e using (event_id);
comment on view qa_registration is 'Registrations as a check from outside wants them; columns are stable.';

create view qa_change as
    select e.slug as event_slug, c.event_version, c.kind, c.at, c.actor
      from change c join event e using (event_id);
comment on view qa_change is 'The change log as a check from outside wants it; columns are stable.';

create view qa_mail as
    select dedupe_key, recipient, kind, state, sent_at from outbox;
comment on view qa_mail is 'The outbox as a check from outside wants it; columns are stable.';
