#include "lane/batches.h"

#include "base/local_time.h"

#include <array>
#include <stdexcept>

namespace kutsu::bench
{
namespace
{

using registration::FastCall;
using registration::Party;

std::vector<Party const*> pointers_to(std::vector<Party> const& parties)
{
    std::vector<Party const*> pointers;
    for (auto const& party : parties)
        pointers.push_back(&party);
    return pointers;
}

std::string exact_rows(std::vector<Party> const& parties)
{
    json::array rows;
    for (auto const& party : parties)
        rows.push_back(registration::exact_row(party));
    return json::serialize(rows);
}

}

Batch::Batch(Instant now, std::vector<Party> const& parties)
    : fast_(std::make_unique<FastCall>(now, pointers_to(parties))), instant_(format_utc(now)),
      exact_(exact_rows(parties))
{}

LaneConnection::LaneConnection(std::string const& conninfo) : connection_(PQconnectdb(conninfo.c_str()))
{
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(connection_.get()));
    checked(PQexec(connection_.get(), "set timezone = 'UTC'"));
    for (auto const& statement : {registration::fast_statement, registration::exact_statement})
        checked(PQprepare(connection_.get(), statement.name, statement.sql, 0, nullptr));
}

void LaneConnection::commit(Batch const& batch, std::map<std::string, std::int64_t>& outcomes)
{
    auto const& call = batch.fast();
    Result result(PQexecPrepared(connection_.get(), registration::fast_statement.name,
                                 FastCall::parameter_count, call.values(), call.lengths(), call.formats(),
                                 0));
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
        outcomes["created"] += batch.size();
        return;
    }
    auto const* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (state == nullptr || std::string_view(state) != registration::not_ordinary)
        throw std::runtime_error(PQresultErrorMessage(result.get()));
    commit_exactly(batch, outcomes);
}

void LaneConnection::commit_exactly(Batch const& batch, std::map<std::string, std::int64_t>& outcomes)
{
    ++exact_batches_;
    std::array<char const*, 2> const values = {batch.instant().c_str(), batch.exact().c_str()};
    auto const result = checked(PQexecPrepared(connection_.get(), registration::exact_statement.name,
                                               values.size(), values.data(), nullptr, nullptr, 0));
    for (int row = 0; row < PQntuples(result.get()); ++row)
        ++outcomes[PQgetvalue(result.get(), row, 0)];
}

LaneConnection::Result LaneConnection::checked(PGresult* result) const
{
    Result owned(result);
    auto const status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQerrorMessage(connection_.get()));
    return owned;
}

}
