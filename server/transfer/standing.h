// How the files write a registration's standing, which mixes status, role and door in one word, and how we
// store it. Pure.
#pragma once

#include "base/json.h"

#include <string>

namespace kutsu::transfer
{

struct Standing
{
    std::string status = "confirmed";
    std::string role = "attendee";
    std::string source = "import";

    friend bool operator==(Standing const&, Standing const&) = default;
};

Standing standing_of(json::object const& registration);
// Sets "status" and, where that word does not say it, "role".
void write_standing(Standing const& standing, json::object& registration);

// Speakers, staff, interpreters and facilitators sit on the other side: they take no seat.
bool takes_a_seat(Standing const& standing);
bool is_active(Standing const& standing); // neither cancelled, declined nor a duplicate

// Upper and lower spellings of tokens: "PRESS_CONFERENCE", "press_conference".
std::string lower(std::string_view token);
std::string upper(std::string_view word);

}
