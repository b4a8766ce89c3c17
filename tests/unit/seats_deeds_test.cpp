// Deeds about seats: what organisers decide, batches, and that nobody learns who is registered
// (schema/0004_seats.sql).
#include "seats_fixture.h"

namespace kutsu::registration::test
{
namespace
{

using SeatsDeeds = SeatsTest;

// ── Decisions ──

TEST_F(SeatsDeeds, an_organiser_decides_but_never_over_the_capacity)
{
    set_capacity(1);
    set_form("admission = 'approval'");
    submit({{"a"}, {"b"}});
    EXPECT_EQ(standing("a"), "pending");

    EXPECT_EQ(done(decide("b", "confirmed")), "done");
    EXPECT_EQ(done(decide("b", "confirmed")), "unchanged");
    EXPECT_EQ(done(decide("a", "confirmed")), "full");
    EXPECT_EQ(done(decide("a", "confirmed", {{"force", true}})), "full");
    EXPECT_EQ(done(decide("a", "waitlisted")), "done");
    EXPECT_EQ(standing("a"), "waitlisted 1");
    EXPECT_EQ(done(decide("nobody", "confirmed")), "not_found");
    EXPECT_EQ(log(), "b decided pending>confirmed");
    EXPECT_EQ(sql("select string_agg(recipient || ' ' || kind, ', ' order by outbox_id) from outbox where "
                  "kind <> 'pending'"),
              "b@example.org approved, a@example.org waitlisted");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsDeeds, who_loses_a_seat_to_the_queue_goes_to_its_end)
{
    set_capacity(1);
    submit({{"a"}, {"b"}, {"c"}});

    EXPECT_EQ(done(decide("a", "waitlisted")), "done");

    EXPECT_EQ(standing("b"), "confirmed");
    EXPECT_EQ(standing("c"), "waitlisted 1");
    EXPECT_EQ(standing("a"), "waitlisted 2");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsDeeds, a_seat_is_not_taken_away_to_come_straight_back)
{
    submit({{"a"}});

    EXPECT_EQ(done(decide("a", "waitlisted")), "conflict");
    EXPECT_EQ(standing("a"), "confirmed");
}

TEST_F(SeatsDeeds, a_decision_says_its_reason_in_the_language_of_the_guest_or_nothing)
{
    submit({{"a"}, {"b"}});
    json::object const reason{{"en", {{"text", "No room"}, {"status", "approved"}}},
                              {"fi", {{"text", "Ei tilaa"}, {"status", "approved"}}}};

    act({decide("a", "declined", {{"reason", reason}}), decide("b", "cancelled", {{"notify", false}})});

    EXPECT_EQ(sql("select params ->> 'reason' from outbox where kind = 'declined'"), "Ei tilaa");
    EXPECT_EQ(sql("select count(*) from outbox where recipient = 'b@example.org'"), "1");
    EXPECT_EQ(standing("b"), "cancelled");
}

TEST_F(SeatsDeeds, a_decision_against_an_ended_registration_may_be_taken_back)
{
    submit({{"a"}});
    act({by("a", "cancel")});

    EXPECT_EQ(done(decide("a", "declined")), "ended");
    EXPECT_EQ(done(decide("a", "confirmed")), "done");
    act({by("a", "cancel")});
    submit({{"again", 0, "", "", {}, "a@example.org"}});
    EXPECT_EQ(done(decide("a", "confirmed")), "conflict"); // the address has another registration now
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsDeeds, a_registration_is_decided_about_only_in_its_own_event)
{
    submit({{"a"}});
    auto const other = make_event("other", 5);

    EXPECT_EQ(done(decide("a", "declined", {{"event_id", other}})), "not_found");
    EXPECT_EQ(standing("a"), "confirmed");
}

// ── Batches ──

TEST_F(SeatsDeeds, several_deeds_of_several_events_in_one_call_are_one_change_for_each)
{
    auto const first = event;
    submit({{"a"}, {"b"}});
    event = make_event("other", 5);
    submit({{"c"}});
    auto const before = sql("select count(*) from change");

    auto const answers =
        act({by("c", "cancel"), by("a", "cancel"), by("b", "cancel"), by("nobody", "cancel")});

    EXPECT_EQ(answers[0].at("event"), "other");
    EXPECT_EQ(answers[1].at("event"), "hall");
    EXPECT_EQ(answers[3].at("outcome"), "not_found");
    EXPECT_EQ(std::stoi(sql("select count(*) from change")), std::stoi(before) + 2);
    EXPECT_EQ(sql(fmt::format("select taken from event_counter where event_id = {}", first)), "0");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsDeeds, doing_it_again_changes_nothing)
{
    submit({{"a"}});
    act({by("a", "cancel")});
    auto const before =
        sql("select (select count(*) from outbox) || ' ' || (select max(event_version) from change)");

    EXPECT_EQ(done(by("a", "cancel")), "unchanged");

    EXPECT_EQ(sql("select (select count(*) from outbox) || ' ' || (select max(event_version) from change)"),
              before);
    EXPECT_EQ(submit({{"a"}}).front().at("outcome"), "seen");
}

// ── Nobody may learn who is registered ──

struct Step
{
    std::string kind;
    json::object more;
};

TEST_F(SeatsDeeds, every_deed_answers_whoever_registered_a_known_address_as_it_answers_others)
{
    add_session("s-one", "1");
    std::vector<std::vector<Step>> const stories = {
        {{"cancel", {}},
         {"cancel", {}},
         {"accept", {}},
         {"decline", {}},
         {"change", {{"changes", {{"name", "N"}}}}}},
        {{"accept", {}}, {"decline", {}}},
        {{"change", {{"changes", {{"name", "N"}, {"organisation", "O"}, {"sessions", {"s-one"}}}}}}},
        {{"change", {{"changes", {{"sessions", json::array()}, {"organisation", ""}}}}}, {"cancel", {}}},
    };
    submit({{"owner", 0, "", "", {}, "known@example.org"}});
    for (bool const full : {false, true}) {
        for (auto const& story : stories) {
            connection.exec("begin");
            if (full)
                act({deed("set_capacity", {{"capacity", 1}})});
            std::vector<std::string> told;
            for (std::string const name : {"real", "shadow"}) {
                connection.exec("savepoint before");
                auto const email = name == "real" ? "new@example.org" : "known@example.org";
                auto seen = std::string(submitted({name, 0, "", "", {"s-one"}, email}));
                for (auto const& step : story) {
                    auto answer = act({by(name, step.kind, step.more)}).front();
                    auto& registration = answer.at("answer").as_object();
                    registration.erase("email");
                    registration.erase("seats"); // public numbers do not move: documented
                    seen += json::serialize(answer);
                }
                told.push_back(std::move(seen));
                connection.exec("rollback to before");
            }
            connection.exec("rollback");
            auto plain = told[1];
            for (auto found = plain.find("\"shadow\""); found != std::string::npos;
                 found = plain.find("\"shadow\""))
                plain.replace(found, 8, "\"real\"");
            EXPECT_EQ(told[0], plain);
        }
    }
}

}
}
