#include "db/postmaster.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <string>
#include <sys/stat.h>

namespace kutsu::db
{
namespace
{

namespace fs = std::filesystem;

enum class Where
{
    elsewhere = 1, // another program, ended, or working in another folder
    here,
    hidden // a PostgreSQL whose folder we may not see (a container without the right to look)
};

// "1234 (postgres) S …": the name, and whether it still lives.
bool is_living_postgres(fs::path const& proc)
{
    std::ifstream file(proc / "stat");
    std::string line;
    std::getline(file, line);
    auto const name = line.find(" (postgres) ");
    return name != std::string::npos && line.find_first_of("ZX", name + 12) != name + 12;
}

Where where_works(fs::path const& proc, fs::path const& cluster)
{
    if (!is_living_postgres(proc))
        return Where::elsewhere;
    std::error_code failed;
    auto const folder = fs::read_symlink(proc / "cwd", failed);
    if (!failed)
        return folder == cluster ? Where::here : Where::elsewhere;
    return failed == std::errc::permission_denied ? Where::hidden : Where::elsewhere;
}

fs::path proc_of(pid_t process)
{
    return fmt::format("/proc/{}", process);
}

bool same_owner(fs::path const& proc, fs::path const& cluster)
{
    struct stat process{}, folder{};
    return ::stat(proc.c_str(), &process) == 0 && ::stat(cluster.c_str(), &folder) == 0 &&
           process.st_uid == folder.st_uid;
}

std::optional<pid_t> number(std::string const& text)
{
    pid_t value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() && end == text.data() + text.size() && value > 0 ? std::optional(value)
                                                                                  : std::nullopt;
}

}

bool works_in(pid_t process, fs::path const& cluster)
{
    auto const proc = proc_of(process);
    auto const where = where_works(proc, cluster);
    return where == Where::here || (where == Where::hidden && same_owner(proc, cluster));
}

// Lines: process, data folder, start, port, socket folder, address, shared memory, state.
std::optional<RunningPostmaster> running_postmaster(fs::path const& cluster)
{
    std::ifstream file(cluster / "postmaster.pid");
    std::string process, line, socket;
    std::getline(file, process);
    for (int i = 0; i < 3; ++i)
        std::getline(file, line);
    std::getline(file, socket);
    auto const pid = number(process);
    if (!pid || !works_in(*pid, cluster))
        return std::nullopt;
    return RunningPostmaster{*pid, socket};
}

LeftProcesses processes_in(fs::path const& cluster)
{
    LeftProcesses left;
    std::error_code none;
    for (auto const& each : fs::directory_iterator("/proc", none)) {
        auto const process = number(each.path().filename().string());
        if (!process)
            continue;
        auto const where = where_works(each.path(), cluster);
        if (where == Where::here)
            left.processes.push_back(*process);
        if (where == Where::hidden && same_owner(each.path(), cluster))
            left.complete = false;
    }
    return left;
}

void remove_stale_locks(fs::path const& cluster, fs::path const& socket)
{
    std::error_code none;
    fs::remove(cluster / "postmaster.pid", none);
    fs::remove(socket / ".s.PGSQL.5432.lock", none);
}

}
