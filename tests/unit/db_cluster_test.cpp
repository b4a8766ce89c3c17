#include "db/database.h"
#include "db/private_cluster.h"
#include "db/rows.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>

namespace kutsu::test
{
namespace
{

namespace fs = std::filesystem;

std::int64_t ask(std::string const& conninfo, std::string const& question)
{
    return db::Connection(conninfo).exec(question).integer(0, 0);
}

bool answers(std::string const& conninfo)
{
    try {
        return ask(conninfo, "select 1") == 1;
    } catch (db::DatabaseAway const&) {
        return false;
    }
}

// The postmaster and all its children, at once and without a chance to clean up.
void kill_all(db::PrivateCluster const& cluster)
{
    auto const postmaster = std::to_string(cluster.postmaster());
    std::vector<pid_t> doomed = {cluster.postmaster()};
    for (auto const& each : fs::directory_iterator("/proc")) {
        std::ifstream file(each.path() / "stat");
        std::string pid, name, state, parent;
        if (file >> pid >> name >> state >> parent && parent == postmaster)
            doomed.push_back(std::stoi(pid));
    }
    for (auto const each : doomed)
        ::kill(each, SIGKILL);
}

bool heals(db::PrivateCluster& cluster)
{
    return eventually(
        [&] {
            cluster.supervise();
            return answers(cluster.conninfo());
        },
        std::chrono::seconds(30));
}

// A process that starts the cluster, says so and waits to be killed.
pid_t start_in_another_process(fs::path const& folder)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    auto const child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        auto const cluster = db::PrivateCluster::start(folder, {});
        (void)!::write(ends[1], "x", 1);
        for (;;)
            ::pause();
    }
    ::close(ends[1]);
    char ready = 0;
    auto const size = ::read(ends[0], &ready, 1);
    ::close(ends[0]);
    if (size != 1)
        throw std::runtime_error("the other process did not start the cluster");
    return child;
}

TEST(ClusterTest, StartsStopsAndStartsAgainWithItsData)
{
    TemporaryFolder folder;
    auto cluster = db::PrivateCluster::start(folder.path() / "data", {});
    EXPECT_FALSE(cluster->attached());
    db::Connection(cluster->conninfo()).exec("create table kept as select 42 as x");
    cluster->stop();
    EXPECT_FALSE(answers(cluster->conninfo()));

    cluster = db::PrivateCluster::start(folder.path() / "data", {});

    EXPECT_EQ(ask(cluster->conninfo(), "select x from kept"), 42);
    EXPECT_TRUE(fs::exists(folder.path() / "data" / "database" / "PG_VERSION"));
    EXPECT_GT(fs::file_size(folder.path() / "data" / "database.log"), 0u);
}

TEST(ClusterTest, IsDurablePrivateAndWithoutATcpPort)
{
    auto* cluster = DatabaseServer::get().cluster();
    if (!cluster)
        GTEST_SKIP() << "the tests run on a server given from outside";
    db::Connection connection(cluster->conninfo());
    auto const show = [&](std::string const& name) {
        return std::string(connection.exec("show " + name).text(0, 0));
    };

    EXPECT_EQ(show("listen_addresses"), "");
    EXPECT_EQ(show("fsync"), "on");
    EXPECT_EQ(show("full_page_writes"), "on");
    EXPECT_EQ(show("synchronous_commit"), "on");
    EXPECT_EQ(show("data_checksums"), "on");
    EXPECT_EQ(show("server_encoding"), "UTF8");
    EXPECT_EQ(show("lc_collate"), "C");
    EXPECT_EQ(show("max_wal_size"), "1GB");
    EXPECT_EQ(show("log_error_verbosity"), "terse");
    struct stat socket{};
    ASSERT_EQ(::stat(PQhost(connection.handle()), &socket), 0);
    EXPECT_EQ(socket.st_mode & 07777, 0700u);
}

TEST(ClusterTest, HealsAfterEverythingWasKilled)
{
    TemporaryFolder folder;
    auto const cluster = db::PrivateCluster::start(folder.path(), {});
    db::Connection(cluster->conninfo()).exec("create table kept as select 42 as x");
    db::Database base(cluster->conninfo(), 2);
    auto const question = [](db::Reader& r) { return db::get<int>(r, "select x from kept"); };
    ASSERT_EQ(base.read_now(question), 42);
    auto const before = cluster->postmaster();

    kill_all(*cluster);
    ASSERT_TRUE(heals(*cluster));

    EXPECT_NE(cluster->postmaster(), before);
    EXPECT_EQ(base.read_now(question), 42);
}

TEST(ClusterTest, HealsAfterThePostmasterAloneWasKilled)
{
    TemporaryFolder folder;
    auto const cluster = db::PrivateCluster::start(folder.path(), {});
    db::Connection const lingering(cluster->conninfo());

    ::kill(cluster->postmaster(), SIGKILL);

    EXPECT_TRUE(heals(*cluster));
}

TEST(ClusterTest, HealsAfterOneBackendWasKilled)
{
    TemporaryFolder folder;
    auto const cluster = db::PrivateCluster::start(folder.path(), {});
    auto const before = cluster->postmaster();

    db::Connection victim(cluster->conninfo());
    ::kill(PQbackendPID(victim.handle()), SIGKILL);

    EXPECT_TRUE(heals(*cluster));
    EXPECT_EQ(cluster->postmaster(), before);
}

TEST(ClusterTest, AGuestUsesWhatRunsAndLeavesItRunning)
{
    TemporaryFolder folder;
    auto const owner = db::PrivateCluster::start(folder.path(), {});
    auto guest = db::PrivateCluster::start(folder.path(), {}, db::Tenancy::guest);

    EXPECT_TRUE(guest->attached());
    EXPECT_EQ(guest->postmaster(), owner->postmaster());
    guest.reset();
    EXPECT_TRUE(answers(owner->conninfo()));
}

TEST(ClusterTest, AnAttachedOneIsHealedToo)
{
    TemporaryFolder folder;
    auto const owner = db::PrivateCluster::start(folder.path(), {});
    auto const guest = db::PrivateCluster::start(folder.path(), {}, db::Tenancy::guest);

    // Nobody reaps the postmaster: it stays as a zombie, which looks alive by its number.
    kill_all(*owner);
    EXPECT_TRUE(heals(*guest));
    owner->supervise();

    EXPECT_FALSE(guest->attached());
    EXPECT_TRUE(owner->attached());
    EXPECT_EQ(owner->postmaster(), guest->postmaster());
}

TEST(ClusterTest, ServesAfterTheServerThatStartedItWasKilled)
{
    TemporaryFolder folder;
    auto const server = start_in_another_process(folder.path());

    ::kill(server, SIGKILL);
    auto const cluster = db::PrivateCluster::start(folder.path(), {});

    // Whether it was still running, stopping or down by then.
    EXPECT_TRUE(heals(*cluster));
    ::waitpid(server, nullptr, 0);
    cluster->stop();
    EXPECT_FALSE(answers(cluster->conninfo()));
}

TEST(ClusterTest, ServesWhenServerAndDatabaseWereKilledTogether)
{
    TemporaryFolder folder;
    auto const server = start_in_another_process(folder.path());
    {
        auto const guest = db::PrivateCluster::start(folder.path(), {}, db::Tenancy::guest);
        ::kill(server, SIGKILL);
        kill_all(*guest);
    }

    auto const cluster = db::PrivateCluster::start(folder.path(), {});

    EXPECT_TRUE(answers(cluster->conninfo()));
    ::waitpid(server, nullptr, 0);
}

TEST(ClusterTest, AnInterruptedInitdbLeavesNoHalfCluster)
{
    TemporaryFolder folder;
    {
        auto const cluster = db::PrivateCluster::start(folder.path(), {});
    }
    auto const real = fs::canonical(folder.path() / "database");
    fs::rename(real, real.parent_path() / "database.new-interrupted");
    fs::remove(real.parent_path() / "database.new-interrupted" / "PG_VERSION");

    auto const cluster = db::PrivateCluster::start(folder.path(), {});

    EXPECT_TRUE(answers(cluster->conninfo()));
    EXPECT_FALSE(fs::exists(real.parent_path() / "database.new-interrupted"));
}

}
}
