// kutsu user add | list | link | disable.
#include "accounts/accounts_commands.h"
#include "app/commands.h"
#include "app/installation.h"
#include "base/messages.h"
#include "db/database.h"
#include "net/http.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <iostream>

namespace kutsu::app
{
namespace
{

namespace json = boost::json;

// The accounts of an installation that is up to date, for one command.
struct Accounts
{
    explicit Accounts(Config const& config)
        : installation(config, db::Tenancy::guest), clock(make_clock(config))
    {
        installation.migrate();
        database.emplace(installation.conninfo(), 1);
    }

    Installation installation;
    std::optional<db::Database> database;
    SystemRandom random;
    std::unique_ptr<Clock> clock;
};

int say(Problem const& problem)
{
    auto const detail =
        problem.detail.empty() ? fmt::format("problem.{}.detail", wire_name(problem.name)) : problem.detail;
    fmt::print(stderr, "kutsu: {}\n", message("en", detail, problem.arguments));
    for (auto const& error : problem.errors)
        fmt::print(stderr, "  {}: {}\n", error.field, message("en", error.message, error.arguments));
    return 1;
}

std::string base_url(Config const& config)
{
    if (!config.base_url.empty())
        return config.base_url;
    auto const port = config.listen.port == 0 ? 8080 : config.listen.port;
    return fmt::format("http://{}:{}",
                       config.listen.address == "127.0.0.1" ? "localhost" : config.listen.address, port);
}

std::optional<std::string> read_password()
{
    std::string password;
    std::getline(std::cin, password);
    return password;
}

}

int run_user_add(Config const& config, CommandLine const& line)
{
    auto const role = accounts::role_named(line.role);
    if (!role) {
        fmt::print(stderr,
                   "kutsu: --role {}: choose owner, organiser, editor, translator, press_officer, "
                   "travel_officer, door or viewer\n",
                   line.role);
        return 2;
    }
    Accounts accounts(config);
    accounts::NewUser user{line.argument, line.name, {*role, accounts::Reach::site, {}, {}}, {}};
    if (line.password_stdin)
        user.password = read_password();
    auto const prepared = accounts::prepare_user(user, accounts.random, accounts.clock->now());
    if (!prepared)
        return say(prepared.error());
    auto const added = accounts.database->write_now(accounts::add_user, *prepared);
    if (!added)
        return say(added.error());
    fmt::print("{} <{}> may now sign in as {}.\n", added->name, added->email, line.role);
    if (!line.password_stdin)
        fmt::print("Print a sign-in link with: kutsu user link {}\n", added->email);
    return 0;
}

int run_user_list(Config const& config, CommandLine const& line)
{
    Accounts accounts(config);
    auto const users = accounts.database->read_now(accounts::list_users);
    json::array list;
    for (auto const& user : users) {
        json::array roles;
        std::string words;
        for (auto const& grant : user.grants) {
            roles.emplace_back(accounts::name_of(grant.role));
            words += fmt::format("{}{}{}", words.empty() ? "" : ", ", accounts::name_of(grant.role),
                                 grant.id.empty() ? "" : fmt::format(" of {}", grant.id));
        }
        list.push_back({{"id", user.id},
                        {"email", user.email},
                        {"name", user.name},
                        {"roles", std::move(roles)},
                        {"disabled", user.is_disabled}});
        if (!line.json)
            fmt::print("{}\t{}\t{}{}\n", user.email, user.name, words, user.is_disabled ? "\tdisabled" : "");
    }
    if (line.json)
        fmt::print("{}\n", json::serialize(list));
    return 0;
}

int run_user_link(Config const& config, CommandLine const& line)
{
    Accounts accounts(config);
    accounts::LinkRequest const request{line.argument, random_token(accounts.random), accounts.clock->now(),
                                        "en"};
    auto const user = accounts.database->write_now(accounts::make_sign_in_link, request);
    if (!user)
        return say(user.error());
    fmt::print("{}{}\n", base_url(config), accounts::link_path(request.token));
    fmt::print(stderr, "The link works once, within {} minutes.\n", accounts::link_life.count());
    return 0;
}

int run_user_disable(Config const& config, CommandLine const& line)
{
    Accounts accounts(config);
    accounts::Disabling const disabling{line.argument, accounts.clock->now()};
    auto const user = accounts.database->write_now(accounts::disable_user, disabling);
    if (!user)
        return say(user.error());
    fmt::print("{} can no longer sign in.\n", user->email);
    return 0;
}

}
