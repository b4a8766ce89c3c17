#include "db/last_failure.h"

#include <libpq-events.h>
#include <libpq-fe.h>

namespace kutsu::db
{
namespace
{

thread_local Failure last;

std::string field(PGresult const* result, int code)
{
    auto const* text = PQresultErrorField(result, code);
    return text ? text : "";
}

int on_event(PGEventId event, void* info, void* last_word)
{
    if (event == PGEVT_RESULTCREATE) {
        *static_cast<LastWord*>(last_word) = std::chrono::steady_clock::now();
        auto const* result = static_cast<PGEventResultCreate*>(info)->result;
        if (PQresultStatus(result) == PGRES_FATAL_ERROR)
            last = {field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_CONSTRAINT_NAME)};
    }
    return 1;
}

}

void listen_to(PGconn* connection, LastWord& last_word)
{
    PQregisterEventProc(connection, on_event, "kutsu", &last_word);
}

void ignore_notices(PGconn* connection)
{
    PQsetNoticeReceiver(connection, [](void*, PGresult const*) {}, nullptr);
}

Failure last_failure()
{
    return last;
}

}
