#include "db/error.h"

#include "db/last_failure.h"

#include <boost/core/demangle.hpp>
#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <typeinfo>

namespace kutsu::db
{
namespace
{

std::string sentence(std::string const& sqlstate, std::string const& constraint)
{
    if (sqlstate.empty())
        return "the database refused a statement";
    if (constraint.empty())
        return fmt::format("the database refused a statement with SQLSTATE {}", sqlstate);
    return fmt::format("the database refused a statement with SQLSTATE {} for {}", sqlstate, constraint);
}

}

SqlError::SqlError(std::string sqlstate_, std::string constraint_)
    : std::runtime_error(sentence(sqlstate_, constraint_)), sqlstate(std::move(sqlstate_)),
      constraint(std::move(constraint_))
{}

Failure failure_of(std::exception const& error)
{
    if (auto const* ours = dynamic_cast<SqlError const*>(&error))
        return {ours->sqlstate, ours->constraint};
    if (auto const* sql = dynamic_cast<soci::postgresql_soci_error const*>(&error)) {
        auto const last = last_failure();
        // SOCI keeps the SQLSTATE but not the constraint; libpq told us both.
        return last.sqlstate == sql->sqlstate() ? last : Failure{sql->sqlstate(), {}};
    }
    return {};
}

std::string describe(std::exception const& error)
{
    if (auto const failure = failure_of(error); !failure.sqlstate.empty())
        return sentence(failure.sqlstate, failure.constraint);
    // SOCI's own messages quote the statement's parameters.
    if (dynamic_cast<soci::soci_error const*>(&error))
        return "SOCI refused a statement, a parameter or a row";
    if (dynamic_cast<SqlError const*>(&error) || dynamic_cast<DatabaseAway const*>(&error))
        return error.what();
    return fmt::format("{}: {}", boost::core::demangle(typeid(error).name()), error.what());
}

bool means_away(std::string const& sqlstate)
{
    // Class 08: connection; 57P01 to 57P05: stopping, crashed, starting, database dropped, idle session
    // ended; 53300: no connection left; 25P03: idle in a transaction for too long, which ends the session.
    return sqlstate.starts_with("08") || sqlstate.starts_with("57P") || sqlstate == "53300" ||
           sqlstate == "25P03";
}

}
