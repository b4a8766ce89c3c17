#include "transfer/standing.h"

#include "transfer/json_path.h"

#include <algorithm>
#include <array>

namespace kutsu::transfer
{
namespace
{

constexpr std::array<std::string_view, 4> roles_as_status = {"SPEAKER", "STAFF", "INTERPRETER",
                                                             "FACILITATOR"};

bool is_role(std::string_view status)
{
    return std::ranges::find(roles_as_status, status) != roles_as_status.end();
}

}

std::string lower(std::string_view token)
{
    std::string word(token);
    std::ranges::transform(word, word.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return word;
}

std::string upper(std::string_view word)
{
    std::string token(word);
    std::ranges::transform(token, token.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return token;
}

Standing standing_of(json::object const& registration)
{
    Standing standing;
    auto const status = text_at(registration, "status");
    if (auto const role = text_at(registration, "role"); !role.empty())
        standing.role = lower(role);
    if (status == "WALK_IN")
        standing.source = "walk_in";
    else if (is_role(status))
        standing.role = lower(status);
    else if (!status.empty())
        standing.status = lower(status);
    return standing;
}

void write_standing(Standing const& standing, json::object& registration)
{
    auto const confirmed = standing.status == "confirmed";
    auto const has_role = standing.role != "attendee";
    if (confirmed && has_role)
        registration["status"] = upper(standing.role);
    else if (confirmed && standing.source == "walk_in")
        registration["status"] = "WALK_IN";
    else
        registration["status"] = upper(standing.status);
    if (!confirmed && has_role)
        registration["role"] = upper(standing.role);
}

bool takes_a_seat(Standing const& standing)
{
    return standing.role == "attendee";
}

bool is_active(Standing const& standing)
{
    return standing.status != "cancelled" && standing.status != "declined" && standing.status != "duplicate";
}

}
