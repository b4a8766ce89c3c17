#include "app/command_line.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kutsu::app
{
namespace
{

// Adds a command whose name is stored when it is the one.
CLI::App* add_command(CLI::App& parent, CommandLine& line, std::string const& name, std::string const& help)
{
    auto* command = parent.add_subcommand(name, help);
    command->fallthrough();
    auto const full = parent.get_parent() ? parent.get_name() + " " + name : name;
    command->callback([&line, full] {
        if (line.command.empty())
            line.command = full;
    });
    return command;
}

CLI::App* add_group(CLI::App& app, std::string const& name, std::string const& help)
{
    auto* group = app.add_subcommand(name, help);
    group->fallthrough();
    group->require_subcommand(1);
    return group;
}

void add_server_commands(CLI::App& app, CommandLine& line)
{
    add_command(app, line, "serve", "Run the server; brings the database schema up to date first");
    auto* demo = add_command(app, line, "demo", "Load the demonstration projects and serve them");
    demo->add_flag("--play", line.play, "Visitors register and sessions move, to see the live page live");
}

void add_data_commands(CLI::App& app, CommandLine& line)
{
    add_command(app, line, "import", "Load a project file (kutsu-import/1): all or nothing")
        ->add_option("FILE", line.argument, "The file; - for standard input")
        ->required();
    auto* exporting = add_command(app, line, "export", "Write a project as a file of the same format");
    exporting->add_option("--project", line.project, "Id of the project; needed when there are several");
    exporting->add_option("--output", line.output, "Write to this file instead of standard output");
    auto* db = add_group(app, "db", "The database schema");
    add_command(*db, line, "migrate", "Bring the schema up to date");
    add_command(*db, line, "status", "Say which schema there is and which is needed");
    add_command(app, line, "backup", "Write the database to a file")
        ->add_option("FILE", line.argument)
        ->required();
    add_command(app, line, "restore", "Read the database from such a file; what is there now is replaced")
        ->add_option("FILE", line.argument)
        ->required();
}

void add_user_commands(CLI::App& app, CommandLine& line)
{
    auto* user = add_group(app, "user", "People who sign in");
    auto* add = add_command(*user, line, "add", "Add somebody");
    add->add_option("EMAIL", line.argument)->required();
    add->add_option("--name", line.name, "Their name")->required();
    add->add_option("--role", line.role,
                    "owner, organiser, editor, translator, press_officer, travel_officer, door or viewer")
        ->required();
    add->add_flag("--password-stdin", line.password_stdin, "Read a password from standard input");
    add_command(*user, line, "list", "List them")->add_flag("--json", line.json);
    add_command(*user, line, "link", "Print a one-time sign-in link")
        ->add_option("EMAIL", line.argument)
        ->required();
    add_command(*user, line, "disable", "Lock somebody out")->add_option("EMAIL", line.argument)->required();
}

void add_operator_commands(CLI::App& app, CommandLine& line)
{
    add_command(app, line, "doctor", "Check what operators get wrong and say what to do about it");
    auto* config = add_group(app, "config", "The configuration");
    add_command(*config, line, "check", "Say what is wrong with it");
    add_command(*config, line, "show", "Print every option and where its value came from")
        ->add_flag("--json", line.json);
    add_command(app, line, "version", "Print the version")->add_flag("--json", line.json);
}

}

std::expected<CommandLine, int> read_command_line(int argc, char** argv)
{
    CommandLine line;
    CLI::App app("Seminars, press conferences and study trips across borders", "kutsu");
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "Help of all commands");
    add_options(app, line.flags);
    add_server_commands(app, line);
    add_data_commands(app, line);
    add_user_commands(app, line);
    add_operator_commands(app, line);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return std::unexpected(app.exit(error) == 0 ? 0 : 2);
    }
    return line;
}

}
