// How a batch is divided into calls of the database. Pure.
#include "registration/lane_batch.h"

#include <gtest/gtest.h>

#include <set>

namespace kutsu::registration
{
namespace
{

using Kind = Step::Kind;

LaneRequest guest(std::int64_t event_id, bool is_ordinary = true, bool is_known = false)
{
    Submitting asked;
    asked.party.event_id = event_id;
    asked.party.submission.submission_id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    asked.is_ordinary = is_ordinary;
    asked.is_known = is_known;
    return {std::move(asked), {}};
}

LaneRequest act(std::int64_t event_id)
{
    return {Acting{event_id, {}, {}}, {}};
}

// "fast 0 1, exact 2"
std::string plan(std::vector<LaneRequest> const& batch, std::set<std::int64_t> const& missed = {})
{
    std::string said;
    for (auto const& step :
         plan_steps(batch, [&](std::int64_t event_id) { return missed.contains(event_id); })) {
        if (!said.empty())
            said += ", ";
        said += step.kind == Kind::locks   ? "locks"
                : step.kind == Kind::fast  ? "fast"
                : step.kind == Kind::exact ? "exact"
                                           : "deeds";
        for (auto const place : step.requests)
            said += " " + std::to_string(place);
    }
    return said;
}

template <class... Requests>
std::vector<LaneRequest> batch_of(Requests... requests)
{
    std::vector<LaneRequest> batch;
    (batch.push_back(std::move(requests)), ...);
    return batch;
}

TEST(LaneBatch, ordinary_guests_of_many_events_are_one_call_that_locks_for_itself)
{
    EXPECT_EQ(plan(batch_of(guest(1))), "fast 0");
    EXPECT_EQ(plan(batch_of(guest(3), guest(1), guest(3))), "fast 0 1 2");
}

TEST(LaneBatch, an_event_is_decided_as_a_whole)
{
    EXPECT_EQ(plan(batch_of(guest(1), guest(1, false), guest(1))), "exact 0 1 2");
    EXPECT_EQ(plan(batch_of(guest(1), guest(2), guest(1, false))), "locks, fast 1, exact 0 2");
    EXPECT_EQ(plan(batch_of(guest(1), guest(2)), {2}), "locks, fast 0, exact 1");
}

TEST(LaneBatch, who_is_known_does_not_slow_down_the_others)
{
    EXPECT_EQ(plan(batch_of(guest(1), guest(1, true, true), guest(1))), "fast 0 2, exact 1");
    EXPECT_EQ(plan(batch_of(guest(1), guest(2, true, true))), "locks, fast 0, exact 1");
}

TEST(LaneBatch, deeds_keep_their_place)
{
    EXPECT_EQ(plan(batch_of(act(1), act(1))), "deeds 0 1");
    EXPECT_EQ(plan(batch_of(guest(1), act(1), guest(1))), "fast 0, deeds 1, fast 2");
    EXPECT_EQ(plan(batch_of(act(2), act(1))), "locks, deeds 0 1") << "each would lock only its own event";
    EXPECT_EQ(plan(batch_of(guest(1), act(2), guest(1))), "locks, fast 0, deeds 1, fast 2");
}

TEST(LaneBatch, the_locks_are_taken_by_number)
{
    auto const batch = batch_of(act(30), guest(4), act(7), guest(30));
    auto const call = make_call({Kind::locks, {}}, batch, {});
    EXPECT_EQ(call.texts, (std::vector<std::string>{"{4,7,30}"}));
}

TEST(LaneBatch, what_the_fast_tier_leaves_out_is_found_again)
{
    auto const batch = batch_of(guest(9), guest(4), guest(9), guest(5));
    auto const call = make_call({Kind::fast, {0, 1, 2, 3}}, batch, {}); // sent: 4 (1), 5 (3), 9 (0, 2)
    EXPECT_EQ(unfit_of(call, "events", "2,3").events, (std::vector<std::int64_t>{5, 9}));
    EXPECT_EQ(unfit_of(call, "parties", "1,4").requests, (std::vector<std::size_t>{1, 2}));
    for (auto const* wrong : {"", "0", "5", "x", "1;2", "1,,2", "-1"}) {
        EXPECT_TRUE(unfit_of(call, "parties", wrong).requests.empty()) << wrong;
        EXPECT_TRUE(unfit_of(call, "events", wrong).events.empty()) << wrong;
    }
}

TEST(LaneBatch, only_what_asks_for_nothing_special_is_ordinary)
{
    Submission plain;
    plain.source = "form";
    plain.answers["diet"] = "vegan";
    plain.companions.push_back({"B", {}});
    EXPECT_TRUE(is_ordinary(plain));
    auto changed = [&](auto change) {
        auto other = plain;
        change(other);
        return is_ordinary(other);
    };
    EXPECT_FALSE(changed([](Submission& s) { s.sessions = {"s-1"}; }));
    EXPECT_FALSE(changed([](Submission& s) { s.invitation = "code"; }));
    EXPECT_FALSE(changed([](Submission& s) { s.participant_type = "speaker"; }));
    EXPECT_FALSE(changed([](Submission& s) { s.source = "organiser"; }));
    EXPECT_FALSE(changed([](Submission& s) { s.answers["cv"] = "file-0123"; }));
}

}
}
