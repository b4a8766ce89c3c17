// What runs in a cluster's folder, as the kernel tells it: a process number alone decides nothing, it may be
// a zombie or belong to somebody else by now.
#pragma once

#include <filesystem>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace kutsu::db
{

// A process of PostgreSQL that works in this folder and is no zombie.
bool works_in(pid_t process, std::filesystem::path const& cluster);

struct RunningPostmaster
{
    pid_t process = 0;
    std::filesystem::path socket; // folder
};

// From postmaster.pid, when the process named there lives.
std::optional<RunningPostmaster> running_postmaster(std::filesystem::path const& cluster);

struct LeftProcesses
{
    std::vector<pid_t> processes; // that work in the folder
    bool complete = true;         // false: some of PostgreSQL's processes did not let us see where they work
};
LeftProcesses processes_in(std::filesystem::path const& cluster);

// Lock files of a postmaster that ended without cleaning up. Only when nothing works in the folder any more.
void remove_stale_locks(std::filesystem::path const& cluster, std::filesystem::path const& socket);

}
