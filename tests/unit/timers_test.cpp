// Durable timers against a real PostgreSQL: once, whoever looks, whatever dies.
#include "db/database.h"
#include "db/rows.h"
#include "db/timers.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

namespace kutsu::test
{
namespace
{

Instant const start = parse_instant("2027-05-03T06:00:00Z").value();

// Stands where it is put, on all threads.
class ManualClock : public Clock
{
public:
    Instant now() const override { return from_ms(ms_); }
    void set(Instant at) { ms_ = to_ms(at); }
    void advance(std::chrono::milliseconds by) { ms_ += by.count(); }

private:
    std::atomic<std::int64_t> ms_ = to_ms(start);
};

class TimersTest : public testing::Test
{
protected:
    TimersTest() { connection.exec("create table effect (subject text not null, at timestamptz not null)"); }

    // Its effect is a row in the same transaction.
    db::TimerKind kind(std::string name = "ring")
    {
        return {std::move(name),
                [](db::Transaction& transaction, db::DueTimer const& due, Instant now) {
                    db::execute(transaction, "insert into effect values (:subject, at_ms(:at))", due.subject,
                                now);
                    return Result<db::TimerOutcome>(db::TimerOutcome{false, "rang"});
                },
                {}};
    }

    void add(std::string const& subject, std::chrono::milliseconds in,
             std::optional<std::chrono::milliseconds> useless_in = {}, std::string const& kind = "ring")
    {
        db::TimerWish wish{kind, clock.now() + in, {}};
        if (useless_in)
            wish.useless_after = clock.now() + *useless_in;
        auto const now = clock.now();
        auto const deed = [&](db::Transaction& transaction) -> Result<bool> {
            db::add_timer(transaction, subject, wish, now);
            return true;
        };
        (void)database.write_now(deed);
    }

    bool plan(std::int64_t version, std::vector<db::TimerWish> wishes, std::int64_t epoch = 1)
    {
        db::TimerPlan const wanted{"ev-a", epoch, version, {"ring", "sing"}, std::move(wishes)};
        return database.write_now(db::plan_timers, wanted, clock.now()).value();
    }

    std::string sql(std::string const& question) { return std::string(connection.exec(question).text(0, 0)); }
    std::string effects() { return sql("select count(*) from effect"); }
    std::string states()
    {
        return sql("select string_agg(kind || ':' || subject || ':' || state, ' ' order by due_at, timer_id) "
                   "from timer");
    }

    TestDatabase fresh = test::database();
    db::Connection connection = fresh.connect();
    db::Database database{fresh.conninfo(), 4};
    ManualClock clock;
};

TEST_F(TimersTest, RunsWhenItIsDueAndNeverAgain)
{
    db::Timers timers(database, clock, {kind()});
    add("a", std::chrono::minutes(1));
    EXPECT_EQ(timers.run_due(), 0);
    EXPECT_EQ(timers.next_due(), start + std::chrono::minutes(1));

    clock.advance(std::chrono::milliseconds(59'999));
    EXPECT_EQ(timers.run_due(), 0);
    clock.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(timers.run_due(), 1);
    EXPECT_EQ(timers.run_due(), 0);

    EXPECT_EQ(effects(), "1");
    EXPECT_EQ(sql("select state || ' ' || note || ' ' || ms(done_at) from timer"),
              "done rang " + std::to_string(to_ms(clock.now())));
    EXPECT_FALSE(timers.next_due());
}

TEST_F(TimersTest, TwoProcessesDoEachOnce)
{
    constexpr int number = 200;
    connection.exec(fmt::format("insert into timer (kind, subject, due_at, next_attempt_at, created_at) "
                                "select 'ring', 'r' || n, at_ms({0}), at_ms({0}), at_ms({0}) from "
                                "generate_series(1, {1}) n",
                                to_ms(start), number));
    db::Database other(fresh.conninfo(), 2);
    db::Timers ours(database, clock, {kind()});
    db::Timers theirs(other, clock, {kind()});
    std::atomic<int> done = 0;
    auto const look = [&](db::Timers& timers) {
        while (done < number)
            done += timers.run_due(7);
    };
    std::jthread one([&] { look(ours); });
    std::jthread two([&] { look(theirs); });
    one.join();
    two.join();

    EXPECT_EQ(done, number);
    EXPECT_EQ(effects(), std::to_string(number));
    EXPECT_EQ(sql("select count(distinct subject) from effect"), std::to_string(number));
    EXPECT_EQ(sql("select count(*) from timer where state = 'done'"), std::to_string(number));
}

TEST_F(TimersTest, AProcessThatDiesInTheMiddleLeavesItToTheNext)
{
    add("a", {});
    {
        auto dying = fresh.connect();
        dying.exec("begin");
        dying.exec("select from timer where state = 'waiting' for update skip locked");
        dying.exec("insert into effect values ('half', now())");
        db::Timers timers(database, clock, {kind()});
        EXPECT_EQ(timers.run_due(), 0) << "the other one holds it";
    }
    db::Timers timers(database, clock, {kind()});
    EXPECT_TRUE(eventually([&] { return timers.run_due() == 1; }));
    EXPECT_EQ(sql("select string_agg(subject, ' ') from effect"), "a");
}

TEST_F(TimersTest, WhatFailsIsTriedAgainAndStopsNobody)
{
    bool broken = true;
    db::TimerKind fragile = kind("fragile");
    fragile.deed = [&](db::Transaction& transaction, db::DueTimer const& due,
                       Instant now) -> Result<db::TimerOutcome> {
        db::execute(transaction, "insert into effect values (:subject, at_ms(:at))", due.subject, now);
        if (broken)
            db::execute(transaction, "insert into effect values (null, null)");
        return db::TimerOutcome{};
    };
    db::Timers timers(database, clock, {fragile, kind()});
    add("bad", {}, {}, "fragile");
    add("good", {});

    EXPECT_EQ(timers.run_due(), 2);
    EXPECT_EQ(states(), "fragile:bad:waiting ring:good:done");
    EXPECT_EQ(effects(), "1");
    EXPECT_EQ(sql("select attempts || ' ' || last_error from timer where subject = 'bad'").substr(0, 2),
              "1 ");
    EXPECT_EQ(timers.run_due(), 0) << "not at once";

    broken = false;
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(timers.run_due(), 1);
    EXPECT_EQ(effects(), "2");
}

TEST_F(TimersTest, WhatAlwaysFailsIsGivenUpAndSaysSo)
{
    db::TimerKind hopeless{"hopeless",
                           [](db::Transaction&, db::DueTimer const&, Instant) -> Result<db::TimerOutcome> {
                               return refuse(ProblemName::conflict);
                           },
                           {}};
    db::Timers timers(database, clock, {hopeless});
    add("a", {}, {}, "hopeless");
    for (int i = 0; i < 30; ++i) {
        timers.run_due();
        clock.advance(std::chrono::minutes(11));
    }
    EXPECT_EQ(sql("select state || ' ' || attempts || ' ' || last_error from timer"), "failed 20 conflict");
    EXPECT_EQ(database.read_now(db::timer_standing, clock.now()).failed, 1);
}

TEST_F(TimersTest, WhatComesUpTooLateIsSkipped)
{
    db::Timers timers(database, clock, {kind()});
    add("a", std::chrono::minutes(1), std::chrono::minutes(5));
    add("b", std::chrono::minutes(1), std::chrono::minutes(15));
    clock.advance(std::chrono::minutes(10));

    EXPECT_EQ(database.read_now(db::timer_standing, clock.now()).late, 2);
    EXPECT_EQ(timers.run_due(), 2);
    EXPECT_EQ(states(), "ring:a:skipped ring:b:done");
    EXPECT_EQ(sql("select note from timer where subject = 'a'"), "came up too late");
    EXPECT_EQ(database.read_now(db::timer_standing, clock.now()).late, 0);
}

TEST_F(TimersTest, AClockThatGoesBackDoesNothingTwiceAndKeepsNothingWaiting)
{
    bool broken = true;
    db::TimerKind fragile = kind("fragile");
    fragile.deed = [&, deed = fragile.deed](auto& transaction, auto const& due,
                                            Instant now) -> Result<db::TimerOutcome> {
        if (broken)
            return refuse(ProblemName::conflict);
        return deed(transaction, due, now);
    };
    db::Timers timers(database, clock, {kind(), fragile});
    add("a", std::chrono::minutes(1));
    add("b", std::chrono::minutes(1), {}, "fragile");
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(timers.run_due(), 2);
    EXPECT_EQ(effects(), "1");

    clock.set(start + std::chrono::minutes(2)); // the next attempt of b lies a day ahead now
    broken = false;
    EXPECT_EQ(timers.run_due(), 1);
    EXPECT_EQ(timers.run_due(), 0);
    EXPECT_EQ(sql("select string_agg(subject, ' ' order by subject) from effect"), "a b");
}

TEST_F(TimersTest, APlanIsMadeTrueAndWhatWasDoneStaysDone)
{
    db::Timers timers(database, clock, {kind(), kind("sing")});
    auto const at = [&](int hours) { return start + std::chrono::hours(hours); };
    EXPECT_TRUE(plan(1, {{"ring", at(1), {}}, {"sing", at(2), {}}}));
    EXPECT_TRUE(plan(1, {{"ring", at(1), {}}, {"sing", at(2), {}}}));
    EXPECT_EQ(states(), "ring:ev-a:waiting sing:ev-a:waiting");

    clock.advance(std::chrono::minutes(61));
    timers.run_due();
    EXPECT_TRUE(plan(2, {{"ring", at(5), {}}})) << "moved: rings again on its new day";
    EXPECT_EQ(states(), "ring:ev-a:done sing:ev-a:withdrawn ring:ev-a:waiting");
    EXPECT_TRUE(plan(3, {{"ring", at(1), {}}, {"sing", at(2), {}}})) << "moved back";
    EXPECT_EQ(states(), "ring:ev-a:done sing:ev-a:waiting ring:ev-a:withdrawn");

    EXPECT_FALSE(plan(2, {})) << "from an older version";
    EXPECT_EQ(states(), "ring:ev-a:done sing:ev-a:waiting ring:ev-a:withdrawn");
    EXPECT_TRUE(plan(1, {}, 2)) << "made anew";
    EXPECT_EQ(states(), "ring:ev-a:done sing:ev-a:withdrawn ring:ev-a:withdrawn");
    clock.advance(std::chrono::hours(24));
    EXPECT_EQ(timers.run_due(), 0);
    EXPECT_EQ(effects(), "1");
}

TEST_F(TimersTest, AWishThatWouldComeTooLateIsNotTaken)
{
    EXPECT_TRUE(plan(1, {{"ring", start - std::chrono::hours(2), start - std::chrono::hours(1)},
                         {"sing", start - std::chrono::hours(2), start + std::chrono::hours(1)}}));
    EXPECT_EQ(states(), "sing:ev-a:waiting");
}

TEST_F(TimersTest, WhatComesRoundRunsOnceAPeriodOverAllProcesses)
{
    auto tidy = kind("tidy");
    tidy.every = std::chrono::hours(1);
    db::Database other(fresh.conninfo(), 2);
    db::Timers ours(database, clock, {tidy});
    db::Timers theirs(other, clock, {tidy});
    for (int minute = 0; minute < 180; minute += 10) {
        ours.run_due();
        theirs.run_due();
        clock.advance(std::chrono::minutes(10));
    }
    EXPECT_EQ(effects(), "2");
    EXPECT_EQ(sql("select count(*) from timer"), "1");

    clock.advance(std::chrono::hours(100)); // nobody ran: once, not a hundred times
    ours.run_due();
    theirs.run_due();
    EXPECT_EQ(effects(), "3");

    clock.set(start - std::chrono::hours(1000));
    db::Timers(database, clock, {tidy}).run_due();
    EXPECT_EQ(sql("select ms(due_at) from timer"), std::to_string(to_ms(start - std::chrono::hours(999))));
}

TEST_F(TimersTest, KindsOfAnotherReleaseAreLeftAlone)
{
    db::Timers timers(database, clock, {kind()});
    add("a", {}, {}, "of_the_future");
    EXPECT_EQ(timers.run_due(), 0);
    EXPECT_EQ(states(), "of_the_future:a:waiting");
    EXPECT_FALSE(timers.next_due());
}

}
}
