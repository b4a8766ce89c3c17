#include "registration/invitation_store.h"

#include "db/rows.h"

#include <fmt/format.h>

namespace kutsu::registration::store
{
namespace
{

constexpr std::string_view columns = R"(
    public_id as id, is_personal, coalesce(label, '') as label, coalesce(name, '') as name,
    coalesce(email, '') as email, coalesce(language, '') as language, seats, used, state,
    ms(expires_at) as expires_at, version, ms(created_at) as created_at, ms(sent_at) as sent_at,
    ms(reminded_at) as reminded_at, ms(opened_at) as opened_at, ms(answered_at) as answered_at)";

std::string select(std::string_view rest)
{
    return fmt::format("select {} from invitation {}", columns, rest);
}

struct Deadline
{
    std::optional<LocalTime> local;
    std::optional<std::string> zone;
    std::optional<Instant> at;
};

Deadline deadline_of(std::optional<events::Moment> const& moment)
{
    return moment ? Deadline{moment->local, moment->time_zone, moment->at} : Deadline{};
}

}

void lock_counter(db::Transaction& transaction, std::int64_t event_id)
{
    db::find<std::int64_t>(
        transaction, "select event_id from event_counter where event_id = :event_id for update", event_id);
}

std::vector<Invitation> list_invitations(db::Reader& reader, std::int64_t event_id, std::string const& state)
{
    static auto const question =
        select("where event_id = :event_id and (:state = '' or state = :state2) order by invitation_id desc");
    return db::list<Invitation>(reader, question, event_id, state, state);
}

std::optional<Invitation> find_invitation(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    static auto const question = select("where event_id = :event_id and public_id = :id");
    return db::find<Invitation>(reader, question, event_id, id);
}

std::optional<Invitation> find_by_code(db::Reader& reader, std::int64_t event_id,
                                       std::string const& code_hash)
{
    static auto const question = select("where event_id = :event_id and code_hash = decode(:hash, 'hex')");
    return db::find<Invitation>(reader, question, event_id, code_hash);
}

bool insert_invitation(db::Transaction& transaction, std::int64_t event_id, InvitationRow const& row,
                       Instant now)
{
    auto const& made = row.invitation;
    auto const expires = deadline_of(made.expires);
    return db::execute(transaction, R"(
        insert into invitation (event_id, public_id, code_hash, is_personal, label, name, email, language, seats,
                                expires_local, time_zone, expires_at, created_at)
        values (:event_id, :id, decode(:hash, 'hex'), :is_personal, nullif(:label, ''), nullif(:name, ''),
                nullif(:email, ''), nullif(:language, ''), :seats, cast(:local as timestamp), :zone, at_ms(:at),
                at_ms(:now))
        on conflict (event_id, lower(email)) where state <> 'withdrawn' do nothing)",
                       event_id, row.id, row.code_hash, made.is_personal, made.label, made.name, made.email,
                       made.language, made.seats, expires.local, expires.zone, expires.at, now) > 0;
}

bool update_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id,
                       InvitationEdit const& edit)
{
    auto const expires = deadline_of(edit.expires.value_or(std::nullopt));
    return db::execute(transaction, R"(
        update invitation i
           set label = coalesce(:label, label), name = coalesce(:name, name), language = coalesce(:language, language),
               sent_at = case when lower(:email) <> lower(email) then null else sent_at end,
               email = coalesce(:email2, email), seats = coalesce(cast(:seats as int), seats),
               expires_local = case when :sets then cast(:local as timestamp) else expires_local end,
               time_zone = case when :sets2 then :zone else time_zone end,
               expires_at = case when :sets3 then at_ms(:at) else expires_at end, version = version + 1
         where event_id = :event_id and public_id = :id and used <= coalesce(cast(:seats2 as int), seats)
           and not exists (select from invitation o
                            where o.event_id = i.event_id and o.invitation_id <> i.invitation_id
                              and lower(o.email) = lower(:email3) and o.state <> 'withdrawn'))",
                       edit.label, edit.name, edit.language, edit.email, edit.email, edit.seats,
                       edit.expires.has_value(), expires.local, edit.expires.has_value(), expires.zone,
                       edit.expires.has_value(), expires.at, event_id, id, edit.seats, edit.email) > 0;
}

void withdraw_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id)
{
    db::execute(transaction, R"(
        update invitation set state = 'withdrawn', version = version + 1
         where event_id = :event_id and public_id = :id and state <> 'withdrawn')",
                event_id, id);
}

void queue_invitation(db::Transaction& transaction, std::int64_t event_id, Invitation const& invitation,
                      std::string const& kind, Instant now)
{
    db::execute(transaction, R"(
        with written as (
            update invitation
               set sent_at = coalesce(sent_at, at_ms(:now)), version = version + 1,
                   reminded_at = case when :kind = 'invitation_reminder' then at_ms(:now2) else reminded_at end
             where event_id = :event_id and public_id = :id
            returning *)
        insert into outbox (dedupe_key, kind, recipient, language, event_id, params, next_attempt_at, created_at)
        select format('%s:%s:%s', cast(:kind2 as text), public_id, version), :kind3, email, language, event_id,
               jsonb_build_object('name', name, 'invitation', public_id, 'expires_at_ms', ms(expires_at)),
               at_ms(:now3), at_ms(:now4)
          from written on conflict (dedupe_key) do nothing)",
                now, kind, now, event_id, invitation.id, kind, kind, now, now);
}

void note_opened(db::Transaction& transaction, std::int64_t event_id, std::string const& id, Instant now)
{
    db::execute(transaction, R"(
        update invitation set state = 'opened', opened_at = at_ms(:now), version = version + 1
         where event_id = :event_id and public_id = :id and state = 'invited')",
                now, event_id, id);
}

bool decline_invitation(db::Transaction& transaction, std::int64_t event_id, std::string const& id,
                        Instant now)
{
    return db::execute(transaction, R"(
        update invitation set state = 'declined', answered_at = at_ms(:now), version = version + 1
         where event_id = :event_id and public_id = :id and is_personal and state in ('invited', 'opened')
           and used = 0)",
                       now, event_id, id) > 0;
}

}
