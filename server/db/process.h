// Starting PostgreSQL's programs, under an account without privileges when we are root.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace kutsu::db
{

struct Account
{
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
};

// By name or number; empty when there is none.
std::optional<Account> find_account(std::string const& name);
std::optional<Account> find_account(uid_t uid);

struct Launch
{
    std::filesystem::path program;
    std::vector<std::string> arguments;
    std::optional<Account> account; // empty: as we are
    int output = -1;                // descriptor for standard output and error; -1: nowhere
    int death_signal = 0;           // sent when the thread that launched it ends
};

// The new process is in a session of its own, so that Ctrl-C on our terminal does not reach it. Throws
// std::system_error when there can be no new process; a program that cannot be executed exits with 127.
pid_t launch(Launch const& launch);
// Waits for its end; the exit status, or 128 plus the signal's number.
int wait_for(pid_t process);
// What a program prints; empty when it fails.
std::string output_of(std::filesystem::path const& program, std::vector<std::string> const& arguments);

// Whether the account may use what lies in a folder whose name it knows.
bool can_enter(Account const& account, std::filesystem::path const& folder);

}
