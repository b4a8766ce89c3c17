#include "db/raw.h"

#include "db/last_failure.h"

#include <fmt/format.h>

#include <charconv>
#include <poll.h>
#include <utility>

namespace kutsu::db
{
namespace
{

std::string trimmed(char const* message)
{
    std::string text = message ? message : "";
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::int64_t number_in(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size())
        throw std::domain_error("a column is no whole number");
    return number;
}

std::vector<char const*> pointers(Parameters const& parameters)
{
    std::vector<char const*> texts;
    for (auto const& each : parameters) {
        // libpq would cut the text there.
        if (each && each->find('\0') != std::string::npos)
            throw std::domain_error("text with a NUL character cannot be stored");
        texts.push_back(each ? each->c_str() : nullptr);
    }
    return texts;
}

}

std::string_view Rows::text(int row, int column) const
{
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Rows::integer(int row, int column) const
{
    return number_in(text(row, column));
}

std::int64_t Rows::affected() const
{
    std::string_view const count = PQcmdTuples(result_.get());
    return count.empty() ? 0 : number_in(count);
}

void check(PGconn* connection, PGresult const* result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return;
    default:
        break;
    }
    auto const field = [&](int code) { return trimmed(PQresultErrorField(result, code)); };
    auto const sqlstate = field(PG_DIAG_SQLSTATE);
    if (sqlstate.empty() || means_away(sqlstate) || PQstatus(connection) != CONNECTION_OK)
        throw DatabaseAway("the connection to the database was lost");
    throw SqlError(sqlstate, field(PG_DIAG_CONSTRAINT_NAME));
}

Connection::Connection(std::string const& connection_string, std::chrono::milliseconds patience)
    : connection_(PQconnectdb(complete_connection_string(connection_string).c_str())), patience_(patience)
{
    if (!is_open())
        throw DatabaseAway(
            fmt::format("cannot connect to the database: {}", trimmed(PQerrorMessage(handle()))));
    ignore_notices(handle());
}

Rows Connection::exec(std::string_view sql)
{
    return finish(PQsendQuery(handle(), std::string(sql).c_str()));
}

Rows Connection::exec_params(std::string_view sql, Parameters const& parameters)
{
    auto const texts = pointers(parameters);
    return finish(PQsendQueryParams(handle(), std::string(sql).c_str(), static_cast<int>(texts.size()),
                                    nullptr, texts.data(), nullptr, nullptr, 0));
}

void Connection::prepare(std::string const& name, std::string_view sql)
{
    finish(PQsendPrepare(handle(), name.c_str(), std::string(sql).c_str(), 0, nullptr));
}

Rows Connection::exec_prepared(std::string const& name, Parameters const& parameters)
{
    auto const texts = pointers(parameters);
    return finish(PQsendQueryPrepared(handle(), name.c_str(), static_cast<int>(texts.size()), texts.data(),
                                      nullptr, nullptr, 0));
}

Rows Connection::finish(int sent)
{
    if (!sent)
        throw DatabaseAway("the connection to the database was lost");
    Rows last(nullptr);
    for (;;) {
        wait_until_answered();
        Rows next(PQgetResult(handle()));
        if (!next.handle())
            break;
        // After an error nothing follows that matters more.
        if (PQresultStatus(last.handle()) != PGRES_FATAL_ERROR || !last.handle())
            last = std::move(next);
    }
    check(handle(), last.handle());
    return last;
}

void Connection::wait_until_answered()
{
    auto const deadline = std::chrono::steady_clock::now() + patience_;
    for (int unsent = PQflush(handle()); unsent == 1 || PQisBusy(handle()); unsent = PQflush(handle())) {
        auto const left = deadline - std::chrono::steady_clock::now();
        auto const milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        if (patience_.count() > 0 && milliseconds <= 0)
            throw DatabaseAway("the database does not answer");
        pollfd waiting{socket(), static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN), 0};
        ::poll(&waiting, 1, patience_.count() > 0 ? static_cast<int>(milliseconds) : -1);
        // A lost connection shows up as the next result.
        if (PQconsumeInput(handle()) == 0)
            return;
    }
}

std::vector<Notification> Connection::notifications()
{
    if (PQconsumeInput(handle()) == 0)
        throw DatabaseAway("the connection to the database was lost");
    std::vector<Notification> arrived;
    while (auto* note = PQnotifies(handle())) {
        arrived.push_back({note->relname, note->extra});
        PQfreemem(note);
    }
    return arrived;
}

}
