// A connection in pipeline mode: calls between two syncs are one transaction, and a broken connection is said
// to be one.
#include "db/pipeline.h"
#include "test_database.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

namespace kutsu::db
{
namespace
{

using namespace std::chrono_literals;

class PipelineTest : public ::testing::Test
{
protected:
    PipelineTest() { connection.exec("create table note (words text primary key)"); }

    asio::awaitable<void> open(Pipeline& pipeline, std::string conninfo)
    {
        std::vector<std::pair<std::string, std::string>> statements = {
            {"note", "insert into note values ($1) returning words"},
            {"sleep", "select pg_sleep($1::float)"}};
        co_await pipeline.open(std::move(conninfo), "set timezone = 'UTC'", std::move(statements), 2000ms);
    }

    static void call(Pipeline& pipeline, char const* statement, char const* value)
    {
        pipeline.call({statement, 1, &value, nullptr, nullptr});
    }

    // Runs `what` with an open pipeline.
    template <class What>
    void with_pipeline(What what)
    {
        asio::io_context io(1);
        Pipeline pipeline(io.get_executor());
        auto work = [&]() -> asio::awaitable<void> {
            co_await open(pipeline, database.conninfo());
            co_await what(pipeline);
            pipeline.close();
        };
        auto done = asio::co_spawn(io, work, asio::use_future);
        io.run();
        done.get();
    }

    std::string notes()
    {
        return std::string(
            connection.exec("select coalesce(string_agg(words, ' ' order by words), '') from note")
                .text(0, 0));
    }

    test::TestDatabase database = test::database();
    Connection connection = database.connect();
};

TEST_F(PipelineTest, calls_of_one_sync_are_answered_in_order_and_kept_together)
{
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        for (auto const* word : {"b", "a", "c"})
            call(pipeline, "note", word);
        pipeline.sync();
        auto const answer = co_await pipeline.receive(2000ms);
        EXPECT_FALSE(answer.failure);
        EXPECT_EQ(answer.rows.size(), 3U);
        if (answer.rows.size() == 3) {
            EXPECT_EQ(answer.rows[0].text(0, 0), "b");
            EXPECT_EQ(answer.rows[2].text(0, 0), "c");
        }
    });
    EXPECT_EQ(notes(), "a b c");
}

TEST_F(PipelineTest, one_failure_undoes_all_and_the_next_transaction_is_untouched)
{
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        for (auto const* word : {"a", "b", "a", "c"})
            call(pipeline, "note", word);
        pipeline.sync();
        auto const failed = co_await pipeline.receive(2000ms);
        EXPECT_TRUE(failed.failure);
        if (failed.failure) {
            EXPECT_EQ(failed.failure->call, 2U);
            EXPECT_EQ(failed.failure->sqlstate, "23505");
            EXPECT_EQ(failed.failure->constraint, "note_pkey");
        }
        call(pipeline, "note", "d");
        pipeline.sync();
        auto const after = co_await pipeline.receive(2000ms);
        EXPECT_FALSE(after.failure);
    });
    EXPECT_EQ(notes(), "d");
}

TEST_F(PipelineTest, what_fails_only_at_the_commit_has_failed)
{
    connection.exec(R"(
        create function too_late() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create constraint trigger note_is_refused after insert on note deferrable initially deferred
            for each row when (new.words = 'late') execute function too_late())");
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        call(pipeline, "note", "a");
        call(pipeline, "note", "late");
        pipeline.sync();
        auto const answer = co_await pipeline.receive(2000ms);
        EXPECT_TRUE(answer.failure);
        call(pipeline, "note", "b");
        pipeline.sync();
        auto const after = co_await pipeline.receive(2000ms);
        EXPECT_FALSE(after.failure);
    });
    EXPECT_EQ(notes(), "b");
}

TEST_F(PipelineTest, much_more_than_a_socket_takes_at_once_goes_through)
{
    std::string const large(300'000, 'x');
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        std::vector<std::string> words;
        for (int i = 0; i < 40; ++i)
            words.push_back(std::to_string(i) + large);
        connection.exec("alter table note drop constraint note_pkey");
        for (auto const& word : words)
            call(pipeline, "note", word.c_str());
        pipeline.sync();
        auto const answer = co_await pipeline.receive(20'000ms);
        EXPECT_FALSE(answer.failure);
        EXPECT_EQ(answer.rows.size(), 40U);
    });
    EXPECT_EQ(connection.exec("select count(*) from note").text(0, 0), "40");
}

TEST_F(PipelineTest, a_lost_connection_and_a_silent_one_are_away_and_can_be_opened_again)
{
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        bool is_away = false;
        try {
            call(pipeline, "sleep", "30");
            pipeline.sync();
            co_await pipeline.receive(100ms);
        } catch (DatabaseAway const&) {
            is_away = true;
        }
        EXPECT_TRUE(is_away);
        EXPECT_FALSE(pipeline.is_open());

        co_await open(pipeline, database.conninfo());
        connection.exec(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
            "and datname = current_database()");
        is_away = false;
        try {
            call(pipeline, "note", "a");
            pipeline.sync();
            co_await pipeline.receive(2000ms);
        } catch (DatabaseAway const&) {
            is_away = true;
        }
        EXPECT_TRUE(is_away);

        co_await open(pipeline, database.conninfo());
        call(pipeline, "note", "b");
        pipeline.sync();
        auto const answer = co_await pipeline.receive(2000ms);
        EXPECT_FALSE(answer.failure);
    });
    EXPECT_EQ(notes(), "b");
}

TEST_F(PipelineTest, tells_while_idle_that_the_database_goes)
{
    with_pipeline([&](Pipeline& pipeline) -> asio::awaitable<void> {
        connection.exec(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
            "and datname = current_database()");
        asio::steady_timer told(co_await asio::this_coro::executor);
        bool is_told = true;
        while (pipeline.is_open() && is_told) { // first its last words, then the end
            told.expires_after(std::chrono::seconds(10));
            pipeline.watch([&] { told.cancel(); });
            boost::system::error_code stopped;
            auto done = asio::redirect_error(asio::use_awaitable, stopped);
            co_await told.async_wait(done);
            is_told = stopped.failed();
            pipeline.look();
        }
        EXPECT_TRUE(is_told) << "before the time was up";
        EXPECT_FALSE(pipeline.is_open());
    });
}

TEST_F(PipelineTest, nobody_there_is_away)
{
    asio::io_context io(1);
    Pipeline pipeline(io.get_executor());
    auto work = [&]() -> asio::awaitable<void> {
        bool is_away = false;
        try {
            co_await open(pipeline, "postgresql://kutsu@127.0.0.1:1/kutsu");
        } catch (DatabaseAway const&) {
            is_away = true;
        }
        EXPECT_TRUE(is_away);
        EXPECT_FALSE(pipeline.is_open());
    };
    asio::co_spawn(io, work, asio::detached);
    io.run();
}

}
}
