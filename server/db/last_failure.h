// What the server said about the statement that failed last on this thread. SOCI drops the constraint's name
// and puts values into its message; libpq tells both exactly, through an event of the connection.
#pragma once

#include "db/error.h"

#include <atomic>
#include <chrono>

typedef struct pg_conn PGconn;

namespace kutsu::db
{

using LastWord = std::atomic<std::chrono::steady_clock::time_point>;

// From now on failures of this connection are remembered, and when the server answered last. `last_word`
// outlives the connection.
void listen_to(PGconn* connection, LastWord& last_word);
// Notices quote names and values, and by itself libpq prints them on standard error.
void ignore_notices(PGconn* connection);
Failure last_failure();

}
