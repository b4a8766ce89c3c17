#include "db/cluster_place.h"

#include "base/secret.h"
#include "db/private_cluster.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace kutsu::db
{
namespace
{

namespace fs = std::filesystem;

constexpr char shared_base[] = "/var/lib/kutsu";

// Whoever owns the cluster has to run it; a new one made as root belongs to an account without privileges.
std::optional<Account> account_for(fs::path const& cluster)
{
    if (::geteuid() != 0)
        return std::nullopt;
    struct stat found{};
    if (::stat((cluster / "PG_VERSION").c_str(), &found) == 0 && found.st_uid != 0) {
        if (auto owner = find_account(found.st_uid))
            return owner;
    }
    for (auto const* name : {"postgres", "nobody"}) {
        if (auto account = find_account(name))
            return account;
    }
    throw ClusterError(
        "PostgreSQL does not run as root, and there is neither an account \"postgres\" nor \"nobody\": "
        "install the package postgresql, or start Kutsu as an ordinary user");
}

// A folder that both root and the account reach. The link to it comes first: a start that is interrupted
// afterwards finds its way back.
fs::path place_outside(fs::path const& link, Account const& account)
{
    SystemRandom random;
    auto const base = fs::path(shared_base) / random_public_id(random);
    fs::create_directories(shared_base);
    make_private_folder(base, account);
    fs::create_directory_symlink(base / "database", link);
    return base;
}

// The data folder itself is ours: its group becomes the account's, which may pass through it and no more.
void let_pass(fs::path const& data_folder, Account const& account)
{
    struct stat found{};
    if (::stat(data_folder.c_str(), &found) == 0 && found.st_uid == ::geteuid() &&
        ::chown(data_folder.c_str(), static_cast<uid_t>(-1), account.gid) == 0)
        ::chmod(data_folder.c_str(), (found.st_mode & 07707) | 0010);
}

fs::path base_of(fs::path const& data_folder, std::optional<Account> const& account)
{
    auto const link = data_folder / "database";
    if (fs::is_symlink(link))
        return fs::read_symlink(link).parent_path();
    if (account && !can_enter(*account, data_folder) && can_enter(*account, data_folder.parent_path()))
        let_pass(data_folder, *account);
    if (!account || can_enter(*account, data_folder))
        return data_folder;
    if (fs::exists(link))
        throw ClusterError(
            fmt::format("the account {} cannot reach its database in {}: give it the right to pass "
                        "through the folders above (chmod o+x), or move the data folder",
                        account->name, link.string()));
    return place_outside(link, *account);
}

fs::path socket_folder(fs::path const& base, std::optional<Account> const& account)
{
    auto usual = base / "run";
    // For libpq a comma separates hosts, and there is no way around that.
    if (usual.string().size() <= longest_socket_folder && usual.string().find(',') == std::string::npos)
        return usual;
    auto const* runtime = std::getenv("XDG_RUNTIME_DIR");
    // The runtime folder of root is closed to the account.
    fs::path const parent = runtime && *runtime == '/' && !account ? runtime : "/tmp";
    return parent / ("kutsu-" + to_hex(sha256(base.string())).substr(0, 16));
}

}

void make_private_folder(fs::path const& folder, std::optional<Account> const& account)
{
    auto const fail = [&](std::string const& why) {
        throw ClusterError(
            fmt::format("the folder {} cannot be used for the private database: {}", folder.string(), why));
    };
    bool const made = ::mkdir(folder.c_str(), 0700) == 0;
    if (!made && errno != EEXIST)
        fail(std::strerror(errno));
    // By descriptor, so that nobody exchanges what lies in /tmp between the check and the change.
    int const opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0)
        fail("it is no folder, or a link");
    struct stat found{};
    ::fstat(opened, &found);
    auto const owner = account ? account->uid : ::geteuid();
    bool const acceptable = found.st_uid == owner || found.st_uid == ::geteuid();
    bool const changed = acceptable && ::fchmod(opened, 0700) == 0 &&
                         (!account || ::fchown(opened, account->uid, account->gid) == 0);
    ::close(opened);
    if (!acceptable)
        fail(fmt::format(
            "it belongs to the user with the number {}. Start Kutsu as that user or as root, or remove it",
            found.st_uid));
    if (!changed)
        fail("its owner or mode cannot be changed");
}

std::optional<int> cluster_version(fs::path const& cluster)
{
    if (std::ifstream version(cluster / "PG_VERSION"); version) {
        int major = 0;
        if (version >> major)
            return major;
    }
    std::error_code absent;
    if (fs::exists(cluster, absent) && !fs::is_empty(cluster, absent))
        throw ClusterError(
            fmt::format("{} is no PostgreSQL cluster although it holds files: move it away, and Kutsu "
                        "makes a new one",
                        cluster.string()));
    return std::nullopt;
}

ClusterPlace find_cluster_place(fs::path const& data_folder)
{
    try {
        fs::create_directories(data_folder);
        ClusterPlace place;
        place.data_folder = fs::canonical(data_folder);
        place.log = place.data_folder / "database.log";
        place.account = account_for(place.data_folder / "database");
        auto const base = fs::weakly_canonical(base_of(place.data_folder, place.account));
        if (!fs::exists(base))
            make_private_folder(base, place.account);
        place.cluster = base / "database";
        place.socket = socket_folder(base, place.account);
        make_private_folder(place.socket, place.account);
        return place;
    } catch (fs::filesystem_error const& error) {
        throw ClusterError(fmt::format("the data folder {} cannot be prepared: {}", data_folder.string(),
                                       error.code().message()));
    }
}

}
