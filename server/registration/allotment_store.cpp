#include "registration/allotment_store.h"

#include "db/rows.h"

#include <fmt/format.h>

namespace kutsu::registration::store
{

BOOST_DESCRIBE_STRUCT(DueAllotment, (), (allotment_id, event_id, slug))

namespace
{

std::string select(std::string_view rest)
{
    return fmt::format(R"(
        select allotment_id, event_id, public_id as id, organisation, contact_name, contact_email, language, seats,
               allotment_named(allotment_id) as named, state,
               to_char(until_local, 'YYYY-MM-DD"T"HH24:MI:SS') as until_local, time_zone, ms(until_at) as until_at,
               version, ms(created_at) as created_at, ms(sent_at) as sent_at
          from allotment {})",
                       rest);
}

}

void lock_seats(db::Transaction& transaction, std::int64_t event_id)
{
    db::find<std::int64_t>(
        transaction, "select event_id from event_counter where event_id = :event_id for update", event_id);
    db::get<std::int64_t>(transaction, "select 1 as done from lock_sessions(:event_id)", event_id);
}

bool reserve_seats(db::Transaction& transaction, std::int64_t event_id, std::int64_t seats)
{
    return db::get<bool>(transaction, "select reserve_seats(:event_id, :seats) as done", event_id, seats);
}

std::int64_t record_seats(db::Transaction& transaction, std::int64_t event_id, std::string const& actor,
                          Instant now)
{
    return db::get<std::int64_t>(
        transaction,
        "select record_change(:id, 'seats', seats_changes(:id2), :actor, '', at_ms(:now)) as version",
        event_id, event_id, actor, now);
}

std::vector<Allotment> list_allotments(db::Reader& reader, std::int64_t event_id)
{
    static auto const question = select("where event_id = :event_id order by allotment_id");
    return db::list<Allotment>(reader, question, event_id);
}

std::optional<Allotment> find_allotment(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    static auto const question = select("where event_id = :event_id and public_id = :id");
    return db::find<Allotment>(reader, question, event_id, id);
}

std::optional<Allotment> find_allotment_by_token(db::Reader& reader, std::string const& token_hash)
{
    static auto const question = select("where token_hash = decode(:hash, 'hex')");
    return db::find<Allotment>(reader, question, token_hash);
}

std::vector<SeatedGuest> list_guests(db::Reader& reader, std::int64_t allotment_id)
{
    return db::list<SeatedGuest>(reader, R"(
        select public_id as id, name, coalesce(email, '') as email, language,
               case status when 'duplicate' then 'confirmed' else status end as status
          from registration
         where allotment_id = :allotment and (is_active(status) or status = 'duplicate') order by arrival)",
                                 allotment_id);
}

void insert_allotment(db::Transaction& transaction, std::int64_t event_id, NewAllotment const& made,
                      std::string const& id, std::string const& token_hash, Instant now)
{
    db::execute(transaction, R"(
        insert into allotment (event_id, public_id, organisation, contact_name, contact_email, language, seats,
                               until_local, time_zone, until_at, token_hash, created_at)
        values (:event_id, :id, :organisation, :contact_name, :contact_email, :language, :seats,
                cast(:local as timestamp), :zone, at_ms(:at), decode(:hash, 'hex'), at_ms(:now)))",
                event_id, id, made.organisation, made.contact_name, made.contact_email, made.language,
                made.seats, made.until.local, made.until.time_zone, made.until.at, token_hash, now);
}

void update_allotment(db::Transaction& transaction, std::int64_t allotment_id, AllotmentEdit const& edit)
{
    auto const local = edit.until ? std::optional(edit.until->local) : std::nullopt;
    auto const zone = edit.until ? std::optional(edit.until->time_zone) : std::nullopt;
    auto const at = edit.until ? std::optional(edit.until->at) : std::nullopt;
    db::execute(transaction, R"(
        update allotment
           set organisation = coalesce(:organisation, organisation),
               contact_name = coalesce(:contact_name, contact_name),
               contact_email = coalesce(:contact_email, contact_email), language = coalesce(:language, language),
               seats = coalesce(cast(:seats as int), seats),
               until_local = coalesce(cast(:local as timestamp), until_local), time_zone = coalesce(:zone, time_zone),
               until_at = coalesce(at_ms(:at), until_at), version = version + 1
         where allotment_id = :allotment)",
                edit.organisation, edit.contact_name, edit.contact_email, edit.language, edit.seats, local,
                zone, at, allotment_id);
}

void touch_allotment(db::Transaction& transaction, std::int64_t allotment_id)
{
    db::execute(transaction, "update allotment set version = version + 1 where allotment_id = :allotment",
                allotment_id);
}

void queue_allotment(db::Transaction& transaction, std::int64_t allotment_id, Instant now)
{
    db::execute(transaction, R"(
        with written as (
            update allotment set sent_at = at_ms(:now), version = version + 1 where allotment_id = :allotment
            returning *)
        insert into outbox (dedupe_key, kind, recipient, language, event_id, params, next_attempt_at, created_at)
        select format('allotment:%s:%s', public_id, version), 'allotment', contact_email, language, event_id,
               jsonb_build_object('name', contact_name, 'allotment', public_id, 'organisation', organisation,
                                  'seats', seats, 'until_ms', ms(until_at)),
               at_ms(:now2), at_ms(:now3)
          from written on conflict (dedupe_key) do nothing)",
                now, allotment_id, now, now);
}

std::string seat_guest(db::Transaction& transaction, std::int64_t allotment_id, json::object const& guest,
                       Instant now)
{
    return db::get<std::string>(
        transaction, "select allotment_seat(:allotment, cast(:guest as jsonb), at_ms(:now)) as outcome",
        allotment_id, guest, now);
}

bool rename_guest(db::Transaction& transaction, std::int64_t allotment_id, std::string const& guest,
                  GuestName const& name, Instant now)
{
    return db::execute(transaction, R"(
        update registration set name = :name, language = :language, changed_at = at_ms(:now), version = version + 1
         where allotment_id = :allotment and public_id = :guest and email_key = lower(:email)
           and (is_active(status) or status = 'duplicate'))",
                       name.name, name.language, now, allotment_id, guest, name.email) > 0;
}

std::string unseat_guest(db::Transaction& transaction, std::int64_t allotment_id, std::string const& guest,
                         Instant now)
{
    return db::get<std::string>(transaction,
                                "select allotment_unseat(:allotment, :guest, at_ms(:now)) as outcome",
                                allotment_id, guest, now);
}

std::optional<std::int64_t> end_allotment(db::Transaction& transaction, std::int64_t allotment_id,
                                          std::string const& state, std::string const& actor,
                                          std::optional<Instant> offered_until, Instant now)
{
    return db::get<std::optional<std::int64_t>>(
        transaction,
        "select allotment_end(:allotment, :state, :actor, at_ms(:until), at_ms(:now)) as released",
        allotment_id, state, actor, offered_until, now);
}

void serve_queues(db::Transaction& transaction, std::int64_t event_id, std::optional<Instant> offered_until,
                  Instant now)
{
    db::get<std::int64_t>(
        transaction, "select 1 as done from serve_queues(:event_id, 'released', at_ms(:until), at_ms(:now))",
        event_id, offered_until, now);
}

std::vector<DueAllotment> due_allotments(db::Reader& reader, Instant now)
{
    return db::list<DueAllotment>(reader, R"(
        select a.allotment_id, a.event_id, e.slug from allotment a join event e using (event_id)
         where a.state = 'open' and a.until_at <= at_ms(:now) order by a.event_id, a.allotment_id)",
                                  now);
}

std::optional<Instant> next_allotment_end(db::Reader& reader)
{
    return db::get<std::optional<Instant>>(
        reader, "select ms(min(until_at)) as next from allotment where state = 'open'");
}

}
