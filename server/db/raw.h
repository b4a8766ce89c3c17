// A connection of libpq, owned: for what SOCI cannot do (migrations, LISTEN, pipelines). Not for use by two
// threads at once. Errors: SqlError and DatabaseAway; after DatabaseAway the object is good for nothing but
// destruction.
#pragma once

#include "db/connection_string.h"
#include "db/error.h"

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::db
{

// The rows of a statement; also of one that returns none.
class Rows
{
public:
    explicit Rows(PGresult* result) : result_(result) {}

    int rows() const { return PQntuples(result_.get()); }
    int columns() const { return PQnfields(result_.get()); }
    bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
    // "" for null.
    std::string_view text(int row, int column) const;
    std::int64_t integer(int row, int column) const;
    // "COMMIT", "INSERT 0 3".
    std::string_view tag() const { return PQcmdStatus(result_.get()); }
    std::int64_t affected() const;
    PGresult const* handle() const { return result_.get(); }

private:
    struct Clear
    {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    std::unique_ptr<PGresult, Clear> result_;
};

struct Notification
{
    std::string channel;
    std::string payload;
};

using Parameters = std::vector<std::optional<std::string>>;

class Connection
{
public:
    // `patience`: how long a statement may take before the database counts as away; zero: for ever.
    explicit Connection(std::string const& connection_string, std::chrono::milliseconds patience = {});

    // Several statements are allowed, the last one's rows are returned.
    Rows exec(std::string_view sql);
    // One statement with $1, $2 ….
    Rows exec_params(std::string_view sql, Parameters const& parameters);
    void prepare(std::string const& name, std::string_view sql);
    Rows exec_prepared(std::string const& name, Parameters const& parameters);

    // Reads what has arrived without waiting.
    std::vector<Notification> notifications();
    int socket() const { return PQsocket(connection_.get()); }
    bool is_open() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
    bool in_transaction() const { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }
    PGconn* handle() const { return connection_.get(); }

private:
    Rows finish(int sent);
    void wait_until_answered();

    struct Finish
    {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> connection_;
    std::chrono::milliseconds patience_;
};

// Throws SqlError or DatabaseAway when the result is an error.
void check(PGconn* connection, PGresult const* result);

}
