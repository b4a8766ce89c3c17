#include "registration/receipt.h"

namespace kutsu::registration
{
namespace
{

std::optional<std::int64_t> integer(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::optional<std::string> text(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found && found->is_string() ? std::optional(std::string(found->get_string())) : std::nullopt;
}

}

Receipt receipt_of(json::object const& answer, std::string token, std::string event_slug)
{
    auto const& seats = answer.at("seats").as_object();
    Receipt receipt{std::move(token),
                    std::string(answer.at("status").as_string()),
                    integer(answer, "position"),
                    std::move(event_slug),
                    {integer(seats, "capacity"), integer(seats, "confirmed").value_or(0),
                     integer(seats, "waitlisted").value_or(0), integer(seats, "free")},
                    {}};
    for (auto const& session : answer.at("sessions").as_array())
        receipt.sessions.push_back(
            {std::string(session.at("id").as_string()), std::string(session.at("status").as_string())});
    return receipt;
}

Registration registration_of(json::object const& answer, std::string token, std::string event_slug)
{
    Registration registration;
    registration.receipt = receipt_of(answer, std::move(token), std::move(event_slug));
    registration.name = text(answer, "name").value_or("");
    registration.email = text(answer, "email").value_or("");
    registration.language = text(answer, "language").value_or("");
    registration.organisation = text(answer, "organisation");
    registration.name_other_script = text(answer, "name_other_script");
    registration.attendance = text(answer, "attendance");
    registration.participant_type = text(answer, "participant_type");
    if (auto const* answers = answer.if_contains("answers"); answers && answers->is_object())
        registration.answers = answers->get_object();
    for (auto const& companion : answer.at("companions").as_array()) {
        auto const& person = companion.as_object();
        registration.companions.push_back({text(person, "name").value_or(""), text(person, "email")});
    }
    if (auto const expires = integer(answer, "offer_expires_at_ms"))
        registration.offer_expires_at = from_ms(*expires);
    registration.version = integer(answer, "version").value_or(1);
    return registration;
}

}
