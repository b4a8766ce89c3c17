-- How many calendar messages (RFC 5546) somebody was sent about an event: each next one needs a higher SEQUENCE, also
-- for who cancels and registers anew, and nobody is told to forget what they were never sent.

create table calendar_message (
    event_id       bigint not null constraint calendar_message_about_an_event references event on delete cascade,
    recipient_hash bytea  not null,
    sent           int    not null constraint calendar_message_sent_positive check (sent > 0),
    constraint calendar_message_pk primary key (event_id, recipient_hash)
);
comment on table calendar_message is 'Calendar messages of invitations by mail, counted by event and person; written when the mail is.';
comment on column calendar_message.recipient_hash is 'SHA-256 of the e-mail address in lower case: the count outlives the erasure of the person.';
