#include "db/migrations.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::test
{
namespace
{

EmbeddedFile const first{"0001_first.sql", "create table a (x int); -- it's fine\ncreate table b (y int);"};
EmbeddedFile const second{"0002_second.sql", "alter table a add column z int"};
EmbeddedFile const broken{"0002_broken.sql", "create table c (x int); select nonsense"};

class MigrationsTest : public testing::Test
{
protected:
    MigrationsTest() { DatabaseServer::get().administer("create database " + name + " template template0"); }
    ~MigrationsTest() override
    {
        DatabaseServer::get().administer("drop database " + name + " with (force)");
    }

    std::string refusal(std::vector<EmbeddedFile> const& files)
    {
        try {
            db::migrate(url, files);
        } catch (db::MigrationRefused const& refused) {
            return refused.what();
        }
        return {};
    }
    bool has_table(std::string const& table)
    {
        return !db::Connection(url).exec_params("select to_regclass($1)", {table}).is_null(0, 0);
    }

    std::string name = DatabaseServer::get().fresh_name();
    std::string url = DatabaseServer::get().conninfo(name);
};

TEST_F(MigrationsTest, AppliesWhatIsNewInOrder)
{
    EXPECT_EQ(db::status(url, {first}).pending, std::vector<std::string>{"0001_first.sql"});

    auto const one = db::migrate(url, {first});
    auto const two = db::migrate(url, {second, first});
    auto const none = db::migrate(url, {first, second});

    EXPECT_EQ(one.applied, std::vector<std::string>{"0001_first.sql"});
    EXPECT_EQ(two.applied, std::vector<std::string>{"0002_second.sql"});
    EXPECT_EQ(two.before, 1);
    EXPECT_EQ(none.applied, std::vector<std::string>{});
    auto const status = db::status(url, {first, second});
    EXPECT_TRUE(status.is_current());
    EXPECT_EQ(status.version, 2);
}

TEST_F(MigrationsTest, AFileThatFailsLeavesNothingBehind)
{
    EXPECT_THROW(db::migrate(url, {first, broken}), db::MigrationRefused);

    EXPECT_FALSE(has_table("c"));
    EXPECT_EQ(db::status(url, {first, broken}).version, 1);
    EXPECT_EQ(db::migrate(url, {first, second}).after, 2);
}

TEST_F(MigrationsTest, ANewerSchemaIsRefusedWithAdvice)
{
    db::migrate(url, {first, second});

    EXPECT_NE(refusal({first}).find("used by a newer Kutsu"), std::string::npos);
    EXPECT_FALSE(db::status(url, {first}).is_current());
}

TEST_F(MigrationsTest, AnAppliedFileMustNotChange)
{
    db::migrate(url, {first});

    EXPECT_NE(refusal({{first.path, "create table other ()"}}).find("0001_first.sql was applied"),
              std::string::npos);
}

TEST_F(MigrationsTest, AGapInTheHistoryIsRefused)
{
    db::migrate(url, {first, second});
    db::Connection(url).exec("delete from schema_version where version = 1");

    EXPECT_NE(refusal({first, second}).find("schema version 1 is missing"), std::string::npos);
}

TEST_F(MigrationsTest, AGapInTheFilesIsAnErrorOfTheProgram)
{
    EXPECT_THROW(db::migrate(url, {second}), std::logic_error);
}

TEST_F(MigrationsTest, ADatabaseOfAnotherProgramIsLeftAlone)
{
    db::Connection(url).exec("create table theirs ()");

    EXPECT_NE(refusal({first}).find("holds tables of another program"), std::string::npos);
    EXPECT_FALSE(has_table("schema_version"));
}

TEST_F(MigrationsTest, AQuestionThatFailsIsNoEmptyDatabase)
{
    db::Connection(url).exec("create table schema_version (something text)");

    EXPECT_THROW(db::status(url, {first}), db::SqlError);
    EXPECT_THROW(db::migrate(url, {first}), db::SqlError);
    EXPECT_THROW(db::status("host=/nonexistent dbname=x"), db::DatabaseAway);
}

TEST_F(MigrationsTest, TwoProcessesMigrateOnce)
{
    std::vector<std::thread> processes;
    std::atomic<std::size_t> applied = 0;
    for (int i = 0; i < 4; ++i)
        processes.emplace_back([&] { applied += db::migrate(url, {first, second}).applied.size(); });
    for (auto& each : processes)
        each.join();

    EXPECT_EQ(applied, 2u);
}

TEST_F(MigrationsTest, EveryTableOfTheSchemaSaysWhatItIs)
{
    db::migrate(url);

    auto const silent = db::Connection(url).exec(R"(
        select c.relname from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
           and obj_description(c.oid, 'pg_class') is null)");
    for (int row = 0; row < silent.rows(); ++row)
        ADD_FAILURE() << silent.text(row, 0) << " has no comment";
}

}
}
