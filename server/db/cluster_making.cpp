#include "db/cluster_making.h"

#include "base/secret.h"
#include "db/private_cluster.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace kutsu::db
{
namespace
{

namespace fs = std::filesystem;

constexpr std::uintmax_t longest_log = 10'000'000;
constexpr std::streamoff last_words_length = 600;

// Left by a start that was killed.
void remove_unfinished(fs::path const& base)
{
    std::error_code none;
    for (auto const& each : fs::directory_iterator(base, none)) {
        if (each.path().filename().string().starts_with("database.new-"))
            fs::remove_all(each.path(), none);
    }
}

void make_durable(fs::path const& folder)
{
    int const opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::fsync(opened);
    ::close(opened);
}

std::vector<std::string> initdb_arguments(fs::path const& folder)
{
    return {"--pgdata=" + folder.string(),
            "--username=kutsu",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
            "--auth-local=trust",
            "--auth-host=reject",
            "--no-instructions"};
}

}

void make_cluster(ClusterPlace const& place, PostgresPrograms const& programs)
{
    auto const base = place.cluster.parent_path();
    remove_unfinished(base);
    SystemRandom random;
    auto const unfinished = base / ("database.new-" + random_public_id(random));
    make_private_folder(unfinished, place.account);
    int const log = open_cluster_log(place);
    auto const process =
        launch({programs.folder / "initdb", initdb_arguments(unfinished), place.account, log, SIGKILL});
    ::close(log);
    if (auto const status = wait_for(process); status != 0)
        throw ClusterError(fmt::format("initdb could not make a database in {} (exit status {}). It said: {}",
                                       place.cluster.string(), status, last_words(place)));
    if (::rename(unfinished.c_str(), place.cluster.c_str()) != 0)
        throw ClusterError(fmt::format("the new database cannot be moved to {}: {}", place.cluster.string(),
                                       std::strerror(errno)));
    make_durable(base);
}

int open_cluster_log(ClusterPlace const& place)
{
    std::error_code none;
    if (auto const size = fs::file_size(place.log, none); !none && size > longest_log)
        fs::rename(place.log, place.log.string() + ".1", none);
    int const opened = ::open(place.log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0)
        throw ClusterError(fmt::format("{} cannot be written: {}", place.log.string(), std::strerror(errno)));
    return opened;
}

std::string last_words(ClusterPlace const& place)
{
    std::ifstream log(place.log);
    log.seekg(0, std::ios::end);
    auto const size = static_cast<std::streamoff>(log.tellg());
    log.seekg(std::max<std::streamoff>(0, size - last_words_length));
    std::string words(std::istreambuf_iterator<char>(log), {});
    if (size > last_words_length)
        words.erase(0, words.find('\n') + 1);
    while (!words.empty() && words.back() == '\n')
        words.pop_back();
    return fmt::format("{} (more in {})", words.empty() ? "nothing" : words, place.log.string());
}

}
