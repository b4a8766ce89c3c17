#include "registration/personal_calendar_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

namespace kutsu::registration::store
{
namespace
{

struct AccessRow
{
    std::string public_id;
    std::string language;
    bool whole_person = false;
    bool revoked = false;
    std::string token_hash;
    std::optional<std::string> email_key;
};
BOOST_DESCRIBE_STRUCT(AccessRow, (), (public_id, language, whole_person, revoked, token_hash, email_key))

struct EntryRow
{
    std::string slug;
    std::string public_id;
    std::string status;
    json::array sessions;
    std::optional<Instant> offer_expires_at;
    std::int64_t version = 1;
    Instant changed_at;
};
BOOST_DESCRIBE_STRUCT(EntryRow, (),
                      (slug, public_id, status, sessions, offer_expires_at, version, changed_at))

struct AddressRow
{
    std::string public_id;
    bool whole_person = false;
    Instant created_at;
    std::optional<Instant> last_used_at;
};
BOOST_DESCRIBE_STRUCT(AddressRow, (), (public_id, whole_person, created_at, last_used_at))

CalendarEntry entry_of(EntryRow row)
{
    CalendarEntry entry{std::move(row.slug),   std::move(row.public_id),
                        std::move(row.status), {},
                        row.offer_expires_at,  row.version,
                        row.changed_at};
    for (auto const& each : row.sessions)
        entry.sessions.push_back(
            {std::string(each.at("id").as_string()), std::string(each.at("status").as_string())});
    return entry;
}

// A shadow is shown like any registration, so that nobody learns who is registered.
constexpr std::string_view entries_of_link = R"(
    select e.slug, r.public_id, r.status, registration_answer_json(r) -> 'sessions' as sessions,
           ms(r.offer_expires_at) as offer_expires_at, r.version, ms(r.changed_at) as changed_at
      from registration r join event e using (event_id) where r.token_hash = decode(:hash, 'hex')
    union all
    select e.slug, 'shadow', s.answer ->> 'status', coalesce(s.answer -> 'sessions', '[]'),
           cast(null as bigint), 1, ms(s.created_at)
      from registration_shadow s join event e using (event_id) where s.token_hash = decode(:hash2, 'hex'))";

constexpr std::string_view entries_of_person = R"(
    select e.slug, r.public_id, r.status, registration_answer_json(r) -> 'sessions' as sessions,
           ms(r.offer_expires_at) as offer_expires_at, r.version, ms(r.changed_at) as changed_at
      from registration r join event e using (event_id)
     where r.email_key = :email and r.status <> 'duplicate' order by r.registration_id limit 1000)";

}

std::optional<PersonalCalendar> find_calendar(db::Reader& reader, std::string const& secret_hash)
{
    auto const access = db::find<AccessRow>(reader, R"(
        select public_id, language, (email_key is not null)::int as whole_person,
               (revoked_at is not null)::int as revoked, encode(token_hash, 'hex') as token_hash, email_key
          from calendar_access where secret_hash = decode(:hash, 'hex'))",
                                            secret_hash);
    if (!access)
        return std::nullopt;
    PersonalCalendar calendar{access->public_id, access->language, access->whole_person, access->revoked, {}};
    if (calendar.revoked)
        return calendar;
    auto rows = access->email_key
                    ? db::list<EntryRow>(reader, entries_of_person, *access->email_key)
                    : db::list<EntryRow>(reader, entries_of_link, access->token_hash, access->token_hash);
    for (auto& row : rows)
        calendar.entries.push_back(entry_of(std::move(row)));
    calendar.revoked = !calendar.whole_person && calendar.entries.empty();
    return calendar;
}

std::int64_t note_calendar_use(db::Transaction& transaction, std::string const& secret_hash, Instant now)
{
    return db::execute(transaction, R"(
        update calendar_access set last_used_at = at_ms(:now)
         where secret_hash = decode(:hash, 'hex')
           and (last_used_at is null or last_used_at < at_ms(:now2) - interval '1 hour'))",
                       now, secret_hash, now);
}

std::vector<CalendarAddress> list_addresses(db::Reader& reader, std::string const& token_hash)
{
    std::vector<CalendarAddress> addresses;
    for (auto& row : db::list<AddressRow>(reader, R"(
        select public_id, (email_key is not null)::int as whole_person, ms(created_at) as created_at,
               ms(last_used_at) as last_used_at
          from calendar_access where token_hash = decode(:hash, 'hex') and revoked_at is null
         order by created_at, public_id)",
                                          token_hash))
        addresses.push_back({std::move(row.public_id), row.whole_person, row.created_at, row.last_used_at});
    return addresses;
}

void add_address(db::Transaction& transaction, NewAddress const& address)
{
    db::execute(transaction, R"(
        update calendar_access set revoked_at = at_ms(:now)
         where public_id in (select public_id from calendar_access
                              where token_hash = decode(:hash, 'hex') and revoked_at is null
                              order by created_at desc, public_id offset :most))",
                address.created_at, address.token_hash, most_addresses - 1);
    db::execute(transaction, R"(
        insert into calendar_access (public_id, secret_hash, token_hash, email_key, language, created_at)
        values (:id, decode(:secret, 'hex'), decode(:token, 'hex'), lower(:email), :language, at_ms(:now)))",
                address.public_id, address.secret_hash, address.token_hash, address.email, address.language,
                address.created_at);
}

std::int64_t revoke_addresses(db::Transaction& transaction, std::string const& token_hash,
                              std::optional<std::string> const& public_id, Instant now)
{
    return db::execute(transaction, R"(
        update calendar_access set revoked_at = at_ms(:now)
         where token_hash = decode(:hash, 'hex') and revoked_at is null
           and (cast(:id as text) is null or public_id = :id2))",
                       now, token_hash, public_id, public_id);
}

}
