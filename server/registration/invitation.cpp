#include "registration/invitation.h"

#include "base/code.h"
#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "html/url.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

constexpr std::chrono::hours a_day{24};

json::value instant_json(std::optional<Instant> const& at)
{
    return at ? json::value(format_utc(*at)) : json::value();
}

}

std::string invitation_code(Key const& key, std::string_view id)
{
    return typed_code(key, std::string("invitation ").append(id));
}

std::string invitation_path(std::string_view language, std::string_view slug, std::string_view code)
{
    return html::Url::local({language, "events", slug}).with("invitation", code).text();
}

bool holds(Invitation const& invitation, Instant now)
{
    return invitation.state != "withdrawn" && invitation.used < invitation.seats &&
           (!invitation.expires_at || *invitation.expires_at > now);
}

json::object to_json(Invitation const& invitation, events::Event const& event, Key const& key,
                     std::string_view base_url)
{
    auto const code = invitation_code(key, invitation.id);
    auto const language = invitation.language.empty() ? std::string("fi") : invitation.language;
    json::object object{{"id", invitation.id},
                        {"personal", invitation.is_personal},
                        {"code", code},
                        {"link", std::string(base_url) + invitation_path(language, event.slug, code)},
                        {"seats", invitation.seats},
                        {"used", invitation.used},
                        {"state", invitation.state},
                        {"expires_at", instant_json(invitation.expires_at)},
                        {"created_at", format_utc(invitation.created_at)},
                        {"sent_at", instant_json(invitation.sent_at)},
                        {"reminded_at", instant_json(invitation.reminded_at)},
                        {"opened_at", instant_json(invitation.opened_at)},
                        {"answered_at", instant_json(invitation.answered_at)},
                        {"version", invitation.version}};
    if (!invitation.is_personal) {
        object["label"] = invitation.label;
        return object;
    }
    object["name"] = invitation.name;
    object["email"] = invitation.email;
    object["language"] = invitation.language;
    return object;
}

std::optional<events::Moment> read_deadline(std::string_view text, std::string const& zone,
                                            std::string_view field, std::vector<FieldError>& errors)
{
    auto local = parse_local(text);
    if (auto const day = parse_day(text); !local && day)
        local = LocalTime(date::local_days(*day)) + std::chrono::hours(23) + std::chrono::minutes(59);
    auto const derived = local ? to_instant(*local, zone) : std::unexpected(LocalTimeError::does_not_exist);
    if (!local || !derived) {
        errors.push_back({std::string(field), local ? "field.time_does_not_exist" : "field.local_time", {}});
        return std::nullopt;
    }
    return events::Moment{*local, zone, derived->at};
}

Mailing may_send(Invitation const& invitation, Instant now)
{
    if (!invitation.is_personal)
        return Mailing::no_address;
    if (invitation.state == "withdrawn")
        return Mailing::withdrawn;
    if (invitation.state == "registered" || invitation.state == "declined")
        return Mailing::answered;
    if (invitation.expires_at && *invitation.expires_at <= now)
        return Mailing::expired;
    return invitation.sent_at ? Mailing::sent_before : Mailing::sent;
}

Mailing may_remind(Invitation const& invitation, Instant now)
{
    auto const mailing = may_send(invitation, now);
    if (mailing == Mailing::sent)
        return Mailing::not_sent;
    if (mailing != Mailing::sent_before)
        return mailing;
    auto const last = std::max(*invitation.sent_at, invitation.reminded_at.value_or(*invitation.sent_at));
    return now - last < a_day ? Mailing::too_soon : Mailing::sent;
}

std::string_view name_of(Mailing mailing)
{
    return boost::describe::enum_to_string(mailing, "");
}

}
