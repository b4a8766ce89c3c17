#include "db/database.h"
#include "db/rows.h"
#include "test_database.h"

#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include <future>

namespace kutsu::test
{
namespace
{

using db::Reader;
using db::Transaction;

constexpr char table[] = "create table guest (name text constraint guest_name_once primary key, seat int)";

class DatabaseTest : public testing::Test
{
protected:
    DatabaseTest() { outside.exec(table); }

    std::int64_t guests() { return outside.exec("select count(*) from guest").integer(0, 0); }

    TestDatabase fresh = database();
    db::Connection outside = fresh.connect();
    db::Database base{fresh.conninfo(), 2};
};

Result<std::int64_t> invite(Transaction& transaction, std::string const& name, int seat)
{
    return db::execute(transaction, "insert into guest (name, seat) values (:name, :seat)", name, seat);
}

Result<int> invite_and_refuse(Transaction& transaction, std::string const& name)
{
    (void)invite(transaction, name, 1);
    return refuse(ProblemName::full);
}

Result<int> invite_and_throw(Transaction& transaction, std::string const& name)
{
    (void)invite(transaction, name, 1);
    throw std::runtime_error("the roof fell in");
}

std::int64_t count(Reader& reader)
{
    return db::get<std::int64_t>(reader, "select count(*) from guest");
}

TEST_F(DatabaseTest, CommitsWhenTheResultHoldsAValue)
{
    auto const result = run(base.write(invite, "Aino", 3));

    ASSERT_TRUE(result);
    EXPECT_EQ(*result, 1);
    EXPECT_EQ(guests(), 1);
    EXPECT_EQ(run(base.read(count)), 1);
}

TEST_F(DatabaseTest, AProblemRollsBack)
{
    auto const result = run(base.write(invite_and_refuse, std::string("Aino")));

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().name, ProblemName::full);
    EXPECT_EQ(guests(), 0);
}

TEST_F(DatabaseTest, AnExceptionRollsBackAndArrivesAtTheCaller)
{
    EXPECT_THROW(run(base.write(invite_and_throw, "Aino")), std::runtime_error);

    EXPECT_EQ(guests(), 0);
    EXPECT_TRUE(run(base.write(invite, "Aino", 1)));
}

TEST_F(DatabaseTest, TheBlockingFormsTakeLambdas)
{
    auto const written = base.write_now([](Transaction& t) { return invite(t, "Veera", 2); });
    auto const name = base.read_now(
        [](Reader& r, int seat) {
            return db::find<std::string>(r, "select name from guest where seat = :s", seat);
        },
        2);

    EXPECT_TRUE(written);
    EXPECT_EQ(name, "Veera");
}

TEST_F(DatabaseTest, ABlockingFormOnADatabaseThreadIsRefused)
{
    auto const inner = [this](Reader&) { return base.read_now(count); };

    EXPECT_THROW(base.read_now(inner), std::logic_error);
}

TEST_F(DatabaseTest, AReaderCannotWrite)
{
    auto const sneaky = [](Reader& r) {
        Transaction pretended{{r.sql}};
        return db::execute(pretended, "insert into guest (name) values ('x')");
    };

    EXPECT_THROW(base.read_now(sneaky), db::SqlError);
    EXPECT_EQ(guests(), 0);
}

TEST_F(DatabaseTest, AReaderSeesOneMoment)
{
    auto const twice = [this](Reader& r) {
        auto const before = count(r);
        outside.exec("insert into guest values ('meanwhile')");
        return std::pair(before, count(r));
    };

    EXPECT_EQ(base.read_now(twice), std::pair(std::int64_t(0), std::int64_t(0)));
}

TEST_F(DatabaseTest, AViolationIsNamedWithoutTheValues)
{
    ASSERT_TRUE(base.write_now(invite, "secret@example.org", 1));

    try {
        (void)base.write_now(invite, "secret@example.org", 2);
        FAIL() << "the name is there twice";
    } catch (std::exception const& error) {
        auto const failure = db::failure_of(error);
        EXPECT_EQ(failure.sqlstate, "23505");
        EXPECT_EQ(failure.constraint, "guest_name_once");
        EXPECT_EQ(db::describe(error),
                  "the database refused a statement with SQLSTATE 23505 for guest_name_once");
    }
}

TEST_F(DatabaseTest, ADeedMayAnswerAViolationWithAProblem)
{
    auto const careful = [](Transaction& t) -> Result<std::int64_t> {
        try {
            t.sql << "insert into guest (name) values ('Aino')";
            return 1;
        } catch (std::exception const& error) {
            if (db::failure_of(error).constraint != "guest_name_once")
                throw;
            return refuse(ProblemName::conflict);
        }
    };
    ASSERT_TRUE(base.write_now(careful));

    auto const second = base.write_now(careful);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().name, ProblemName::conflict);
}

TEST_F(DatabaseTest, ASwallowedErrorIsNeverCommitted)
{
    auto const careless = [](Transaction& t) -> Result<int> {
        (void)invite(t, "Aino", 1);
        try {
            (void)invite(t, "Aino", 2);
        } catch (std::exception const&) {
        }
        return 1;
    };

    try {
        (void)base.write_now(careless);
        FAIL() << "the transaction had failed";
    } catch (db::SqlError const& error) {
        EXPECT_EQ(error.constraint, "guest_name_once");
    }
    EXPECT_EQ(guests(), 0);
}

TEST_F(DatabaseTest, ADeadlockIsTriedAgain)
{
    outside.exec("insert into guest values ('a', 0), ('b', 0)");
    std::atomic<int> tries = 0;
    std::promise<void> both[2];
    std::shared_future<void> holds[2] = {both[0].get_future(), both[1].get_future()};
    auto const cross = [&](Transaction& t, int self) -> Result<int> {
        ++tries;
        db::execute(t, "update guest set seat = seat + 1 where name = :n", self == 0 ? "a" : "b");
        if (holds[self].wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            both[self].set_value();
        holds[1 - self].wait();
        db::execute(t, "update guest set seat = seat + 1 where name = :n", self == 0 ? "b" : "a");
        return 1;
    };

    auto other = std::async(std::launch::async, [&] { return base.write_now(cross, 1); });
    auto const mine = base.write_now(cross, 0);

    EXPECT_TRUE(mine);
    EXPECT_TRUE(other.get());
    EXPECT_GE(tries, 3); // on a busy machine the two may cross once more
    EXPECT_EQ(outside.exec("select sum(seat) from guest").integer(0, 0), 4);
}

TEST_F(DatabaseTest, SessionsHaveLimitsAndSpeakUtc)
{
    auto const setting = [](Reader& r, std::string const& name) {
        return db::get<std::string>(r, "select current_setting(:name)", name);
    };

    EXPECT_EQ(base.read_now(setting, "statement_timeout"), "5s");
    EXPECT_EQ(base.read_now(setting, "lock_timeout"), "2s");
    EXPECT_EQ(base.read_now(setting, "idle_in_transaction_session_timeout"), "10s");
    EXPECT_EQ(base.read_now(setting, "timezone"), "UTC");
    EXPECT_EQ(base.read_now(setting, "lc_messages"), "C");
    EXPECT_EQ(base.read_now(setting, "client_encoding"), "UTF8");
}

TEST_F(DatabaseTest, TheHookIsCalledAfterCommitsOnly)
{
    std::atomic<int> commits = 0;
    base.after_commit([&] { ++commits; });

    (void)base.write_now(invite_and_refuse, "Aino");
    EXPECT_EQ(commits, 0);
    (void)base.write_now(invite, "Aino", 1);
    EXPECT_EQ(commits, 1);
}

TEST_F(DatabaseTest, ManyWaitersAreAllAnsweredOnTheirOwnThread)
{
    boost::asio::io_context io(1);
    int done = 0;
    auto const ask = [&]() -> boost::asio::awaitable<void> {
        auto const home = std::this_thread::get_id();
        EXPECT_EQ(co_await base.read(count), 0);
        EXPECT_EQ(std::this_thread::get_id(), home);
        ++done;
    };
    for (int i = 0; i < 200; ++i)
        boost::asio::co_spawn(io, ask(), boost::asio::detached);
    io.run();

    EXPECT_EQ(done, 200);
}

}
}
