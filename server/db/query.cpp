#include "db/query.h"

#include "db/error.h"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

#include <stdexcept>

namespace kutsu::db
{
namespace
{

// In this room's terms; values that SOCI wrote into the message stay behind.
[[noreturn]] void rethrow(soci::session& sql)
{
    try {
        throw;
    } catch (soci::soci_error const& error) {
        auto const failure = failure_of(error);
        auto const* backend = static_cast<soci::postgresql_session_backend*>(sql.get_backend());
        if (!backend || PQstatus(backend->conn_) != CONNECTION_OK || means_away(failure.sqlstate))
            throw DatabaseAway("the connection to the database was lost");
        if (failure.sqlstate.empty())
            throw std::logic_error("a statement's parameters do not match its names");
        throw SqlError(failure);
    }
}

}

Query::Query(Reader& reader, std::string_view text) : reader_(reader), text_(text), statement_(reader.sql) {}

void Query::bind_text(std::optional<std::string> value)
{
    // libpq would cut the text there.
    if (value && value->find('\0') != std::string::npos)
        throw std::domain_error("text with a NUL character cannot be stored");
    auto& indicator = indicators_.emplace_back(value ? soci::i_ok : soci::i_null);
    auto const& text = values_.emplace_back(std::move(value).value_or(std::string()));
    statement_.exchange(soci::use(text, indicator));
}

void Query::ask()
{
    send(true);
}

std::int64_t Query::execute()
{
    send(false);
    return statement_.get_affected_rows();
}

void Query::send(bool with_rows)
{
    try {
        if (with_rows)
            statement_.exchange(soci::into(row_));
        statement_.alloc();
        // One-time: parsed, bound and executed in one round trip.
        statement_.prepare(text_, soci::details::st_one_time_query);
        statement_.define_and_bind();
        statement_.execute(!with_rows);
    } catch (soci::soci_error const&) {
        rethrow(reader_.sql);
    }
}

bool Query::next()
{
    try {
        return statement_.fetch();
    } catch (soci::soci_error const&) {
        rethrow(reader_.sql);
    }
}

}
