// kutsu backup and restore: PostgreSQL's own tools do the work; the vault's key is the operator's to keep.
#include "app/commands.h"
#include "app/installation.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace kutsu::app
{
namespace
{

std::string tool(std::string const& name)
{
    for (auto version = 20; version >= 15; --version) {
        auto const path = fmt::format("/usr/lib/postgresql/{}/bin/{}", version, name);
        if (std::filesystem::exists(path))
            return path;
    }
    return name;
}

// Runs a program and waits; its exit code.
int run_tool(std::vector<std::string> arguments)
{
    std::vector<char*> raw;
    for (auto& argument : arguments)
        raw.push_back(argument.data());
    raw.push_back(nullptr);
    pid_t child = 0;
    if (::posix_spawnp(&child, raw[0], nullptr, nullptr, raw.data(), environ) != 0) {
        fmt::print(stderr, "kutsu: {} cannot be started. Install the PostgreSQL client.\n", arguments[0]);
        return 1;
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}

int run_backup(Config const& config, CommandLine const& line)
{
    Installation installation(config, db::Tenancy::guest);
    auto const unfinished = line.argument + ".unfinished";
    int const code = run_tool({tool("pg_dump"), "--format=custom", "--no-owner", "--file=" + unfinished,
                               "--dbname=" + installation.conninfo()});
    if (code != 0) {
        std::filesystem::remove(unfinished);
        fmt::print(stderr, "kutsu: the backup failed; {} was not written.\n", line.argument);
        return 4;
    }
    std::filesystem::permissions(unfinished,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::rename(unfinished, line.argument);
    fmt::print("Wrote {}. Keep a copy of {} in another place: without it passport data stays sealed.\n",
               line.argument, (config.data / "vault.key").string());
    return 0;
}

int run_restore(Config const& config, CommandLine const& line)
{
    DataLock const lock(config.data);
    if (!std::filesystem::exists(line.argument)) {
        fmt::print(stderr, "kutsu: {}: there is no such file.\n", line.argument);
        return 1;
    }
    Installation installation(config, db::Tenancy::guest);
    int const code = run_tool({tool("pg_restore"), "--clean", "--if-exists", "--no-owner",
                               "--single-transaction", "--dbname=" + installation.conninfo(), line.argument});
    if (code != 0) {
        fmt::print(stderr, "kutsu: the file could not be restored; the database is as it was.\n");
        return 4;
    }
    installation.migrate();
    fmt::print("Restored {}.\n", line.argument);
    return 0;
}

}
