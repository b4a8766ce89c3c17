#include "registration/personal_calendar.h"

#include "base/secret.h"
#include "db/database.h"
#include "mail/outbox.h"
#include "registration/desk.h"
#include "registration/personal_calendar_store.h"
#include "registration/registration_commands.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

std::string hash_of(std::string_view secret)
{
    return to_hex(sha256(secret));
}

store::NewAddress new_address(Services& services, std::string const& token, std::string language)
{
    auto id = random_public_id(services.random);
    auto const secret = calendar_secret(services.keys.registration, id);
    return {std::move(id), hash_of(secret), hash_of(token), {}, std::move(language), services.clock.now()};
}

Result<bool> add_deed(db::Transaction& transaction, store::NewAddress const& address)
{
    store::add_address(transaction, address);
    return true;
}

Result<bool> mail_deed(db::Transaction& transaction, store::NewAddress const& address,
                       std::string const& name)
{
    store::add_address(transaction, address);
    mail::enqueue(transaction, {.dedupe_key = fmt::format("calendar_link:{}", address.public_id),
                                .kind = "calendar_link",
                                .recipient = *address.email,
                                .language = address.language,
                                .event_id = {},
                                .registration_id = {},
                                .params = {{"name", name}, {"calendar", address.public_id}},
                                .created_at = address.created_at});
    return true;
}

Result<std::int64_t> use_deed(db::Transaction& transaction, std::string const& hash, Instant const& now)
{
    return store::note_calendar_use(transaction, hash, now);
}

Result<std::int64_t> revoke_deed(db::Transaction& transaction, std::string const& hash,
                                 std::optional<std::string> const& public_id, Instant const& now)
{
    return store::revoke_addresses(transaction, hash, public_id, now);
}

}

std::string calendar_secret(Key const& key, std::string_view public_id)
{
    return registration_token(key, fmt::format("calendar {}", public_id));
}

asio::awaitable<std::optional<PersonalCalendar>> read_calendar(Services& services, std::string secret)
{
    auto const hash = hash_of(secret);
    auto calendar = co_await services.db.read(store::find_calendar, hash);
    if (calendar && !calendar->revoked) {
        auto const now = services.clock.now();
        co_await services.db.write(use_deed, hash, now);
    }
    co_return calendar;
}

asio::awaitable<Result<std::vector<CalendarAddress>>> calendar_addresses(Services& services,
                                                                         std::string token)
{
    auto const registration = co_await get(services, token);
    if (!registration)
        co_return std::unexpected(registration.error());
    auto const hash = hash_of(token);
    co_return co_await services.db.read(store::list_addresses, hash);
}

asio::awaitable<Result<std::string>> make_calendar(Services& services, std::string token,
                                                   std::string language)
{
    auto const registration = co_await get(services, token);
    if (!registration)
        co_return std::unexpected(registration.error());
    auto const address = new_address(services, token, std::move(language));
    auto const added = co_await services.db.write(add_deed, address);
    if (!added)
        co_return std::unexpected(added.error());
    co_return calendar_secret(services.keys.registration, address.public_id);
}

asio::awaitable<Result<bool>> mail_calendar(Services& services, std::string token, std::string peer)
{
    auto const registration = co_await get(services, token);
    if (!registration)
        co_return std::unexpected(registration.error());
    if (auto admitted = services.desk.admit(peer, registration->email); !admitted)
        co_return std::unexpected(admitted.error());
    auto address = new_address(services, token, registration->language);
    address.email = registration->email;
    auto const name = registration->name;
    co_return co_await services.db.write(mail_deed, address, name);
}

asio::awaitable<Result<bool>> revoke_calendars(Services& services, std::string token,
                                               std::optional<std::string> public_id)
{
    auto const registration = co_await get(services, token);
    if (!registration)
        co_return std::unexpected(registration.error());
    auto const hash = hash_of(token);
    auto const now = services.clock.now();
    auto const revoked = co_await services.db.write(revoke_deed, hash, public_id, now);
    if (!revoked)
        co_return std::unexpected(revoked.error());
    co_return true;
}

}
