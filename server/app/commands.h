// What each command does. Exit codes: 0 done, 1 failure, 2 usage, 3 configuration, 4 database.
#pragma once

#include "app/command_line.h"

namespace kutsu::app
{

int run_command(CommandLine const& line);

int run_serve(Config const& config, CommandLine const& line);
int run_demo(Config const& config, CommandLine const& line);
int run_import(Config const& config, CommandLine const& line);
int run_export(Config const& config, CommandLine const& line);
int run_db_migrate(Config const& config, CommandLine const& line);
int run_db_status(Config const& config, CommandLine const& line);
int run_backup(Config const& config, CommandLine const& line);
int run_restore(Config const& config, CommandLine const& line);
int run_user_add(Config const& config, CommandLine const& line);
int run_user_list(Config const& config, CommandLine const& line);
int run_user_link(Config const& config, CommandLine const& line);
int run_user_disable(Config const& config, CommandLine const& line);
int run_doctor(Config const& config, CommandLine const& line);

}
