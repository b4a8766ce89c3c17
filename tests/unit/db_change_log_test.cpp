#include "db/change_log.h"
#include "db/database.h"
#include "db/rows.h"
#include "test_database.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <mutex>
#include <numeric>

namespace kutsu::test
{
namespace
{

Result<std::int64_t> change(db::Transaction& transaction, std::int64_t event, std::string const& kind)
{
    boost::json::array const changes{{{"kind", kind}}};
    return db::record_change(transaction, {event, kind, changes, "test", "op-1", from_ms(1809324000000)});
}

// Everything a follower said, in order.
class Listener
{
public:
    db::ChangeCallbacks callbacks()
    {
        return {[this](auto const& changes) { add(changes); },
                [this](auto const& appeared, auto const& gone) { add_events(appeared, gone); },
                [this](bool away) { add_away(away); }};
    }

    std::vector<db::Change> changes() { return copy(changes_); }
    std::vector<std::string> events() { return copy(events_); }
    std::vector<bool> away() { return copy(away_); }
    std::vector<std::int64_t> versions(std::int64_t event)
    {
        std::vector<std::int64_t> versions;
        for (auto const& each : changes()) {
            if (each.event_id == event)
                versions.push_back(each.event_version);
        }
        return versions;
    }

private:
    template <class T>
    T copy(T const& what)
    {
        std::lock_guard const lock(mutex_);
        return what;
    }
    void add(std::vector<db::Change> const& changes)
    {
        std::lock_guard const lock(mutex_);
        changes_.insert(changes_.end(), changes.begin(), changes.end());
    }
    void add_events(std::vector<db::EventVersion> const& appeared, std::vector<std::int64_t> const& vanished)
    {
        std::lock_guard const lock(mutex_);
        for (auto const& each : vanished)
            events_.push_back(fmt::format("-{}", each));
        for (auto const& each : appeared)
            events_.push_back(fmt::format("+{}@{}", each.event_id, each.version));
    }
    void add_away(bool away)
    {
        std::lock_guard const lock(mutex_);
        away_.push_back(away);
    }

    std::mutex mutex_;
    std::vector<db::Change> changes_;
    std::vector<std::string> events_;
    std::vector<bool> away_;
};

class ChangeLogTest : public testing::Test
{
protected:
    TestDatabase fresh = database();
    db::Connection outside = fresh.connect();
    std::int64_t event = insert_event(outside, "spring");
    db::Database base{fresh.conninfo(), 2};
    Listener heard; // outlives the followers of the tests
};

TEST_F(ChangeLogTest, AChangeRaisesTheVersionAndIsWrittenDown)
{
    EXPECT_EQ(base.write_now(change, event, "seats"), 2);
    EXPECT_EQ(base.write_now(change, event, "status"), 3);

    auto const rows = outside.exec(
        "select event_version, kind, payload, actor, origin, ms(at) from change order by event_version");
    ASSERT_EQ(rows.rows(), 2);
    EXPECT_EQ(rows.integer(0, 0), 2);
    EXPECT_EQ(rows.text(1, 1), "status");
    EXPECT_EQ(rows.text(1, 2), R"({"changes": [{"kind": "status"}]})");
    EXPECT_EQ(rows.text(1, 3), "test");
    EXPECT_EQ(rows.text(1, 4), "op-1");
    EXPECT_EQ(rows.integer(1, 5), 1809324000000);
}

TEST_F(ChangeLogTest, ARolledBackChangeLeavesNoGap)
{
    auto const refused = [this](db::Transaction& t) -> Result<int> {
        (void)change(t, event, "seats");
        return refuse(ProblemName::full);
    };

    (void)base.write_now(refused);

    EXPECT_EQ(base.write_now(change, event, "seats"), 2);
}

TEST_F(ChangeLogTest, AnEventWithoutACounterCannotChange)
{
    EXPECT_THROW((void)base.write_now(change, 999999, "seats"), std::logic_error);
}

TEST_F(ChangeLogTest, VersionsHaveNoGapsUnderConcurrentWriters)
{
    constexpr int each = 100;
    auto const work = [this] {
        for (int i = 0; i < each; ++i)
            EXPECT_TRUE(base.write_now(change, event, "seats"));
    };

    std::thread other(work);
    work();
    other.join();

    auto const rows = outside.exec("select event_version from change order by event_version");
    ASSERT_EQ(rows.rows(), 2 * each);
    for (int row = 0; row < rows.rows(); ++row)
        ASSERT_EQ(rows.integer(row, 0), row + 2);
    EXPECT_EQ(outside.exec("select version from event_counter").integer(0, 0), 2 * each + 1);
}

TEST_F(ChangeLogTest, AFollowerHearsChangesOfOthersInOrder)
{
    ASSERT_TRUE(base.write_now(change, event, "before"));
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));
    auto const other_event = insert_event(outside, "autumn");

    db::Database other(fresh.conninfo(), 2);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(other.write_now(change, event, "seats"));
        ASSERT_TRUE(other.write_now(change, other_event, "agenda.shifted"));
    }
    ASSERT_TRUE(eventually([&] { return heard.changes().size() == 40; }));
    follower.stop();

    std::vector<std::int64_t> first(20), second(20);
    std::iota(first.begin(), first.end(), 3);
    std::iota(second.begin(), second.end(), 2);
    EXPECT_EQ(heard.versions(event), first);
    EXPECT_EQ(heard.versions(other_event), second);
    auto const change = heard.changes().front();
    EXPECT_EQ(change.event_slug, "spring");
    EXPECT_EQ(change.kind, "seats");
    EXPECT_EQ(change.payload, boost::json::parse(R"({"changes": [{"kind": "seats"}]})"));
    EXPECT_EQ(change.actor, "test");
    EXPECT_EQ(change.at, from_ms(1809324000000));
    EXPECT_EQ(heard.away(), std::vector<bool>{});
}

TEST_F(ChangeLogTest, AFollowerHearsOfEventsThatAppearVanishAndGoBack)
{
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));
    auto const second = insert_event(outside, "autumn");
    outside.exec("notify kutsu_change");
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 2; }));
    outside.exec_params("delete from event where event_id = $1", {std::to_string(second)});
    outside.exec("notify kutsu_change");
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 3; }));
    outside.exec("update event_counter set version = 0");
    outside.exec("notify kutsu_change");
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 5; }));

    EXPECT_EQ(heard.events(),
              (std::vector<std::string>{fmt::format("+{}@1", event), fmt::format("+{}@1", second),
                                        fmt::format("-{}", second), fmt::format("-{}", event),
                                        fmt::format("+{}@0", event)}));
}

TEST_F(ChangeLogTest, ALostNotificationCostsTimeOnly)
{
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));

    ASSERT_TRUE(base.write_now(change, event, "seats"));

    EXPECT_TRUE(eventually([&] { return heard.changes().size() == 1; }));
}

TEST_F(ChangeLogTest, AWakeUpArrivesLongBeforeTheNextLook)
{
    db::Waker waker(fresh.conninfo());
    base.after_commit([&] { waker.wake(); });
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));
    auto const began = std::chrono::steady_clock::now();

    for (std::size_t i = 1; i <= 20; ++i) {
        ASSERT_TRUE(base.write_now(change, event, "seats"));
        ASSERT_TRUE(eventually([&] { return heard.changes().size() == i; }));
    }

    // Twenty looks of the slow kind would take twenty seconds.
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(ChangeLogTest, AFailingReaderIsAskedAgain)
{
    std::atomic<int> calls = 0;
    auto callbacks = heard.callbacks();
    callbacks.on_changes = [&, inner = callbacks.on_changes](auto const& changes) {
        if (++calls == 1)
            throw std::runtime_error("not now");
        inner(changes);
    };
    db::ChangeFollower follower(fresh.conninfo(), callbacks);
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));

    ASSERT_TRUE(base.write_now(change, event, "seats"));

    ASSERT_TRUE(eventually([&] { return heard.changes().size() == 1; }));
    EXPECT_EQ(calls, 2);
}

TEST_F(ChangeLogTest, AFollowerThatLosesTheDatabaseSaysSoAndMissesNothing)
{
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return heard.events().size() == 1; }));
    ASSERT_TRUE(base.write_now(change, event, "seats"));
    ASSERT_TRUE(eventually([&] { return heard.changes().size() == 1; }));

    outside.exec("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                 "where datname = current_database() and pid <> pg_backend_pid()");
    ASSERT_TRUE(base.write_now(change, event, "seats"));

    ASSERT_TRUE(eventually([&] { return heard.changes().size() == 2; }));
    follower.stop();
    EXPECT_EQ(heard.versions(event), (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(heard.away(), (std::vector<bool>{true, false}));
    EXPECT_EQ(heard.events().size(), 1u);
}

TEST_F(ChangeLogTest, WhatIsFedIsReportedWithoutBeingRead)
{
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return !heard.events().empty(); }));

    // Not in the table at all: only what was fed can have told.
    outside.exec_params("update event_counter set version = 3 where event_id = $1", {std::to_string(event)});
    auto const fed = [&](std::int64_t version) {
        return db::Change{event, "spring", version, "seats", {}, "registration", "", {}};
    };
    follower.feed({fed(2), fed(3)});

    ASSERT_TRUE(eventually([&] { return heard.changes().size() == 2; }));
    EXPECT_EQ(heard.versions(event), (std::vector<std::int64_t>{2, 3}));
}

TEST_F(ChangeLogTest, WhatIsFedBehindAGapOrTwiceIsReadOnceAndInOrder)
{
    db::ChangeFollower follower(fresh.conninfo(), heard.callbacks());
    ASSERT_TRUE(eventually([&] { return !heard.events().empty(); }));
    for (int i = 0; i < 4; ++i)
        (void)base.write_now(change, event, "seats"); // 2 to 5
    auto const fed = [&](std::int64_t version) {
        return db::Change{event, "spring", version, "seats", {}, "registration", "", {}};
    };
    follower.feed({fed(4)});
    follower.feed({fed(2), fed(2), fed(5)});

    ASSERT_TRUE(eventually([&] { return heard.changes().size() >= 4; }));
    (void)base.write_now(change, event, "seats");
    follower.feed({fed(6), fed(1)});
    ASSERT_TRUE(eventually([&] { return heard.changes().size() >= 5; }));
    EXPECT_EQ(heard.versions(event), (std::vector<std::int64_t>{2, 3, 4, 5, 6}));
}

TEST_F(ChangeLogTest, AWakeUpForOthersReachesOnlyThem)
{
    outside.exec("listen kutsu_change");
    db::Waker waker(fresh.conninfo());
    waker.wake_others();
    std::vector<db::Notification> got;
    ASSERT_TRUE(eventually([&] {
        got = outside.notifications();
        return !got.empty();
    }));
    EXPECT_EQ(got.front().payload, db::Waker::mark());
    waker.wake();
    ASSERT_TRUE(eventually([&] {
        got = outside.notifications();
        return !got.empty();
    }));
    EXPECT_EQ(got.front().payload, "");
}

}
}
