// Messages between calendars of people (RFC 5546, RFC 6047): an invitation to one person, and its withdrawal.
// Unlike feeds these name who invites and who is invited, and say when they were sent.
#pragma once

#include "calendars/calendar.h"

#include <string>
#include <string_view>

namespace kutsu::calendars
{

enum class Method
{
    request = 1,
    cancel
};
std::string_view method_name(Method method); // "REQUEST"

struct Party
{
    Line name;
    Uri address; // "mailto:…"
};

struct Invitation
{
    Method method = Method::request;
    Event event; // its sequence is higher than that of the message before
    Party organizer;
    Party attendee;
    bool asks_for_reply = false; // somebody reads what comes back to the organizer
    Utc sent;
};

std::string write_invitation(Invitation const& invitation);

}
