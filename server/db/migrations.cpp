#include "db/migrations.h"

#include "base/secret.h"
#include "db/raw.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace kutsu::db
{
namespace
{

// Any number that nobody else uses: the first bytes of "kutsu".
constexpr char lock[] = "select pg_advisory_lock(465759171957)";

constexpr char create_table[] = R"(
    create table schema_version (
        version    int         constraint schema_version_pk primary key,
        name       text        not null,
        checksum   text        not null,
        applied_at timestamptz not null
    );
    comment on table schema_version is 'The numbered files of the schema that were applied to this database.')";

struct Step
{
    int number = 0;
    std::string name;
    std::string_view sql;
    std::string checksum;
};

struct Applied
{
    std::string name;
    std::string checksum;
};
using History = std::map<int, Applied>; // by number

int number_of(std::string_view name)
{
    int number = 0;
    auto const [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (name.size() < 5 || failed != std::errc() || end != name.data() + 4 || *end != '_')
        throw std::logic_error(fmt::format("schema file {} is not named NNNN_topic.sql", name));
    return number;
}

std::vector<Step> steps_of(std::vector<EmbeddedFile> const& files)
{
    std::vector<Step> steps;
    for (auto const& file : files)
        steps.push_back(
            {number_of(file.path), std::string(file.path), file.bytes, to_hex(sha256(file.bytes))});
    std::ranges::sort(steps, {}, &Step::number);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].number != static_cast<int>(i) + 1)
            throw std::logic_error(fmt::format("schema file {:04} is missing or there twice", i + 1));
    }
    return steps;
}

bool has_history(Connection& connection)
{
    return !connection.exec("select to_regclass('schema_version')").is_null(0, 0);
}

History history_of(Connection& connection)
{
    auto const rows = connection.exec("select version, name, checksum from schema_version order by version");
    History history;
    for (int row = 0; row < rows.rows(); ++row) {
        history.emplace(static_cast<int>(rows.integer(row, 0)),
                        Applied{std::string(rows.text(row, 1)), std::string(rows.text(row, 2))});
    }
    return history;
}

std::string foreign_database(Connection& connection)
{
    auto const tables = connection.exec("select count(*) from pg_tables where schemaname = current_schema()");
    if (tables.integer(0, 0) == 0)
        return {};
    return fmt::format(
        "database \"{}\" holds tables of another program: nothing was changed. Give Kutsu an empty "
        "database of its own with --database-url",
        PQdb(connection.handle()));
}

// Why the steps do not continue this history, or empty.
std::string contradiction(std::vector<Step> const& steps, History const& history)
{
    if (!history.empty() && history.rbegin()->first > static_cast<int>(steps.size()))
        return fmt::format(
            "the database has schema version {}, this program knows {} at most: it was used by a newer "
            "Kutsu. Start that version, or restore a backup made before the upgrade",
            history.rbegin()->first, steps.size());
    int expected = 0;
    for (auto const& [number, applied] : history) {
        if (number != ++expected)
            return fmt::format(
                "schema version {} is missing in the database's history although {} was applied: the "
                "table schema_version was changed by hand. Restore a backup",
                expected, number);
        auto const& step = steps[static_cast<std::size_t>(number) - 1];
        if (applied.checksum != step.checksum)
            return fmt::format(
                "{} was applied to the database with other contents than this program has ({}): "
                "one of them was changed afterwards. Start the Kutsu that made this database, or begin "
                "with an empty one",
                applied.name, step.name);
    }
    return {};
}

void apply(Connection& connection, Step const& step)
{
    connection.exec("begin");
    try {
        connection.exec(step.sql);
    } catch (SqlError const& error) {
        throw MigrationRefused(
            fmt::format("schema file {} does not fit this database, nothing of it was kept: {}. "
                        "PostgreSQL's log says which statement",
                        step.name, error.what()));
    }
    connection.exec_params("insert into schema_version values ($1, $2, $3, now())",
                           {std::to_string(step.number), step.name, step.checksum});
    if (connection.exec("commit").tag() != "COMMIT")
        throw std::logic_error(fmt::format("schema file {} was rolled back", step.name));
}

}

MigrationReport migrate(std::string const& connection_string, std::vector<EmbeddedFile> const& files)
{
    auto const steps = steps_of(files);
    Connection connection(connection_string);
    connection.exec(lock);
    if (!has_history(connection)) {
        if (auto const refusal = foreign_database(connection); !refusal.empty())
            throw MigrationRefused(refusal);
        connection.exec(create_table);
    }
    auto const history = history_of(connection);
    if (auto const refusal = contradiction(steps, history); !refusal.empty())
        throw MigrationRefused(refusal);
    MigrationReport report;
    report.before = static_cast<int>(history.size());
    report.after = static_cast<int>(steps.size());
    for (auto const& step : steps) {
        if (history.contains(step.number))
            continue;
        apply(connection, step);
        report.applied.push_back(step.name);
    }
    return report;
}

SchemaStatus status(std::string const& connection_string, std::vector<EmbeddedFile> const& files)
{
    auto const steps = steps_of(files);
    Connection connection(connection_string, std::chrono::milliseconds(5000));
    SchemaStatus status;
    status.wanted = static_cast<int>(steps.size());
    History history;
    if (has_history(connection))
        history = history_of(connection);
    else
        status.problem = foreign_database(connection);
    if (status.problem.empty())
        status.problem = contradiction(steps, history);
    for (auto const& [number, applied] : history) {
        status.version = number;
        status.applied.push_back(applied.name);
    }
    for (auto const& step : steps) {
        if (!history.contains(step.number))
            status.pending.push_back(step.name);
    }
    return status;
}

}
