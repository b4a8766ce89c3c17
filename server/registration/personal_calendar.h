// Personal calendars: whose registrations a secret address shows. An address of one registration is given to
// whoever holds its link; one that shows all registrations of a person goes to their mailbox, because a link
// proves no mailbox. The calendar itself is written by feeds/personal_feed.h.
#pragma once

#include "base/services.h"
#include "registration/registration.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

namespace asio = boost::asio;

// What a calendar needs of a registration; nothing that would let its reader act.
struct CalendarEntry
{
    std::string event; // slug
    std::string public_id;
    std::string status;
    std::vector<SessionChoice> sessions;
    std::optional<Instant> offer_expires_at;
    std::int64_t version = 1;
    Instant changed_at;
};

struct PersonalCalendar
{
    std::string public_id; // of the address
    std::string language;
    bool whole_person = false;
    bool revoked = false; // or the registration it showed is gone
    std::vector<CalendarEntry> entries;
};

// An address as its owner sees it in the list; the secret is shown once, when it is made.
struct CalendarAddress
{
    std::string public_id;
    bool whole_person = false;
    Instant created_at;
    std::optional<Instant> last_used_at;
};

// A registration has at most so many live addresses; the oldest gives way.
inline constexpr std::int64_t most_addresses = 10;

// Nothing for an unknown secret. Notes the use, at most once an hour.
asio::awaitable<std::optional<PersonalCalendar>> read_calendar(Services& services, std::string secret);

// All take the token of a registration's link; unknown: not_found.
asio::awaitable<Result<std::vector<CalendarAddress>>> calendar_addresses(Services& services,
                                                                         std::string token);
// Gives the new secret.
asio::awaitable<Result<std::string>> make_calendar(Services& services, std::string token,
                                                   std::string language);
// Sends an address that shows everything registered under the registration's e-mail address, to that
// address. Problems: too_many_requests.
asio::awaitable<Result<bool>> mail_calendar(Services& services, std::string token, std::string peer);
// Ends one address, or all; repeating it changes nothing.
asio::awaitable<Result<bool>> revoke_calendars(Services& services, std::string token,
                                               std::optional<std::string> public_id);

// The secret of an address, made anew for the mail that carries it.
std::string calendar_secret(Key const& key, std::string_view public_id);

}
