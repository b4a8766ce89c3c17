-- Secret addresses of personal calendars (contract §4). An address shows one registration to whoever holds its link,
-- or everything of one e-mail address to whoever reads that mailbox: holding a link proves no mailbox.

create table calendar_access (
    public_id    public_id   constraint calendar_access_pk primary key,
    secret_hash  bytea       not null constraint calendar_access_secret_once unique,
    token_hash   bytea       not null,
    email_key    text        constraint calendar_access_email_length check (char_length(email_key) <= 254),
    language     language_tag not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
create index calendar_access_of_registration on calendar_access (token_hash);
comment on table calendar_access is 'An address of a personal calendar; several devices have several. Revoked ones stay, to be answered 410.';
comment on column calendar_access.secret_hash is 'SHA-256 of the secret in the address.';
comment on column calendar_access.token_hash is
    'SHA-256 of the link on whose page it was asked for. After that link ends, an address of one registration shows nothing.';
comment on column calendar_access.email_key is 'Set: everything registered under this address; such an address is only ever sent by mail.';
