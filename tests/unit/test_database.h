// A database of one's own for a test: `auto db = test::database();` gives a freshly migrated, empty one in a
// private cluster that all tests of this program share. Cloned from a template in about 0.1 s, dropped when
// the object goes.
//
// With KUTSU_TEST_DATABASE_URL set, the databases are made on that server instead (its user must be allowed
// to).
#pragma once

#include "base/secret.h"
#include "db/migrations.h"
#include "db/private_cluster.h"
#include "db/raw.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace kutsu::test
{

// Waits until the condition holds, at most ten seconds; returns whether it does.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(10))
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

// Runs a coroutine on an io_context of its own.
template <class T>
T run(boost::asio::awaitable<T> work)
{
    boost::asio::io_context io(1);
    auto answer = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
    io.run();
    return answer.get();
}

// A folder that is gone afterwards, together with a cluster that had to lie elsewhere.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "kutsu-test-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error("no temporary folder");
        path_ = pattern;
        // So that a cluster started as root lies inside and goes with it, also when the test is killed.
        std::filesystem::permissions(path_, std::filesystem::perms(0711));
    }
    ~TemporaryFolder()
    {
        std::error_code none;
        if (auto const link = path_ / "database"; std::filesystem::is_symlink(link))
            std::filesystem::remove_all(std::filesystem::read_symlink(link, none).parent_path(), none);
        std::filesystem::remove_all(path_, none);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// The server behind the tests: started by the first test that wants it, stopped when the program ends.
class DatabaseServer
{
public:
    static DatabaseServer& get()
    {
        static DatabaseServer server;
        return server;
    }

    // Nothing of it is needed any more, so it ends without writing anything back.
    ~DatabaseServer()
    {
        if (cluster_ && cluster_->postmaster() > 0)
            ::kill(cluster_->postmaster(), SIGQUIT);
    }

    // `base` with another database; a later keyword wins.
    std::string conninfo(std::string const& name) const { return fmt::format("{} dbname={}", base_, name); }
    std::string const& template_name() const { return template_; }
    db::PrivateCluster* cluster() { return cluster_.get(); }

    std::string fresh_name()
    {
        static std::atomic<int> count = 0;
        return fmt::format("test_{}_{}", ::getpid(), ++count);
    }
    void administer(std::string const& statement) { db::Connection(conninfo("postgres")).exec(statement); }

private:
    DatabaseServer() : template_(fmt::format("kutsu_template_{}", schema_digest()))
    {
        if (auto const* url = std::getenv("KUTSU_TEST_DATABASE_URL")) {
            base_ = db::complete_connection_string(url);
        } else {
            folder_ = std::make_unique<TemporaryFolder>();
            cluster_ = db::PrivateCluster::start(folder_->path(), {});
            base_ = db::complete_connection_string(cluster_->conninfo());
        }
        make_template();
    }

    static std::string schema_digest()
    {
        std::string all;
        for (auto const& file : embedded_schema())
            all += file.bytes;
        return to_hex(sha256(all)).substr(0, 12);
    }

    // Other test programs may do the same on the same server; the name tells schemas apart.
    void make_template()
    {
        db::Connection admin(conninfo("postgres"));
        admin.exec("select pg_advisory_lock(4657591)");
        if (admin.exec_params("select from pg_database where datname = $1", {template_}).rows() != 0)
            return;
        auto const unfinished = template_ + "_unfinished";
        admin.exec(fmt::format("drop database if exists {}", unfinished));
        admin.exec(fmt::format("create database {} template template0 encoding 'UTF8'", unfinished));
        db::migrate(conninfo(unfinished));
        admin.exec(fmt::format("alter database {} rename to {}", unfinished, template_));
    }

    std::unique_ptr<TemporaryFolder> folder_;
    std::unique_ptr<db::PrivateCluster> cluster_;
    std::string base_;
    std::string template_;
};

class TestDatabase
{
public:
    TestDatabase() : name_(DatabaseServer::get().fresh_name())
    {
        DatabaseServer::get().administer(
            fmt::format("create database {} template {}", name_, DatabaseServer::get().template_name()));
    }
    ~TestDatabase()
    {
        if (name_.empty())
            return;
        try {
            DatabaseServer::get().administer(fmt::format("drop database if exists {} with (force)", name_));
        } catch (std::exception const&) {
            // The whole server goes at the end of the program.
        }
    }
    TestDatabase(TestDatabase&& other) noexcept : name_(std::exchange(other.name_, {})) {}
    TestDatabase& operator=(TestDatabase&&) = delete;

    std::string conninfo() const { return DatabaseServer::get().conninfo(name_); }
    // A connection of the test's own, for arranging and for looking from outside.
    db::Connection connect() const { return db::Connection(conninfo()); }

private:
    std::string name_;
};

inline TestDatabase database()
{
    return TestDatabase();
}

// The least an event needs; returns its event_id. Its counter stands at version 1.
inline std::int64_t insert_event(db::Connection& connection, std::string const& slug)
{
    connection.exec_params(R"(
        insert into programme (public_id, code, name, funding_statement) values ('pr-test', 'T', '{}', '{}')
        on conflict do nothing)",
                           {});
    connection.exec_params(R"(
        insert into project (public_id, programme_id, acronym, title, created_at)
        select 'project-test', programme_id, 'TEST', '{}', now() from programme where public_id = 'pr-test'
        on conflict do nothing)",
                           {});
    auto const event = connection.exec_params(R"(
        insert into event (public_id, slug, project_id, ordinal, kind, status, visibility, title, time_zone,
                           starts_local, ends_local, starts_at, ends_at, calendar_modified, created_at)
        select $1, $1, project_id, 1, 'seminar', 'published', 'public', '{}', 'Europe/Helsinki',
               '2027-05-27T09:00', '2027-05-27T16:00', '2027-05-27T06:00Z', '2027-05-27T13:00Z', now(), now()
          from project where public_id = 'project-test'
        returning event_id)",
                                              {slug});
    auto const id = event.integer(0, 0);
    connection.exec_params("insert into event_counter (event_id, capacity) values ($1, 10)",
                           {std::to_string(id)});
    return id;
}

}
