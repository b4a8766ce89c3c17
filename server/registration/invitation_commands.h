// What can be done with invitations. Organisers need manage_registrations; whoever holds a code may look and
// decline.
#pragma once

#include "registration/invitation.h"
#include "registration/people_commands.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

// `state` empty: all.
asio::awaitable<Result<std::vector<Invitation>>> invitations(Services& services, Desked const& desked,
                                                             std::string state);
// All or none. Problems: validation (an address that is invited already, by its row of `list`: "items",
// "lines").
asio::awaitable<Result<std::vector<Invitation>>> invite(Services& services, Desked const& desked,
                                                        Inviting inviting);

struct Mailed
{
    std::string id;
    Mailing mailing = Mailing::not_found;
};
// Reminders without ids go to everybody who has not answered.
asio::awaitable<Result<std::vector<Mailed>>> mail_invitations(Services& services, Desked const& desked,
                                                              std::vector<std::string> ids, bool reminders);

// Problems: not_found; conflict with the present state when it is no longer `version`, when more seats are
// used, or when the address is invited already.
asio::awaitable<Result<Invitation>> edit_invitation(Services& services, Desked const& desked, std::string id,
                                                    InvitationEdit edit, std::optional<std::int64_t> version);
// Repeating it changes nothing; who has registered with it stays.
asio::awaitable<Result<Invitation>> withdraw_invitation(Services& services, Desked const& desked,
                                                        std::string id);

// Whoever looks at a page with a code: what it stands for, if it lets anybody in. Notes that a personal one
// was looked at. Wrong codes count as guesses. Problems: not_allowed, too_many_requests.
asio::awaitable<Result<Invitation>> open_invitation(Services& services, events::EventPtr event,
                                                    std::string code, std::string peer);
// "I cannot come." Problems: those of open_invitation; conflict (nothing to decline).
asio::awaitable<Result<void>> decline_invitation(Services& services, events::EventPtr event, std::string code,
                                                 std::string peer);

}
