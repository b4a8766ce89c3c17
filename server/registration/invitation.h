// Invitations: a code that lets its holder register, personal with a mail and a state, or shared by many.
// Pure. The code is made from the id with a key of the installation (base/code.h) and kept nowhere; whether
// it holds is decided under the event's counter (schema: admission_gate).
#pragma once

#include "base/json.h"
#include "base/secret.h"
#include "events/event.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct Invitation
{
    std::string id;
    bool is_personal = false;
    std::string label; // of a shared one, for organisers
    std::string name;  // of a personal one, like the next two
    std::string email;
    std::string language;
    std::int64_t seats = 1;
    std::int64_t used = 0;
    std::string state; // invited, opened, registered, declined, withdrawn
    std::optional<Instant> expires_at;
    std::int64_t version = 1;
    Instant created_at;
    std::optional<Instant> sent_at;
    std::optional<Instant> reminded_at;
    std::optional<Instant> opened_at;
    std::optional<Instant> answered_at;
};
BOOST_DESCRIBE_STRUCT(Invitation, (),
                      (id, is_personal, label, name, email, language, seats, used, state, expires_at, version,
                       created_at, sent_at, reminded_at, opened_at, answered_at))

std::string invitation_code(Key const& key, std::string_view id);
// "/fi/events/SLUG?invitation=CODE"
std::string invitation_path(std::string_view language, std::string_view slug, std::string_view code);
// Whether its holder can still register with it.
bool holds(Invitation const& invitation, Instant now);
// For organisers, who may see the code.
json::object to_json(Invitation const& invitation, events::Event const& event, Key const& key,
                     std::string_view base_url);

struct NewInvitation
{
    std::string path; // where it stood in what was sent: items.3, lines.4
    bool is_personal = true;
    std::string label;
    std::string name;
    std::string email;
    std::string language;
    std::int64_t seats = 1;
    std::optional<events::Moment> expires;
};
constexpr std::size_t most_invitations = 500; // made at once
constexpr std::int64_t most_guests = 10'000;  // of one code

struct Inviting
{
    std::vector<NewInvitation> invitations;
    bool send = false; // the mails of the personal ones
};
// {"items": [{"name", "email", "language"?, "seats"?, "expires"?} or {"label", "seats", "expires"?}],
// "send"?}, or
// {"lines", "expires"?, "send"?}; expires is a local time in the event's zone. Errors name the row:
// items.3.email, lines.3. `language` is of those who say none.
Result<Inviting> decode_inviting(json::object const& object, events::Event const& event,
                                 std::string_view language);
// "Anna Ivanova; anna@example.org; ru; 2", "Anna Ivanova <anna@example.org>", with semicolons, tabs or
// commas; a first line without an address is a heading. `number` of an error begins at 1, as people count
// lines.
std::vector<NewInvitation> read_lines(std::string_view text, std::string_view language,
                                      std::vector<FieldError>& errors);
// A local time, or the end of a day: "2027-05-20T16:00", "2027-05-20".
std::optional<events::Moment> read_deadline(std::string_view text, std::string const& zone,
                                            std::string_view field, std::vector<FieldError>& errors);

// Absent: left as it is.
struct InvitationEdit
{
    std::optional<std::string> label;
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> language;
    std::optional<std::int64_t> seats;
    std::optional<std::optional<events::Moment>> expires; // null: no end
};
Result<InvitationEdit> decode_invitation_edit(json::object const& object, events::Event const& event);

// What became of a mail that was asked for: sent, or why not.
enum class Mailing
{
    sent = 1,
    sent_before, // an invitation goes out once, then it is a reminder
    not_sent,    // nothing to remind of
    too_soon,    // a mail a day
    answered,
    no_address, // a shared code
    withdrawn,
    expired,
    not_found
};
BOOST_DESCRIBE_ENUM(Mailing, sent, sent_before, not_sent, too_soon, answered, no_address, withdrawn, expired,
                    not_found)
Mailing may_send(Invitation const& invitation, Instant now);
Mailing may_remind(Invitation const& invitation, Instant now);
std::string_view name_of(Mailing mailing);

}
