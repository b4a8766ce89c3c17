// The command line: commands, their arguments, and every option of the configuration as a flag.
#pragma once

#include "base/config.h"

#include <expected>
#include <optional>
#include <string>

namespace kutsu::app
{

struct CommandLine
{
    std::string command; // "serve", "db migrate", …
    FlagValues flags;
    std::string argument;               // FILE or EMAIL
    std::string name;                   // user add --name
    std::string role;                   // user add --role
    bool password_stdin = false;        // user add --password-stdin
    std::optional<std::string> project; // export --project
    std::string output;                 // export --output
    bool json = false;
    bool play = false;
};

// The exit code instead when there is nothing to do: help was asked for (0), the line makes no sense (2).
std::expected<CommandLine, int> read_command_line(int argc, char** argv);

}
