#include "app/commands.h"

#include "app/installation.h"
#include "app/serve.h"
#include "base/log.h"
#include "db/error.h"
#include "db/migrations.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <iostream>

namespace kutsu::app
{
namespace
{

enum ExitCode
{
    done = 0,
    failure = 1,
    configuration = 3,
    database = 4
};

using Run = int (*)(Config const&, CommandLine const&);

int run_config_check(Config const& config, CommandLine const&)
{
    fmt::print("The configuration is fine{}.\n",
               config.file.empty() ? "" : fmt::format(" ({})", config.file));
    return done;
}

int run_config_show(Config const& config, CommandLine const& line)
{
    fmt::print("{}\n", line.json ? show_json(config) : show_text(config));
    return done;
}

constexpr std::array<std::pair<std::string_view, Run>, 15> commands = {{
    {"serve", run_serve},
    {"demo", run_demo},
    {"import", run_import},
    {"export", run_export},
    {"db migrate", run_db_migrate},
    {"db status", run_db_status},
    {"backup", run_backup},
    {"restore", run_restore},
    {"user add", run_user_add},
    {"user list", run_user_list},
    {"user link", run_user_link},
    {"user disable", run_user_disable},
    {"doctor", run_doctor},
    {"config check", run_config_check},
    {"config show", run_config_show},
}};

int run_version(CommandLine const& line)
{
    if (line.json)
        fmt::print("{{\"name\": \"kutsu\", \"version\": \"{}\"}}\n", KUTSU_VERSION);
    else
        fmt::print("kutsu {}\n", KUTSU_VERSION);
    return done;
}

int say(int code, std::string_view what)
{
    fmt::print(stderr, "kutsu: {}\n", what);
    return code;
}

int guarded(Run run, Config const& config, CommandLine const& line)
{
    try {
        return run(config, line);
    } catch (ConfigurationError const& error) {
        return say(configuration, error.what());
    } catch (db::ClusterError const& error) {
        return say(database, error.what());
    } catch (db::MigrationRefused const& error) {
        return say(database, error.what());
    } catch (db::DatabaseAway const& error) {
        return say(
            database,
            fmt::format("{}. Is PostgreSQL running? Leave --database-url out to use the private cluster.",
                        error.what()));
    } catch (db::SqlError const& error) {
        return say(database, error.what());
    } catch (std::exception const& error) {
        return say(failure, db::describe(error));
    }
}

bool serves(std::string_view command)
{
    return command == "serve" || command == "demo";
}

}

int run_command(CommandLine const& line)
{
    if (line.command == "version")
        return run_version(line);
    auto const config = load_config(line.flags);
    if (!config) {
        for (auto const& error : config.error())
            fmt::print(stderr, "{}\n", to_string(error));
        return configuration;
    }
    for (auto const& warning : config->warnings)
        fmt::print(stderr, "warning: {}\n", warning);
    // A command that prints for people is not to talk between.
    init_log(serves(line.command) ? config->log : std::max(config->log, LogLevel::warn));
    for (auto const& [name, run] : commands) {
        if (name == line.command)
            return guarded(run, *config, line);
    }
    return say(2, "there is no such command");
}

int run_serve(Config const& config, CommandLine const&)
{
    DataLock const lock(config.data);
    Installation installation(config, db::Tenancy::owner);
    installation.migrate();
    return serve(config, installation);
}

int run_db_migrate(Config const& config, CommandLine const&)
{
    Installation installation(config, db::Tenancy::guest);
    auto const report = db::migrate(installation.conninfo());
    for (auto const& file : report.applied)
        fmt::print("applied {}\n", file);
    fmt::print("The schema is at version {}.\n", report.after);
    return done;
}

int run_db_status(Config const& config, CommandLine const&)
{
    Installation installation(config, db::Tenancy::guest);
    auto const status = db::status(installation.conninfo());
    fmt::print("The schema is at version {}; this program needs {}.\n", status.version, status.wanted);
    for (auto const& file : status.pending)
        fmt::print("pending {}\n", file);
    if (!status.problem.empty())
        return say(database, status.problem);
    if (!status.is_current())
        fmt::print("Run: kutsu db migrate\n");
    return done;
}

}
