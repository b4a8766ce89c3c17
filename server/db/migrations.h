// Brings a database to the schema that this program was built with: the numbered files of schema/, forward
// only, each in one transaction, under a lock that only one process gets at a time.
#pragma once

#include "base/embedded.h"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kutsu::db
{

// The database is not one this program may change; what() says what to do.
class MigrationRefused : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

struct MigrationReport
{
    int before = 0; // 0: the database was empty
    int after = 0;
    std::vector<std::string> applied; // file names
};

struct SchemaStatus
{
    int version = 0; // applied last; 0: none
    int wanted = 0;
    std::vector<std::string> applied; // file names
    std::vector<std::string> pending;
    std::string problem; // why migrate() would refuse, or empty

    bool is_current() const { return problem.empty() && pending.empty(); }
};

// A file that fails leaves nothing behind. Throws MigrationRefused, SqlError and DatabaseAway.
MigrationReport migrate(std::string const& connection_string,
                        std::vector<EmbeddedFile> const& files = embedded_schema());

// Changes nothing. Throws SqlError and DatabaseAway: a question that fails is not an empty database.
SchemaStatus status(std::string const& connection_string,
                    std::vector<EmbeddedFile> const& files = embedded_schema());

}
