// Who gets a seat, who waits, who is next: the rules of schema/0004_seats.sql one by one.
#include "seats_fixture.h"

namespace kutsu::registration::test
{
namespace
{

constexpr char two_types[] = R"([{"key": "student", "by": "participant_type", "label": {}, "capacity": 1},
                                 {"key": "guest", "by": "participant_type", "label": {}, "capacity": 9}])";
constexpr char hybrid[] = R"([{"key": "on_site", "by": "attendance", "label": {}, "capacity": 2},
                              {"key": "remote", "by": "attendance", "label": {}, "capacity": null}])";

using SeatsRules = SeatsTest;

// ── Pools ──

TEST_F(SeatsRules, a_full_pool_makes_its_own_guests_wait_and_nobody_else)
{
    ASSERT_TRUE(set_pools(two_types));

    EXPECT_EQ(submitted({"a", 0, "student"}), "confirmed");
    EXPECT_EQ(submitted({"b", 0, "student"}), "waitlisted 1");
    EXPECT_EQ(submitted({"c", 0, "guest"}), "confirmed");
    EXPECT_EQ(submitted({"d", 0, "student"}), "waitlisted 2");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, the_place_shown_is_the_one_among_those_who_wait_for_the_same_pool)
{
    set_capacity(2);
    ASSERT_TRUE(set_pools(two_types));
    submit({{"a", 0, "student"}, {"b", 0, "guest"}});

    EXPECT_EQ(submitted({"c", 0, "student"}), "waitlisted 1");
    EXPECT_EQ(submitted({"d", 0, "guest"}), "waitlisted 1");
    EXPECT_EQ(submitted({"e", 0, "student"}), "waitlisted 2");
    EXPECT_EQ(sql("select string_agg(position::text, ',' order by arrival) from qa_registration where status "
                  "= 'waitlisted'"),
              "1,1,2");
}

TEST_F(SeatsRules, a_seat_that_becomes_free_goes_to_the_first_who_can_use_it)
{
    set_capacity(2);
    ASSERT_TRUE(set_pools(two_types));
    submit({{"a", 0, "student"}, {"b", 0, "guest"}, {"c", 0, "student"}, {"d", 0, "guest"}});

    EXPECT_EQ(done(by("b", "cancel")), "done");

    EXPECT_EQ(standing("c"), "waitlisted 1"); // students are full
    EXPECT_EQ(standing("d"), "confirmed");
    EXPECT_EQ(log(), "d cancelled waitlisted>confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, whoever_does_not_say_how_they_take_part_comes_to_the_place)
{
    ASSERT_TRUE(set_pools(hybrid));

    EXPECT_EQ(submitted({"a", 1, "", "on_site"}), "confirmed");
    EXPECT_EQ(submitted({"b"}), "waitlisted 1");
    EXPECT_EQ(submitted({"c", 5, "", "remote"}), "confirmed");
    EXPECT_EQ(sql("select capacity - taken from event_counter"), "2");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, pools_are_limits_inside_the_capacity_of_the_event)
{
    set_capacity(3);
    ASSERT_TRUE(set_pools(hybrid));
    submit({{"a", 0, "", "on_site"}, {"b", 1, "", "remote"}});

    EXPECT_EQ(submitted({"c", 0, "", "remote"}), "waitlisted 1");
}

TEST_F(SeatsRules, one_moves_to_a_pool_that_has_a_seat_and_makes_room_in_the_old_one)
{
    ASSERT_TRUE(set_pools(hybrid));
    submit({{"a", 1, "", "on_site"}, {"b", 0, "", "on_site"}, {"c", 0, "", "remote"}});

    EXPECT_EQ(done(by("c", "change", {{"changes", {{"attendance", "on_site"}}}})), "full");
    EXPECT_EQ(sql("select attendance from registration where name = 'c'"), "remote");
    EXPECT_EQ(done(by("a", "change", {{"changes", {{"attendance", "remote"}}}})), "done");
    EXPECT_EQ(standing("b"), "confirmed");
    EXPECT_EQ(log(), "b changed waitlisted>confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, pools_that_would_hold_too_many_or_lose_somebodys_type_are_refused)
{
    ASSERT_TRUE(set_pools(two_types));
    submit({{"a", 0, "student"}, {"b", 4, "guest"}});

    EXPECT_FALSE(set_pools(R"([{"key": "student", "by": "participant_type", "label": {}, "capacity": 1},
                               {"key": "guest", "by": "participant_type", "label": {}, "capacity": 4}])"));
    EXPECT_FALSE(set_pools(R"([{"key": "guest", "by": "participant_type", "label": {}, "capacity": 9}])"));
    EXPECT_EQ(sql("select string_agg(key || ' ' || capacity, ',' order by ordinal) from seat_pool"),
              "student 1,guest 9");
    EXPECT_TRUE(set_pools(R"([{"key": "guest", "by": "participant_type", "label": {}, "capacity": 5},
                              {"key": "student", "by": "participant_type", "label": {}, "capacity": null}])"));
    EXPECT_EQ(flaws(), "");
}

// ── Groups ──

TEST_F(SeatsRules, a_party_is_seated_together_or_waits_together_and_holds_what_is_free)
{
    set_capacity(3);

    EXPECT_EQ(submitted({"a", 1}), "confirmed");
    EXPECT_EQ(submitted({"b", 1}), "waitlisted 1");
    EXPECT_EQ(submitted({"c"}), "waitlisted 2"); // one seat is free and is held
    EXPECT_EQ(done(by("a", "cancel")), "done");
    EXPECT_EQ(standing("b"), "confirmed");
    EXPECT_EQ(standing("c"), "confirmed");
    EXPECT_EQ(log(), "b cancelled waitlisted>confirmed, c cancelled waitlisted>confirmed");
}

TEST_F(SeatsRules, where_the_event_says_skip_smaller_parties_pass_and_the_larger_keeps_its_place)
{
    set_capacity(3);
    set_form("group_policy = 'skip'");

    submit({{"a", 1}, {"b", 1}});
    EXPECT_EQ(submitted({"c"}), "confirmed");
    EXPECT_EQ(submitted({"d"}), "waitlisted 2");
    EXPECT_EQ(done(by("c", "cancel")), "done");
    EXPECT_EQ(standing("d"), "confirmed");
    EXPECT_EQ(standing("b"), "waitlisted 1");
    EXPECT_EQ(done(by("a", "cancel")), "done");
    EXPECT_EQ(standing("b"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, a_party_holds_only_where_seats_are_left_but_not_enough)
{
    ASSERT_TRUE(set_pools(R"([{"key": "student", "by": "participant_type", "label": {}, "capacity": 3},
                              {"key": "guest", "by": "participant_type", "label": {}, "capacity": 9}])"));
    submit({{"a", 1, "student"}, {"b", 1, "student"}}); // one student's seat is left, b needs two

    EXPECT_EQ(submitted({"c", 0, "student"}), "waitlisted 2");
    EXPECT_EQ(submitted({"d", 0, "guest"}), "confirmed");
}

TEST_F(SeatsRules, a_party_that_could_not_sit_anyway_holds_nothing)
{
    ASSERT_TRUE(set_pools(R"([{"key": "student", "by": "participant_type", "label": {}, "capacity": 1},
                              {"key": "guest", "by": "participant_type", "label": {}, "capacity": 9},
                              {"key": "remote", "by": "attendance", "label": {}, "capacity": 2}])"));
    submit({{"a", 0, "student", "remote"}});
    EXPECT_EQ(submitted({"b", 1, "student", "remote"}),
              "waitlisted 1"); // no student's seat at all, one remote seat

    EXPECT_EQ(submitted({"c", 0, "guest", "remote"}), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, another_policy_serves_those_who_may_pass_now)
{
    set_capacity(3);
    submit({{"a", 1}, {"b", 1}, {"c"}});
    EXPECT_EQ(done(deed("serve_queues")), "unchanged");
    set_form("group_policy = 'skip'");

    EXPECT_EQ(done(deed("serve_queues")), "done");

    EXPECT_EQ(standing("c"), "confirmed");
    EXPECT_EQ(log(), "c settled waitlisted>confirmed");
}

TEST_F(SeatsRules, a_newcomer_overtakes_nobody_whom_an_import_left_waiting_beside_free_seats)
{
    set_capacity(1);
    submit({{"a"}, {"b"}});
    set_capacity(2); // behind the desk's back

    EXPECT_EQ(submitted({"c"}), "waitlisted 1");
    EXPECT_EQ(standing("b"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

// ── Capacity ──

TEST_F(SeatsRules, a_raised_capacity_serves_the_queue_before_anybody_else)
{
    set_capacity(1);
    submit({{"a"}, {"b"}, {"c"}, {"d"}});

    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 3}})), "done");
    EXPECT_EQ(standing("c"), "confirmed");
    EXPECT_EQ(standing("d"), "waitlisted 1");
    EXPECT_EQ(done(deed("set_capacity", {{"capacity", nullptr}})), "done");
    EXPECT_EQ(standing("d"), "confirmed");
    EXPECT_EQ(sql("select string_agg(why, ',') from promotion"), "capacity,capacity,capacity");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, a_capacity_below_what_is_taken_is_refused_with_the_truth)
{
    submit({{"a", 3}});

    auto const refused = act({deed("set_capacity", {{"capacity", 3}})}).front();

    EXPECT_EQ(refused.at("outcome"), "conflict");
    EXPECT_EQ(refused.at("answer").at("seats").at("taken"), 4);
    EXPECT_EQ(sql("select capacity from event_counter"), "10");
    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 4}})), "done");
    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 4}})), "unchanged");
}

TEST_F(SeatsRules, a_capacity_made_on_an_older_version_is_refused)
{
    submit({{"a"}});

    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 20}, {"if_version", 1}})), "conflict");
    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 20}, {"if_version", 2}})), "done");
}

TEST_F(SeatsRules, sessions_and_pools_have_capacities_of_their_own)
{
    ASSERT_TRUE(set_pools(two_types));
    add_session("s-one", "1");
    submit({{"a", 0, "student", "", {"s-one"}}, {"b", 0, "guest", "", {"s-one"}}, {"c", 0, "student"}});

    EXPECT_EQ(done(deed("set_capacity", {{"session", "s-one"}, {"capacity", 2}})), "done");
    EXPECT_EQ(done(deed("set_capacity", {{"pool", "student"}, {"capacity", 2}})), "done");
    EXPECT_EQ(done(deed("set_capacity", {{"pool", "student"}, {"capacity", 1}})), "conflict");
    EXPECT_EQ(done(deed("set_capacity", {{"pool", "nobody"}, {"capacity", 1}})), "not_found");
    EXPECT_EQ(done(deed("set_capacity", {{"session", "s-none"}, {"capacity", 1}})), "not_found");
    EXPECT_EQ(sql("select count(*) from session_signup where status = 'confirmed'"), "2");
    EXPECT_EQ(sql("select capacity from session"), "2");
    EXPECT_EQ(standing("c"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

// ── Offers ──

TEST_F(SeatsRules, an_offer_holds_its_seat_until_it_is_taken_declined_or_over)
{
    set_capacity(1);
    offer = "2027-05-04T06:00:00Z";
    submit({{"a"}, {"b"}, {"c"}, {"d"}});

    EXPECT_EQ(done(by("b", "accept")), "not_offered");
    EXPECT_EQ(done(by("a", "cancel")), "done");
    EXPECT_EQ(standing("b"), "offered");
    EXPECT_EQ(submitted({"e"}), "waitlisted 3");
    EXPECT_EQ(done(by("b", "decline")), "done");
    EXPECT_EQ(standing("c"), "offered");
    EXPECT_EQ(done(by("c", "accept")), "done");
    EXPECT_EQ(done(by("c", "accept")), "unchanged");
    EXPECT_EQ(done(by("c", "decline")), "not_offered");
    EXPECT_EQ(standing("c"), "confirmed");
    EXPECT_EQ(log(), "b cancelled waitlisted>offered, c declined waitlisted>offered");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, an_offer_that_is_over_passes_on_and_never_revives)
{
    set_capacity(1);
    offer = "2027-05-04T06:00:00Z";
    submit({{"a"}, {"b"}, {"c"}});
    act({by("a", "cancel")});

    EXPECT_EQ(done(deed("expire_offers")), "unchanged");
    at = "2027-05-04T06:00:00Z";
    offer = "2027-05-05T06:00:00Z";
    EXPECT_EQ(done(by("b", "accept")), "expired");
    EXPECT_EQ(done(deed("expire_offers")), "done");
    EXPECT_EQ(done(by("b", "accept")), "not_offered");
    EXPECT_EQ(standing("b"), "declined");
    EXPECT_EQ(standing("c"), "offered");
    EXPECT_EQ(done(by("c", "cancel")), "done");
    EXPECT_EQ(done(by("c", "accept")), "not_offered");
    EXPECT_EQ(sql("select why from promotion order by promotion_id desc limit 1"), "expired");
    EXPECT_EQ(
        sql("select string_agg(kind, ',' order by outbox_id) from outbox where recipient = 'b@example.org'"),
        "waitlisted,offered,offer_expired");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, nobody_is_called_to_an_event_that_is_off_or_over)
{
    set_capacity(1);
    submit({{"a"}, {"b"}});
    connection.exec("update event set status = 'cancelled'");

    EXPECT_EQ(done(by("a", "cancel")), "done");
    EXPECT_EQ(standing("b"), "waitlisted 1");
}

// ── Sessions ──

TEST_F(SeatsRules, a_session_queues_in_the_order_of_choosing)
{
    add_session("s-one", "1");
    submit({{"a"}, {"b", 0, "", "", {"s-one"}}, {"c", 0, "", "", {"s-one"}}});
    act({by("a", "change", {{"changes", {{"sessions", {"s-one"}}}}})}); // came first, chose last

    act({by("b", "cancel")});

    EXPECT_EQ(sql("select name from session_signup join registration using (registration_id) where "
                  "session_signup.status = 'confirmed'"),
              "c");
    EXPECT_EQ(log(), "c cancelled waitlisted>confirmed");
    EXPECT_EQ(sql("select count(*) from outbox where kind = 'session_seat'"), "1");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, who_waits_for_the_event_does_not_hold_up_its_sessions)
{
    set_capacity(1);
    add_session("s-one", "1");
    submit({{"a"}, {"b", 0, "", "", {"s-one"}}});

    act({by("a", "change", {{"changes", {{"sessions", {"s-one"}}}}})});

    EXPECT_EQ(sql("select r.name from session_signup su join registration r using (registration_id) where "
                  "su.status = 'confirmed'"),
              "a");
    EXPECT_EQ(flaws(), "");
}

TEST_F(SeatsRules, a_seat_in_the_event_brings_the_seat_in_its_sessions)
{
    set_capacity(1);
    add_session("s-one", "5");
    submit({{"a"}, {"b", 0, "", "", {"s-one"}}});

    act({by("a", "cancel")});

    EXPECT_EQ(log(), "b cancelled waitlisted>confirmed, b cancelled waitlisted>confirmed");
    EXPECT_EQ(sql("select taken from session_counter"), "1");
}

}
}
