// What the owner of a registration's link may ask for besides changing it: to hand the place on, to get or to
// erase what is held, to get a lost link. Values and pure rules; own_commands.h acts.
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/catalogue.h"
#include "registration/registration.h"

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::registration
{

// To whom a place is handed on; what is absent stays as it was.
struct Transfer
{
    std::string name;
    std::string email;
    std::optional<std::string> language;
    std::optional<std::string> organisation;
};
// The members name, email, language, organisation; on the socket also token.
Result<Transfer> decode_transfer(json::object const& object);

struct LostLink
{
    std::string email;
    std::string event; // slug; empty: all
};
Result<LostLink> decode_lost_link(json::object const& object);

// Only an active registration of an event that is still ahead can be handed on. Problems: conflict, closed.
Result<void> may_transfer(Registration const& registration, events::EventPtr const& event, Instant now);

// A reason for cancelling, as it is kept: one line of at most 500 characters; nothing when there is none.
Result<std::optional<std::string>> tidy_reason(std::string_view reason);

// What is held about a registration (schema: registration_export) as it is handed out: instants in RFC 3339,
// and everything that happened in one list by time.
json::object export_of(json::object held, Instant now);

}
