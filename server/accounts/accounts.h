// Who works here and what they may do. A user holds grants: a role for the whole site, one project, one
// component or one event. What a role may do is one table (accounts.cpp); every command asks may() or
// require(). Pure.
#pragma once

#include "base/clock.h"
#include "base/problem.h"
#include "events/event.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::accounts
{

enum class Role
{
    owner = 1,
    organiser,
    editor,
    translator,
    press_officer,
    travel_officer,
    door,
    viewer
};
BOOST_DESCRIBE_ENUM(Role, owner, organiser, editor, translator, press_officer, travel_officer, door, viewer)

enum class Right
{
    see_drafts = 1, // events that the public does not see yet
    see_people,     // who is registered: names and status
    see_contacts,   // and the rest of it: addresses, answers, notes; files to take away
    manage_registrations,
    edit_event,
    edit_agenda,
    translate,
    handle_press,
    handle_trips,
    read_vault, // passport data
    check_in,
    manage_users
};
BOOST_DESCRIBE_ENUM(Right, see_drafts, see_people, see_contacts, manage_registrations, edit_event,
                    edit_agenda, translate, handle_press, handle_trips, read_vault, check_in, manage_users)

enum class Reach
{
    site = 1,
    project,
    component,
    event
};
BOOST_DESCRIBE_ENUM(Reach, site, project, component, event)

struct Grant
{
    Role role = Role::viewer;
    Reach reach = Reach::site;
    std::string id;                  // of the project or component, slug of the event; empty for the site
    std::vector<std::string> events; // of a component: slugs of the events that belong to it

    friend bool operator==(Grant const&, Grant const&) = default;
};

// What a right is asked for: the ids it lies in, as far as they apply. All empty: the site as a whole.
struct Scope
{
    std::string project;
    std::string component;
    std::string event; // slug
};
Scope scope_of(events::Event const& event);

struct User
{
    std::string id;
    std::string email;
    std::string name;
    bool has_password = false;
    bool is_disabled = false;
    Instant created_at;
    std::vector<Grant> grants;
};

// Somebody who is signed in.
struct Actor
{
    std::int64_t user_id = 0;
    std::string id;
    std::string email;
    std::string name;
    std::string csrf_token;
    std::vector<Grant> grants;
};

bool role_has(Role role, Right right);
bool may(Actor const& actor, Right right, Scope const& scope);
// Anywhere at all: for what to show in a menu.
bool may_somewhere(Actor const& actor, Right right);
// The same as a refusal.
Result<void> require(Actor const& actor, Right right, Scope const& scope);

std::optional<Role> role_named(std::string_view name);
std::string_view name_of(Role role);

// Twelve characters or more, no other rule; empty when it is fine, else the message to show.
std::string password_flaw(std::string_view password);

}
