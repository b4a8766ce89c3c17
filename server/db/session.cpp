#include "db/session.h"

#include "db/error.h"
#include "db/last_failure.h"
#include "db/raw.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kutsu::db
{
namespace
{

constexpr int most_repeats = 3;

// Limits stand here because a waiter that gives up cannot stop a statement. Commits wait for the disk even
// where the server's configuration says otherwise: what was answered is stored.
constexpr char settings[] = R"(
    set statement_timeout = '5s';
    set lock_timeout = '2s';
    set idle_in_transaction_session_timeout = '10s';
    set timezone = 'UTC';
    set datestyle = 'ISO, YMD';
    set client_encoding = 'UTF8';
    set standard_conforming_strings = on;
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off')";

// Only superusers may choose the language of messages; nothing depends on it but the readability of logs.
constexpr char wishes[] = "set lc_messages = 'C'";

// A session that the server ended while it was idle still looks open: its socket has the farewell to be read.
bool ended_while_idle(PGconn* connection)
{
    pollfd waiting{PQsocket(connection), POLLIN, 0};
    // Twice: the end of the stream comes after the farewell.
    for (int i = 0; i < 2 && ::poll(&waiting, 1, 0) > 0; ++i) {
        if (PQconsumeInput(connection) == 0 || PQstatus(connection) != CONNECTION_OK)
            return true;
    }
    return false;
}

// Statements of our own: no values, no rows.
void run(PGconn* connection, char const* statement)
{
    Rows const result(PQexec(connection, statement));
    check(connection, result.handle());
}

}

void Reachability::failed()
{
    away_ = true;
    not_before_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
}

void SpareSocket::take(int socket) noexcept
{
    std::lock_guard const lock(mutex_);
    if (descriptor_ >= 0)
        ::close(descriptor_);
    descriptor_ = socket >= 0 ? ::fcntl(socket, F_DUPFD_CLOEXEC, 3) : -1;
}

void SpareSocket::cut() noexcept
{
    std::lock_guard const lock(mutex_);
    if (descriptor_ >= 0)
        ::shutdown(descriptor_, SHUT_RDWR);
}

Session::Session(std::string connection_string, Reachability& reachability)
    : connection_string_(std::move(connection_string)), reachability_(reachability)
{}

Session::~Session()
{
    close();
}

PGconn* Session::handle() const
{
    if (!sql_ || !sql_->get_backend())
        return nullptr;
    return static_cast<soci::postgresql_session_backend*>(sql_->get_backend())->conn_;
}

bool Session::is_lost() const
{
    return !handle() || PQstatus(handle()) != CONNECTION_OK;
}

void Session::close() noexcept
{
    spare_.take(-1);
    sql_.reset();
}

void Session::open()
{
    close();
    try {
        sql_ = std::make_unique<soci::session>(soci::postgresql, connection_uri(connection_string_));
    } catch (soci::soci_error const& error) {
        // No statement ran yet, so the text holds nobody's data, only why the server was not reached.
        throw DatabaseAway(error.what());
    }
    spare_.take(PQsocket(handle()));
    listen_to(handle(), last_word_);
    ignore_notices(handle());
    run(handle(), settings);
    try {
        run(handle(), wishes);
    } catch (SqlError const&) { // NOLINT(bugprone-empty-catch): wishes that this server may refuse
    }
}

void Session::ensure_open()
{
    if (!is_lost() && !ended_while_idle(handle()))
        return;
    if (reachability_.just_tried())
        throw DatabaseAway("the database does not accept connections");
    try {
        try_to_open();
    } catch (std::exception const&) {
        reachability_.failed();
        throw;
    }
    reachability_.succeeded();
}

void Session::try_to_open()
{
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(2000);
    for (auto pause = std::chrono::milliseconds(20);;
         pause = std::min(pause * 2, std::chrono::milliseconds(200))) {
        try {
            return open();
        } catch (std::exception const& error) {
            close();
            if (std::chrono::steady_clock::now() + pause >= deadline)
                throw DatabaseAway(
                    fmt::format("the database does not accept connections: {}", describe(error)));
        }
        std::this_thread::sleep_for(pause);
    }
}

void Session::say(char const* statement)
{
    if (is_lost())
        throw DatabaseAway("the session of the database is lost");
    run(handle(), statement);
}

void Session::begin(char const* how)
{
    begun_ = false;
    ensure_open();
    try {
        say(how);
    } catch (DatabaseAway const&) {
        // Nothing was done yet, so another session is as good.
        close();
        ensure_open();
        say(how);
    }
    begun_ = true;
}

void Session::begin_read()
{
    begin("begin isolation level repeatable read read only");
}

void Session::begin_write()
{
    begin("begin isolation level read committed read write");
}

void Session::commit()
{
    // PostgreSQL answers COMMIT of a failed transaction with a friendly ROLLBACK: a swallowed error must not
    // pass as stored.
    if (!is_lost() && PQtransactionStatus(handle()) == PQTRANS_INERROR)
        throw SqlError(last_failure());
    if (is_lost())
        throw DatabaseAway("the session of the database was lost before the commit");
    Rows const result(PQexec(handle(), "commit"));
    // Before anything else: without the server's word the outcome is open, whatever libpq made of it.
    if (is_lost())
        throw OutcomeUnknown();
    check(handle(), result.handle());
    if (result.tag() != "COMMIT")
        throw SqlError("25P02");
}

void Session::rollback() noexcept
{
    if (is_lost())
        return close();
    if (PQtransactionStatus(handle()) == PQTRANS_IDLE)
        return;
    Rows const result(PQexec(handle(), "rollback"));
    if (is_lost() || PQtransactionStatus(handle()) != PQTRANS_IDLE)
        close();
}

void Session::retry_or_rethrow(int attempt, bool harmless)
{
    bool const lost = is_lost();
    try {
        throw;
    } catch (OutcomeUnknown const&) {
        close();
        throw;
    } catch (std::exception const& error) {
        auto const failure = failure_of(error);
        bool const away = lost || means_away(failure.sqlstate);
        rollback();
        // Asking again changes nothing, and a lost session is opened anew.
        if (away && begun_ && harmless && attempt == 1)
            return;
        if (dynamic_cast<DatabaseAway const*>(&error))
            throw;
        if (away)
            throw DatabaseAway("the session of the database was lost");
        // Deadlock and serialisation: the only ones that are worth another try.
        if ((failure.sqlstate == "40001" || failure.sqlstate == "40P01") && attempt <= most_repeats)
            return;
        if (!failure.sqlstate.empty())
            throw SqlError(failure);
        throw;
    }
}

}
