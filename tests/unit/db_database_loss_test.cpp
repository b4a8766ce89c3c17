// What becomes of questions and deeds when the database or the time for it is short.
#include "db/database.h"
#include "db/rows.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <future>

namespace kutsu::test
{
namespace
{

using db::Reader;
using db::Transaction;

class DatabaseLossTest : public testing::Test
{
protected:
    DatabaseLossTest() { outside.exec("create table guest (name text)"); }

    std::int64_t guests() { return outside.exec("select count(*) from guest").integer(0, 0); }

    TestDatabase fresh = database();
    db::Connection outside = fresh.connect();
};

Result<std::int64_t> invite(Transaction& transaction, std::string const& name)
{
    return db::execute(transaction, "insert into guest (name) values (:name)", name);
}

std::int64_t count(Reader& reader)
{
    return db::get<std::int64_t>(reader, "select count(*) from guest");
}

int backend(Reader& reader)
{
    return db::get<int>(reader, "select pg_backend_pid()");
}

TEST_F(DatabaseLossTest, ALostSessionIsOpenedAgain)
{
    db::Database one(fresh.conninfo(), 1);
    auto const before = one.read_now(backend);
    outside.exec_params("select pg_terminate_backend($1, 5000)", {std::to_string(before)});

    auto const written = one.write_now(invite, "Aino");
    auto const after = one.read_now(backend);

    EXPECT_TRUE(written);
    EXPECT_NE(after, before);
    EXPECT_EQ(guests(), 1);
}

TEST_F(DatabaseLossTest, AQuestionThatLosesItsSessionIsAskedAgain)
{
    db::Database base(fresh.conninfo(), 1);
    int tries = 0;
    auto const killed = [&](Reader& r) {
        if (++tries == 1)
            outside.exec_params("select pg_terminate_backend($1, 5000)", {std::to_string(backend(r))});
        return count(r);
    };

    EXPECT_EQ(base.read_now(killed), 0);
    EXPECT_EQ(tries, 2);
}

TEST_F(DatabaseLossTest, ASessionLostInTheMiddleStoresNothing)
{
    db::Database base(fresh.conninfo(), 2);
    auto const killed = [this](Transaction& t) -> Result<int> {
        (void)invite(t, "Aino");
        outside.exec_params("select pg_terminate_backend($1, 5000)", {std::to_string(backend(t))});
        return 1;
    };

    EXPECT_THROW((void)base.write_now(killed), db::DatabaseAway);

    EXPECT_EQ(guests(), 0);
    EXPECT_TRUE(base.write_now(invite, "Aino"));
}

TEST_F(DatabaseLossTest, AnUnreachableDatabaseIsSaidWithinItsTime)
{
    db::Database nowhere("host=/nonexistent dbname=kutsu", 1);
    auto const began = std::chrono::steady_clock::now();

    EXPECT_THROW(nowhere.read_now(count), db::DatabaseAway);

    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(4000));
    EXPECT_TRUE(nowhere.away());
}

TEST_F(DatabaseLossTest, AFullQueueAnswersOverloadedAtOnce)
{
    db::Database one(fresh.conninfo(), 1, {.length = 1});
    std::promise<void> begun, release;
    auto const block = [&](Reader&) {
        begun.set_value();
        release.get_future().wait();
        return 1;
    };
    auto busy = std::async(std::launch::async, [&] { return one.read_now(block); });
    begun.get_future().wait();
    auto waiting = std::async(std::launch::async, [&] { return one.read_now(count); });
    ASSERT_TRUE(eventually([&] { return one.queued() == 1; }));
    EXPECT_EQ(one.available(), 0u);

    auto const refused = run(one.write(invite, "Aino"));
    EXPECT_THROW(run(one.read(count)), db::Overloaded);

    release.set_value();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().name, ProblemName::overloaded);
    EXPECT_EQ(waiting.get(), 0);
    EXPECT_EQ(busy.get(), 1);
}

TEST_F(DatabaseLossTest, NobodyWaitsLongForASession)
{
    db::Database one(fresh.conninfo(), 1, {.wait = std::chrono::milliseconds(50)});
    std::promise<void> begun, release;
    auto const block = [&](Reader&) {
        begun.set_value();
        release.get_future().wait();
        return 1;
    };
    auto busy = std::async(std::launch::async, [&] { return one.read_now(block); });
    begun.get_future().wait();

    auto const refused = one.write_now(invite, "Aino");

    release.set_value();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().name, ProblemName::overloaded);
    EXPECT_EQ(busy.get(), 1);
}

TEST_F(DatabaseLossTest, ASessionThatHangsIsCutOff)
{
    db::Database one(fresh.conninfo(), 1, {.silence = std::chrono::milliseconds(200)});

    EXPECT_THROW(one.write_now([](Transaction& t) -> Result<int> {
        return db::get<int>(t, "select 1 from pg_sleep(4)");
    }),
                 db::DatabaseAway);

    EXPECT_EQ(one.read_now(count), 0);
}

TEST_F(DatabaseLossTest, LongWorkOfShortStatementsIsNotCutOff)
{
    db::Database one(fresh.conninfo(), 1, {.silence = std::chrono::milliseconds(1000)});
    auto const patient = [](Reader& r) {
        for (int i = 0; i < 8; ++i)
            db::get<int>(r, "select 1 from pg_sleep(0.2)");
        return true;
    };

    EXPECT_TRUE(one.read_now(patient));
}

}
}
