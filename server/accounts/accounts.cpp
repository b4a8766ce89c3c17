#include "accounts/accounts.h"

#include "base/unicode.h"

#include <algorithm>
#include <initializer_list>

namespace kutsu::accounts
{
namespace
{

using enum Right;
using Rights = std::initializer_list<Right>;
constexpr Rights of_owner = {see_drafts,   see_people,  see_contacts, manage_registrations,
                             edit_event,   edit_agenda, translate,    handle_press,
                             handle_trips, check_in,    manage_users};
constexpr Rights of_organiser = {see_drafts,  see_people, see_contacts, manage_registrations, edit_event,
                                 edit_agenda, translate,  handle_press, handle_trips,         check_in};
constexpr Rights of_editor = {see_drafts, edit_event, edit_agenda, translate};
constexpr Rights of_translator = {see_drafts, translate};
constexpr Rights of_press_officer = {see_drafts, handle_press};
// Passport data is for travel officers alone, also hidden from owners.
constexpr Rights of_travel_officer = {see_drafts, see_people, see_contacts, handle_trips, read_vault};
constexpr Rights of_door = {see_people, check_in};
constexpr Rights of_viewer = {see_drafts, see_people};

Rights rights_of(Role role)
{
    switch (role) {
    case Role::owner:
        return of_owner;
    case Role::organiser:
        return of_organiser;
    case Role::editor:
        return of_editor;
    case Role::translator:
        return of_translator;
    case Role::press_officer:
        return of_press_officer;
    case Role::travel_officer:
        return of_travel_officer;
    case Role::door:
        return of_door;
    case Role::viewer:
        return of_viewer;
    }
    return {};
}

bool covers(Grant const& grant, Scope const& scope)
{
    switch (grant.reach) {
    case Reach::site:
        return true;
    case Reach::project:
        return !grant.id.empty() && scope.project == grant.id;
    case Reach::component:
        return (!grant.id.empty() && scope.component == grant.id) ||
               (!scope.event.empty() && std::ranges::find(grant.events, scope.event) != grant.events.end());
    case Reach::event:
        return !grant.id.empty() && scope.event == grant.id;
    }
    return false;
}

}

Scope scope_of(events::Event const& event)
{
    return {event.project ? event.project->id : std::string(), {}, event.slug};
}

bool role_has(Role role, Right right)
{
    auto const rights = rights_of(role);
    return std::ranges::find(rights, right) != rights.end();
}

bool may(Actor const& actor, Right right, Scope const& scope)
{
    return std::ranges::any_of(actor.grants, [&](Grant const& grant) {
        return role_has(grant.role, right) && covers(grant, scope);
    });
}

bool may_somewhere(Actor const& actor, Right right)
{
    return std::ranges::any_of(actor.grants, [&](Grant const& grant) { return role_has(grant.role, right); });
}

Result<void> require(Actor const& actor, Right right, Scope const& scope)
{
    if (may(actor, right, scope))
        return {};
    return refuse(ProblemName::not_allowed);
}

std::optional<Role> role_named(std::string_view name)
{
    Role role{};
    if (!boost::describe::enum_from_string(std::string(name).c_str(), role))
        return std::nullopt;
    return role;
}

std::string_view name_of(Role role)
{
    return boost::describe::enum_to_string(role, "");
}

std::string password_flaw(std::string_view password)
{
    if (!is_clean_utf8(password) || password.size() > 1000)
        return "accounts.password_unusable";
    return count_characters(password) < 12 ? "accounts.password_short" : "";
}

}
