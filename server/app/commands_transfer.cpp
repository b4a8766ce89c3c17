// kutsu import, export and demo.
#include "accounts/accounts_commands.h"
#include "app/commands.h"
#include "app/installation.h"
#include "app/serve.h"
#include "base/embedded.h"
#include "base/log.h"
#include "db/database.h"
#include "transfer/transfer.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace kutsu::app
{
namespace
{

constexpr std::string_view demo_organiser = "organiser@example.org";

std::optional<std::string> read_file(std::string const& path)
{
    if (path == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

// An installation that is up to date, for one command.
struct Opened
{
    explicit Opened(Config const& config)
        : installation(config, db::Tenancy::guest), clock(make_clock(config))
    {
        installation.migrate();
        keys = installation.keys();
        database.emplace(installation.conninfo(), 1);
    }

    Installation installation;
    std::unique_ptr<Clock> clock;
    SystemRandom random;
    Keys keys;
    std::optional<db::Database> database;
};

// Everything or nothing; what is wrong comes back when it was nothing.
std::expected<transfer::Imported, transfer::FileProblems>
import_text(db::Database& database, std::string const& text, Instant now, Random& random, Keys const& keys)
{
    std::expected<transfer::Imported, transfer::FileProblems> outcome;
    auto const stored = database.write_now([&](db::Transaction& transaction) -> Result<bool> {
        outcome = transfer::import_document(transaction, text, {now, random, keys});
        return outcome ? Result<bool>(true) : refuse(ProblemName::validation);
    });
    if (!stored && outcome)
        throw std::runtime_error("the database did not take the file; nothing was stored");
    return outcome;
}

void load_demo(db::Database& database, Clock const& clock, Random& random, Keys const& keys)
{
    if (!database.read_now(transfer::list_projects).empty())
        return;
    for (auto const& file : embedded_demo()) {
        auto const text = transfer::moved_to_current_week(file.bytes, clock.now());
        if (auto const done = import_text(database, text, clock.now(), random, keys); !done)
            throw std::runtime_error(fmt::format("the demonstration file {} is damaged: {} {}", file.path,
                                                 done.error().front().path, done.error().front().reason));
    }
}

void add_demo_organiser(db::Database& database, Clock const& clock, Random& random)
{
    accounts::NewUser const user{std::string(demo_organiser),
                                 "Olga Organiser",
                                 {accounts::Role::owner, accounts::Reach::site, {}, {}},
                                 {}};
    auto const prepared = accounts::prepare_user(user, random, clock.now());
    if (!prepared)
        return;
    // There already from an earlier start: fine.
    if (auto const added = database.write_now(accounts::add_user, *prepared); !added)
        log_debug("the demonstration's organiser has an account");
}

void print_sign_in_link(Services& services)
{
    accounts::LinkRequest const request{std::string(demo_organiser), random_token(services.random),
                                        services.clock.now(), "en"};
    auto const user = services.db.write_now(accounts::make_sign_in_link, request);
    fmt::print("Open {}/ in a browser.\n", services.site.base_url);
    if (user)
        fmt::print("Organiser's sign-in link, once, within {} minutes: {}{}\n", accounts::link_life.count(),
                   services.site.base_url, accounts::link_path(request.token));
    std::fflush(stdout);
}

}

int run_import(Config const& config, CommandLine const& line)
{
    auto const text = read_file(line.argument);
    if (!text) {
        fmt::print(stderr, "kutsu: {}: cannot be read. Is the path right?\n", line.argument);
        return 1;
    }
    Opened opened(config);
    auto const imported =
        import_text(*opened.database, *text, opened.clock->now(), opened.random, opened.keys);
    if (!imported) {
        fmt::print(stderr, "{}: nothing was imported. {} to correct:\n", line.argument,
                   imported.error().size());
        for (auto const& problem : imported.error())
            fmt::print(stderr, "{}: {}\n", problem.path, problem.reason);
        return 1;
    }
    for (auto const& project : imported->projects)
        fmt::print("Imported {}.\n", project);
    fmt::print("{} events, {} sessions, {} registrations.\n", imported->events, imported->sessions,
               imported->registrations);
    return 0;
}

int run_export(Config const& config, CommandLine const& line)
{
    Opened opened(config);
    auto const text = opened.database->read_now(
        [&](db::Reader& reader) { return transfer::export_project(reader, line.project, opened.keys); });
    if (!text) {
        fmt::print(stderr, "kutsu: there is no project {} to export.\n", line.project.value_or("here"));
        return 1;
    }
    if (line.output.empty()) {
        fmt::print("{}\n", *text);
        return 0;
    }
    std::ofstream stream(line.output, std::ios::binary | std::ios::trunc);
    stream << *text << '\n';
    stream.close();
    if (!stream) {
        fmt::print(stderr, "kutsu: {}: cannot be written.\n", line.output);
        return 1;
    }
    return 0;
}

int run_demo(Config const& config, CommandLine const& line)
{
    DataLock const lock(config.data);
    Installation installation(config, db::Tenancy::owner);
    installation.migrate();
    {
        auto const clock = make_clock(config);
        SystemRandom random;
        auto const keys = installation.keys();
        db::Database database(installation.conninfo(), 1);
        load_demo(database, *clock, random, keys);
        add_demo_organiser(database, *clock, random);
    }
    ServeExtras extras;
    extras.play = line.play;
    extras.say_localhost = true;
    extras.when_ready = print_sign_in_link;
    return serve(config, installation, extras);
}

}
