#include "db/pipeline.h"

#include "db/connection_string.h"
#include "db/last_failure.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>
#include <utility>

namespace kutsu::db
{
namespace
{

std::string field_of(PGresult const* result, int code)
{
    auto const* text = PQresultErrorField(result, code);
    return text ? text : "";
}

// Also when it has been closed meanwhile. Whoever waits looks again at what there is, so that one time too
// many harms nobody.
void stop_waiting(asio::posix::stream_descriptor& socket)
{
    boost::system::error_code ignored;
    socket.cancel(ignored);
}

PipelineFailure failure_of_call(std::size_t call, PGresult const* result)
{
    return {call, field_of(result, PG_DIAG_SQLSTATE), field_of(result, PG_DIAG_CONSTRAINT_NAME),
            field_of(result, PG_DIAG_MESSAGE_PRIMARY), field_of(result, PG_DIAG_MESSAGE_DETAIL)};
}

}

// Cancels the waiting on the socket when the time is up. What its timer calls may run after it is gone.
class Pipeline::Deadline
{
public:
    Deadline(Pipeline& pipeline, std::chrono::milliseconds patience)
        : state_(std::make_shared<State>(State{false, &pipeline.socket_})),
          timer_(pipeline.executor_, patience)
    {
        timer_.async_wait([state = state_](boost::system::error_code const& stopped) {
            if (stopped || !state->socket)
                return;
            state->is_over = true;
            stop_waiting(*state->socket);
        });
    }
    ~Deadline() { state_->socket = nullptr; }
    Deadline(Deadline const&) = delete;
    Deadline& operator=(Deadline const&) = delete;

    bool is_over() const { return state_->is_over; }

private:
    struct State
    {
        bool is_over;
        asio::posix::stream_descriptor* socket;
    };
    std::shared_ptr<State> state_;
    asio::steady_timer timer_;
};

Pipeline::Pipeline(asio::any_io_executor executor) : executor_(executor), socket_(std::move(executor)) {}

Pipeline::~Pipeline()
{
    close();
}

void Pipeline::close()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
    adopted_ = -1;
    connection_.reset();
    calls_ = 0;
}

void Pipeline::lose(char const* why)
{
    close();
    throw DatabaseAway(why);
}

asio::awaitable<void> Pipeline::open(std::string conninfo, std::string settings,
                                     std::vector<std::pair<std::string, std::string>> statements,
                                     std::chrono::milliseconds patience)
{
    close();
    Deadline deadline(*this, patience);
    co_await connect(std::move(conninfo), deadline);
    ignore_notices(connection_.get());
    if (PQsetnonblocking(connection_.get(), 1) != 0)
        lose("the connection to the database was lost");
    co_await run(std::move(settings), deadline);
    if (PQenterPipelineMode(connection_.get()) != 1)
        lose("the connection to the database was lost");
    co_await prepare(std::move(statements), deadline);
}

// libpq may use another socket for each address it tries.
void Pipeline::adopt_socket()
{
    int const socket = PQsocket(connection_.get());
    if (socket < 0)
        lose("cannot connect to the database");
    if (socket == adopted_ && socket_.is_open())
        return;
    boost::system::error_code failed;
    socket_.close(failed);
    int const copy = ::dup(socket);
    if (copy < 0)
        lose("no file descriptor is left for the database");
    socket_.assign(copy, failed);
    if (failed) {
        ::close(copy);
        lose("cannot connect to the database");
    }
    adopted_ = socket;
}

asio::awaitable<void> Pipeline::connect(std::string conninfo, Deadline& deadline)
{
    connection_.reset(PQconnectStart(complete_connection_string(conninfo).c_str()));
    if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD)
        lose("cannot connect to the database");
    auto state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        adopt_socket();
        co_await wait(state == PGRES_POLLING_WRITING, deadline);
        state = PQconnectPoll(connection_.get());
        // The next address brings another socket, perhaps under the same number.
        adopted_ = -1;
        if (state == PGRES_POLLING_FAILED)
            lose("cannot connect to the database");
    }
    adopt_socket();
}

asio::awaitable<void> Pipeline::run(std::string sql, Deadline& deadline)
{
    if (PQsendQuery(connection_.get(), sql.c_str()) != 1)
        lose("the connection to the database was lost");
    for (;;) {
        co_await until_answered(deadline);
        Rows const rows(PQgetResult(connection_.get()));
        if (!rows.handle())
            co_return;
        check(connection_.get(), rows.handle());
    }
}

asio::awaitable<void> Pipeline::prepare(std::vector<std::pair<std::string, std::string>> statements,
                                        Deadline& deadline)
{
    for (auto const& [name, sql] : statements) {
        if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 1)
            lose("the connection to the database was lost");
        ++calls_;
    }
    sync();
    auto const answer = co_await read_answers(deadline);
    if (answer.failure)
        throw SqlError(answer.failure->sqlstate, answer.failure->constraint);
}

void Pipeline::call(PipelineCall const& asked)
{
    if (!connection_)
        throw DatabaseAway("there is no connection to the database");
    if (PQsendQueryPrepared(connection_.get(), asked.statement, asked.parameters, asked.values, asked.lengths,
                            asked.formats, 0) != 1)
        lose("the connection to the database was lost");
    ++calls_;
}

void Pipeline::sync()
{
    if (!connection_)
        throw DatabaseAway("there is no connection to the database");
    if (PQpipelineSync(connection_.get()) != 1 || PQflush(connection_.get()) < 0)
        lose("the connection to the database was lost");
}

asio::awaitable<PipelineAnswer> Pipeline::receive(std::chrono::milliseconds patience)
{
    Deadline deadline(*this, patience);
    co_return co_await read_answers(deadline);
}

asio::awaitable<PipelineAnswer> Pipeline::read_answers(Deadline& deadline)
{
    PipelineAnswer answer;
    std::size_t results = 0;
    for (;;) {
        co_await until_answered(deadline);
        Rows rows(PQgetResult(connection_.get()));
        if (!rows.handle()) { // after each call's results
            if (PQstatus(connection_.get()) != CONNECTION_OK)
                lose("the connection to the database was lost");
            continue;
        }
        auto const status = PQresultStatus(rows.handle());
        if (status == PGRES_PIPELINE_SYNC)
            break;
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            answer.rows.push_back(std::move(rows));
        } else if (status != PGRES_PIPELINE_ABORTED && !answer.failure) {
            answer.failure = failure_of_call(std::min(results, calls_), rows.handle());
            if (answer.failure->sqlstate.empty() || means_away(answer.failure->sqlstate) ||
                PQstatus(connection_.get()) != CONNECTION_OK)
                lose("the connection to the database was lost");
        }
        ++results;
    }
    if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE ||
        (!answer.failure && answer.rows.size() != calls_))
        lose("the database answered out of step");
    calls_ = 0;
    co_return answer;
}

// Sends what is left and reads, both at once: a server whose answers nobody reads stops reading itself.
asio::awaitable<void> Pipeline::until_answered(Deadline& deadline)
{
    for (;;) {
        int const unsent = PQflush(connection_.get());
        if (unsent < 0)
            co_return; // the next result tells
        if (PQisBusy(connection_.get()) == 0)
            co_return;
        co_await wait(unsent == 1, deadline);
        if (PQconsumeInput(connection_.get()) == 0)
            co_return; // the same
    }
}

asio::awaitable<void> Pipeline::wait(bool to_write, Deadline& deadline)
{
    boost::system::error_code failed;
    auto done = asio::redirect_error(asio::use_awaitable, failed);
    if (to_write) {
        // Whichever comes first: reading goes on as well.
        socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](boost::system::error_code const& stopped) {
                               if (!stopped)
                                   stop_waiting(socket_);
                           });
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_write, done);
    } else {
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, done);
    }
    if (deadline.is_over())
        lose("the database does not answer");
}

void Pipeline::watch(std::function<void()> then)
{
    if (connection_)
        socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [then = std::move(then)](boost::system::error_code const& stopped) {
                               if (!stopped)
                                   then();
                           });
}

void Pipeline::unwatch()
{
    stop_waiting(socket_);
}

void Pipeline::look()
{
    if (connection_ &&
        (PQconsumeInput(connection_.get()) == 0 || PQstatus(connection_.get()) != CONNECTION_OK))
        close();
}

}
