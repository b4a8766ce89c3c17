// Where a private cluster lies: folders with odd names, closed to PostgreSQL's account, or holding something
// else.
#include "db/database.h"
#include "db/private_cluster.h"
#include "db/rows.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <fstream>

namespace kutsu::test
{
namespace
{

namespace fs = std::filesystem;

// Too long for a socket's address, and with what PostgreSQL and libpq take for separators.
class OddPathTest : public testing::TestWithParam<std::string>
{};

TEST_P(OddPathTest, IsNoObstacle)
{
    TemporaryFolder folder;

    auto const cluster = db::PrivateCluster::start(folder.path() / GetParam(), {});
    db::Database base(cluster->conninfo(), 1);

    EXPECT_EQ(base.read_now([](db::Reader& r) { return db::get<int>(r, "select 1"); }), 1);
    fs::path const socket = PQhost(db::Connection(cluster->conninfo()).handle());
    EXPECT_LE(socket.string().size(), 90u);
    cluster->stop();
    fs::remove_all(socket);
}

INSTANTIATE_TEST_SUITE_P(ClusterPlaceTest, OddPathTest,
                         testing::Values(std::string(90, 'x'), "it's a \"q\" \\ path", "one, two"));

TEST(ClusterPlaceTest, AFolderOpenToItsAccountHoldsTheClusterItself)
{
    TemporaryFolder folder;

    auto const cluster = db::PrivateCluster::start(folder.path(), {});

    EXPECT_EQ(cluster->folder(), fs::canonical(folder.path()) / "database");
    EXPECT_FALSE(fs::is_symlink(folder.path() / "database"));
}

TEST(ClusterPlaceTest, OurOwnFolderLetsItsAccountPassAndNobodyElse)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root gives the cluster to another account";
    TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0700));

    auto const cluster = db::PrivateCluster::start(folder.path(), {});

    EXPECT_EQ(cluster->folder(), fs::canonical(folder.path()) / "database");
    EXPECT_EQ(fs::status(folder.path()).permissions(), fs::perms(0710));
    cluster->stop();
}

TEST(ClusterPlaceTest, BelowAClosedFolderLiesALink)
{
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root gives the cluster to another account";
    TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0700));
    auto const data = folder.path() / "data";
    auto cluster = db::PrivateCluster::start(data, {});
    db::Connection(cluster->conninfo()).exec("create table kept as select 42 as x");
    cluster.reset();

    cluster = db::PrivateCluster::start(data, {});

    EXPECT_EQ(db::Connection(cluster->conninfo()).exec("select x from kept").integer(0, 0), 42);
    EXPECT_EQ(fs::read_symlink(data / "database"), cluster->folder());
    EXPECT_EQ(cluster->folder().string().find("/var/lib/kutsu/"), 0u);
    cluster->stop();
    fs::remove_all(cluster->folder().parent_path());
}

TEST(ClusterPlaceTest, ForeignFilesAreNotTouched)
{
    TemporaryFolder folder;
    fs::create_directory(folder.path() / "database");
    std::ofstream(folder.path() / "database" / "diary.txt") << "dear diary";

    EXPECT_THROW(db::PrivateCluster::start(folder.path(), {}), db::ClusterError);

    EXPECT_TRUE(fs::exists(folder.path() / "database" / "diary.txt"));
}

TEST(ClusterPlaceTest, AClusterOfAnotherVersionIsExplained)
{
    TemporaryFolder folder;
    fs::create_directory(folder.path() / "database");
    std::ofstream(folder.path() / "database" / "PG_VERSION") << "99\n";

    try {
        db::PrivateCluster::start(folder.path(), {});
        FAIL() << "there is no PostgreSQL 99";
    } catch (db::ClusterError const& error) {
        EXPECT_NE(std::string(error.what()).find("install the package postgresql-99"), std::string::npos);
    }
}

}
}
