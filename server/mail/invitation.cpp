#include "mail/invitation.h"

#include "base/unicode.h"
#include "feeds/feed_model.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace kutsu::mail
{
namespace
{

using calendars::Method;

struct CalendarKind
{
    std::string_view name;
    Method method;
};
constexpr std::array<CalendarKind, 10> all_kinds = {{
    {"confirmed", Method::request},
    {"promoted", Method::request},
    {"approved", Method::request},
    {"transferred_to", Method::request},
    {"event_changed", Method::request},
    {"cancelled", Method::cancel},
    {"cancelled_by_organiser", Method::cancel},
    {"declined", Method::cancel},
    {"event_cancelled", Method::cancel},
    {"transferred_from", Method::cancel},
}};

std::optional<calendars::Party> party(std::string_view name, std::string_view address)
{
    auto uri = calendars::Uri::from("mailto:" + std::string(address));
    if (!uri)
        return std::nullopt;
    return calendars::Party{calendars::Line::from(name).value_or(calendars::Line()), std::move(*uri)};
}

std::string name_in(OutboxRow const& row)
{
    auto const* name = row.params.if_contains("name");
    return name && name->is_string() ? tidy_line(name->get_string()) : std::string();
}

}

std::optional<Method> brings_calendar(std::string_view kind)
{
    auto const* found = std::ranges::find(all_kinds, kind, &CalendarKind::name);
    return found == all_kinds.end() ? std::nullopt : std::optional(found->method);
}

std::optional<CalendarPart> calendar_part(OutboxRow const& row, events::Event const& event, Site const& site,
                                          std::string_view language)
{
    auto const method = brings_calendar(row.kind);
    if (!method || (*method == Method::cancel && row.calendar_mails_before == 0))
        return std::nullopt;
    auto entry = feeds::entry_of(site, language, event);
    auto organizer = party(event.project ? event.project->acronym : "Kutsu", site.mail_from);
    auto attendee = party(name_in(row), row.recipient);
    if (!entry || !organizer || !attendee)
        return std::nullopt;
    entry->sequence += static_cast<std::uint32_t>(row.calendar_mails_before);
    entry->transparent = false;
    if (*method == Method::cancel)
        entry->status = calendars::Status::cancelled;
    calendars::Invitation const invitation{*method,
                                           std::move(*entry),
                                           std::move(*organizer),
                                           std::move(*attendee),
                                           false,
                                           date::floor<std::chrono::seconds>(row.created_at)};
    return CalendarPart{std::string(calendars::method_name(*method)),
                        calendars::write_invitation(invitation)};
}

}
