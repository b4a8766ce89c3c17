#include "accounts/accounts_commands.h"
#include "accounts/sign_in_door.h"
#include "db/database.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::accounts
{
namespace
{

using std::chrono::minutes;

Instant const now = from_ms(1809324000000);

class AccountsCommands : public testing::Test
{
protected:
    Result<User> add(std::string email, Grant grant = {Role::organiser, Reach::site, "", {}},
                     std::optional<std::string> password = {})
    {
        auto const prepared = prepare_user(
            {std::move(email), "Anna Ivanova", std::move(grant), std::move(password)}, random_, now);
        if (!prepared)
            return std::unexpected(prepared.error());
        return db_.write_now(add_user, *prepared);
    }

    std::string link(std::string const& email, Instant at = now)
    {
        auto const token = random_token(random_);
        EXPECT_TRUE(db_.write_now(make_sign_in_link, LinkRequest{email, token, at}));
        return token;
    }

    Result<SignedIn> use(std::string const& token, Instant at)
    {
        return db_.write_now(sign_in_with_link, LinkSignIn{token, new_session(random_, at)});
    }

    std::optional<Actor> actor(std::string const& session_token, Instant at)
    {
        return db_.read_now(store::find_actor, session_token, at);
    }

    test::TestDatabase database_ = test::database();
    db::Database db_{database_.conninfo(), 2};
    db::Connection outside_ = database_.connect();
    SystemRandom random_;
};

TEST_F(AccountsCommands, AUserIsAddedOnce)
{
    auto const added = add(" Anna@Example.org ");

    ASSERT_TRUE(added);
    EXPECT_EQ(added->email, "Anna@Example.org");
    EXPECT_EQ(added->grants, (std::vector<Grant>{{Role::organiser, Reach::site, "", {}}}));
    EXPECT_FALSE(added->has_password);
    EXPECT_EQ(add("anna@example.org").error().name, ProblemName::conflict);
    EXPECT_EQ(db_.read_now(list_users).size(), 1U);
}

TEST_F(AccountsCommands, EveryWrongFieldIsNamed)
{
    auto const refused = prepare_user({"nobody", " ", {}, "short"}, random_, now);

    std::vector<std::string> fields;
    for (auto const& error : refused.error().errors)
        fields.push_back(error.field);
    EXPECT_EQ(fields, (std::vector<std::string>{"email", "name", "password"}));
}

TEST_F(AccountsCommands, GrantsForParts)
{
    auto const event_id = std::to_string(test::insert_event(outside_, "ev-1"));
    test::insert_event(outside_, "ev-2");
    outside_.exec("insert into component (public_id, project_id, ordinal, kind, name)"
                  " select 'cmp-a', project_id, 1, 'x', '{}' from project");
    outside_.exec_params("insert into event_component select $1::bigint, component_id, 1 from component",
                         {event_id});

    EXPECT_EQ(add("a@example.org", {Role::editor, Reach::project, "project-test", {}})->grants,
              (std::vector<Grant>{{Role::editor, Reach::project, "project-test", {}}}));
    EXPECT_EQ(add("b@example.org", {Role::editor, Reach::component, "cmp-a", {}})->grants,
              (std::vector<Grant>{{Role::editor, Reach::component, "cmp-a", {"ev-1"}}}));
    EXPECT_EQ(add("c@example.org", {Role::door, Reach::event, "ev-2", {}})->grants,
              (std::vector<Grant>{{Role::door, Reach::event, "ev-2", {}}}));
    // No such thing: no grant, no user, and certainly none for the whole site.
    EXPECT_EQ(add("d@example.org", {Role::owner, Reach::event, "ev-3", {}}).error().name,
              ProblemName::not_found);
    EXPECT_EQ(db_.read_now(list_users).size(), 3U);
}

TEST_F(AccountsCommands, ALinkSignsInOnce)
{
    add("anna@example.org");
    auto const token = link("ANNA@example.org");

    auto const first = use(token, now + minutes(29));
    auto const second = use(token, now + minutes(29));

    ASSERT_TRUE(first);
    EXPECT_EQ(first->actor.email, "anna@example.org");
    EXPECT_EQ(second.error().name, ProblemName::gone);
    auto const seen = actor(first->session_token, now + minutes(30));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->csrf_token, first->actor.csrf_token);
    EXPECT_TRUE(may(*seen, Right::see_people, {}));
}

TEST_F(AccountsCommands, TwoWhoUseALinkAtOnce)
{
    add("anna@example.org");
    auto const token = link("anna@example.org");
    std::atomic<int> inside = 0;
    {
        std::vector<std::jthread> browsers;
        for (int i = 0; i < 4; ++i)
            browsers.emplace_back([&] { inside += use(token, now).has_value() ? 1 : 0; });
    }

    EXPECT_EQ(inside, 1);
}

TEST_F(AccountsCommands, ALinkExpires)
{
    add("anna@example.org");

    EXPECT_EQ(use(link("anna@example.org"), now + link_life).error().name, ProblemName::gone);
    EXPECT_EQ(use("never-issued", now).error().name, ProblemName::gone);
}

TEST_F(AccountsCommands, SecretsAreStoredAsHashesOnly)
{
    add("anna@example.org", {Role::owner, Reach::site, "", {}}, "correct horse battery");
    auto const token = link("anna@example.org");
    auto const session = use(token, now)->session_token;

    auto const dump = outside_.exec("select (select string_agg(l::text, '') from sign_in_link l) ||"
                                    " (select string_agg(s::text, '') from user_session s) ||"
                                    " (select string_agg(u::text, '') from app_user u)");

    EXPECT_EQ(dump.text(0, 0).find(token), std::string_view::npos);
    EXPECT_EQ(dump.text(0, 0).find(session), std::string_view::npos);
    EXPECT_EQ(dump.text(0, 0).find("correct horse"), std::string_view::npos);
    EXPECT_NE(dump.text(0, 0).find("$argon2id$"), std::string_view::npos);
}

TEST_F(AccountsCommands, ADisabledUserIsOutAtOnce)
{
    add("anna@example.org");
    auto const session = use(link("anna@example.org"), now)->session_token;
    auto const unused = link("anna@example.org");

    ASSERT_TRUE(db_.write_now(disable_user, Disabling{"anna@example.org", now}));

    EXPECT_FALSE(actor(session, now));
    EXPECT_FALSE(use(unused, now));
    EXPECT_EQ(db_.write_now(make_sign_in_link, LinkRequest{"anna@example.org", "t", now}).error().name,
              ProblemName::not_allowed);
    EXPECT_FALSE(
        db_.write_now(sign_in_verified, VerifiedSignIn{"anna@example.org", "", new_session(random_, now)}));
    EXPECT_TRUE(db_.read_now(list_users).at(0).is_disabled);
}

TEST_F(AccountsCommands, SessionsEnd)
{
    add("anna@example.org");
    auto const first = use(link("anna@example.org"), now)->session_token;
    auto const second = use(link("anna@example.org"), now)->session_token;

    db_.write_now(sign_out, first);

    EXPECT_FALSE(actor(first, now));
    EXPECT_TRUE(actor(second, now + session_life - minutes(1)));
    EXPECT_FALSE(actor(second, now + session_life));
}

TEST_F(AccountsCommands, ALinkByMailTellsNobodyWhoHasAnAccount)
{
    add("anna@example.org");

    auto const known =
        db_.write_now(mail_sign_in_link, LinkRequest{"anna@example.org", "token-1", now, "ru"});
    auto const unknown =
        db_.write_now(mail_sign_in_link, LinkRequest{"boris@example.org", "token-2", now, "ru"});

    EXPECT_TRUE(known && unknown);
    auto const mails = outside_.exec("select recipient, kind, language, params ->> 'token' from outbox");
    ASSERT_EQ(mails.rows(), 1);
    EXPECT_EQ(mails.text(0, 0), "anna@example.org");
    EXPECT_EQ(mails.text(0, 2), "ru");
    EXPECT_EQ(mails.text(0, 3), "token-1");
    EXPECT_TRUE(use("token-1", now));
}

TEST(SignInDoor, GuessingLocksOutTheGuesserOnly)
{
    SignInDoor door;
    int tries = 0;
    while (door.knock("anna@example.org", "192.0.2.1", now) && tries < 100)
        ++tries;

    EXPECT_EQ(tries, 10);
    EXPECT_EQ(door.knock("Anna@example.org", "192.0.2.1", now).error().name, ProblemName::too_many_requests);
    EXPECT_TRUE(door.knock("anna@example.org", "192.0.2.2", now));
    EXPECT_TRUE(door.knock("boris@example.org", "192.0.2.1", now));
    EXPECT_TRUE(door.knock("anna@example.org", "192.0.2.1", now + std::chrono::seconds(31)));
}

TEST(SignInDoor, OneAddressCannotTryManyAccounts)
{
    SignInDoor door;
    int tries = 0;
    while (door.knock("user" + std::to_string(tries) + "@example.org", "192.0.2.1", now) && tries < 100)
        ++tries;

    EXPECT_EQ(tries, 30);
}

TEST(SignInDoor, OnlyTheRightPasswordOpens)
{
    SignInDoor door;
    auto const hash = hash_password("correct horse battery");

    EXPECT_EQ(test::run(door.verify(hash, "correct horse battery")), true);
    EXPECT_EQ(test::run(door.verify(hash, "correct horse")), false);
    EXPECT_EQ(test::run(door.verify("", "a password nobody has")), false);
    EXPECT_EQ(test::run(door.verify("no hash", "x")), false);
}

}
}
