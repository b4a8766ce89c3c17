#include "events/seats_patch.h"

#include <boost/json/object.hpp>

#include <algorithm>

namespace kutsu::events
{
namespace
{

namespace json = boost::json;

std::optional<std::int64_t> integer(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::string_view text(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

json::object const* member(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found ? found->if_object() : nullptr;
}

json::array const* list(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found ? found->if_array() : nullptr;
}

// The last of several says how things stand; all must be about seats.
json::object const* seats_of(json::value const& payload)
{
    auto const* changes = payload.is_object() ? list(payload.get_object(), "changes") : nullptr;
    json::object const* last = nullptr;
    if (!changes)
        return nullptr;
    for (auto const& each : *changes) {
        last = each.if_object();
        if (!last || text(*last, "kind") != "seats" || !member(*last, "seats") || !list(*last, "sessions"))
            return nullptr;
    }
    return last;
}

void set_sessions(Event& event, json::array const& sessions)
{
    for (auto const& each : sessions) {
        auto const* named = each.if_object();
        if (!named)
            continue;
        auto const session = std::ranges::find(event.sessions, text(*named, "id"), &Session::id);
        if (session == event.sessions.end())
            continue;
        if (session->sign_up)
            session->capacity = integer(*named, "capacity");
        session->free = integer(*named, "free");
    }
}

}

std::shared_ptr<Event const> with_seats(Event const& event, std::vector<LoggedChange> const& changes)
{
    if (changes.empty() || (event.form && !event.form->pools.empty()))
        return nullptr;
    json::object const* last = nullptr;
    auto version = event.version;
    for (auto const& change : changes) {
        last = seats_of(*change.payload);
        if (!last || change.event_version != ++version)
            return nullptr;
    }
    auto next = std::make_shared<Event>(event);
    auto const& seats = *member(*last, "seats");
    next->seats = {integer(seats, "capacity"), integer(seats, "confirmed").value_or(0),
                   integer(seats, "waitlisted").value_or(0), integer(seats, "free")};
    set_sessions(*next, *list(*last, "sessions"));
    next->version = version;
    return next;
}

}
