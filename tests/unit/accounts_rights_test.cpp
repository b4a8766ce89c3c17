#include "accounts/accounts.h"

#include <gtest/gtest.h>

namespace kutsu::accounts
{
namespace
{

Actor with(Grant grant)
{
    Actor actor;
    actor.grants = {std::move(grant)};
    return actor;
}

TEST(AccountsRights, EachRoleHasExactlyItsRights)
{
    struct Row
    {
        Role role;
        std::vector<Right> rights;
    };
    using enum Right;
    std::vector<Row> const table = {
        {Role::owner,
         {see_drafts, see_people, see_contacts, manage_registrations, edit_event, edit_agenda, translate,
          handle_press, handle_trips, check_in, manage_users}},
        {Role::organiser,
         {see_drafts, see_people, see_contacts, manage_registrations, edit_event, edit_agenda, translate,
          handle_press, handle_trips, check_in}},
        {Role::editor, {see_drafts, edit_event, edit_agenda, translate}},
        {Role::translator, {see_drafts, translate}},
        {Role::press_officer, {see_drafts, handle_press}},
        {Role::travel_officer, {see_drafts, see_people, see_contacts, handle_trips, read_vault}},
        {Role::door, {see_people, check_in}},
        {Role::viewer, {see_drafts, see_people}},
    };
    std::size_t roles = 0;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto) { ++roles; });
    EXPECT_EQ(table.size(), roles);
    for (auto const& [role, rights] : table) {
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<Right>>([&](auto right) {
            bool const expected = std::ranges::find(rights, right.value) != rights.end();
            EXPECT_EQ(role_has(role, right.value), expected) << name_of(role) << " " << right.name;
            EXPECT_EQ(may(with({role, Reach::site, "", {}}), right.value, {}), expected);
        });
    }
}

TEST(AccountsRights, AGrantReachesWhatItIsForAndNothingElse)
{
    auto const allowed = [](Grant const& grant, Scope const& scope) {
        return may(with(grant), Right::edit_agenda, scope);
    };
    Scope const event{"prj-1", "", "ev-1"};

    EXPECT_TRUE(allowed({Role::editor, Reach::site, "", {}}, event));
    EXPECT_TRUE(allowed({Role::editor, Reach::project, "prj-1", {}}, event));
    EXPECT_FALSE(allowed({Role::editor, Reach::project, "prj-2", {}}, event));
    EXPECT_TRUE(allowed({Role::editor, Reach::event, "ev-1", {}}, event));
    EXPECT_FALSE(allowed({Role::editor, Reach::event, "ev-2", {}}, event));
    EXPECT_TRUE(allowed({Role::editor, Reach::component, "cmp-a", {"ev-1", "ev-3"}}, event));
    EXPECT_FALSE(allowed({Role::editor, Reach::component, "cmp-a", {"ev-3"}}, event));
    EXPECT_TRUE(allowed({Role::editor, Reach::component, "cmp-a", {}}, {"prj-1", "cmp-a", ""}));
    // Something of a part is nothing of the whole.
    EXPECT_FALSE(allowed({Role::editor, Reach::project, "prj-1", {}}, {}));
    EXPECT_FALSE(allowed({Role::editor, Reach::event, "ev-1", {}}, {"prj-1", "", ""}));
    EXPECT_FALSE(allowed({Role::editor, Reach::event, "", {}}, {}));
    EXPECT_FALSE(may(Actor{}, Right::see_drafts, event));
}

TEST(AccountsRights, RolesInDifferentPlacesDoNotMix)
{
    Actor actor;
    actor.grants = {{Role::translator, Reach::site, "", {}}, {Role::organiser, Reach::event, "ev-1", {}}};

    EXPECT_TRUE(may(actor, Right::see_people, {"prj-1", "", "ev-1"}));
    EXPECT_FALSE(may(actor, Right::see_people, {"prj-1", "", "ev-2"}));
    EXPECT_TRUE(may_somewhere(actor, Right::see_people));
    EXPECT_FALSE(may_somewhere(actor, Right::manage_users));
    EXPECT_EQ(require(actor, Right::see_people, {}).error().name, ProblemName::not_allowed);
}

TEST(AccountsRights, RolesByName)
{
    EXPECT_EQ(role_named("press_officer"), Role::press_officer);
    EXPECT_EQ(role_named("root"), std::nullopt);
    EXPECT_EQ(name_of(Role::travel_officer), "travel_officer");
}

TEST(AccountsRights, PasswordsNeedLengthOnly)
{
    EXPECT_EQ(password_flaw("correct horse"), "");
    EXPECT_EQ(password_flaw("двенадцать!!"), "");
    EXPECT_EQ(password_flaw("eleven char"), "accounts.password_short");
    EXPECT_EQ(password_flaw(std::string(1001, 'x')), "accounts.password_unusable");
    EXPECT_EQ(password_flaw("not text \xff at all"), "accounts.password_unusable");
}

}
}
