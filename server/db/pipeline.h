// A connection of libpq in pipeline mode, driven on an Asio loop: several calls of prepared statements travel
// together, are one transaction (one Sync) and are answered together. Never blocks; all members are called on
// the loop's thread. DatabaseAway from any member: the connection is closed, open() makes a new one.
#pragma once

#include "db/raw.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::db
{

namespace asio = boost::asio;

// Parameters as PQsendQueryPrepared takes them; lengths and formats may be null (all text).
struct PipelineCall
{
    char const* statement = nullptr;
    int parameters = 0;
    char const* const* values = nullptr;
    int const* lengths = nullptr;
    int const* formats = nullptr;
};

// Why a transaction was rolled back.
struct PipelineFailure
{
    std::size_t call = 0; // which one failed; the number of calls when the commit did
    std::string sqlstate;
    std::string constraint;
    std::string message; // only of what our own functions raise is it free of people's data
    std::string detail;  // the same
};

struct PipelineAnswer
{
    std::vector<Rows> rows; // one a call, when there is no failure
    std::optional<PipelineFailure> failure;
};

class Pipeline
{
public:
    explicit Pipeline(asio::any_io_executor executor);
    ~Pipeline();
    Pipeline(Pipeline const&) = delete;
    Pipeline& operator=(Pipeline const&) = delete;

    // Connects, runs `settings`, prepares; throws DatabaseAway, also after `patience`.
    asio::awaitable<void> open(std::string conninfo, std::string settings,
                               std::vector<std::pair<std::string, std::string>> statements,
                               std::chrono::milliseconds patience);
    bool is_open() const { return connection_ != nullptr; }
    void close();

    // Queues a call; the parameters are copied. Throws DatabaseAway.
    void call(PipelineCall const& call);
    // Ends the transaction and sends as much as the socket takes. Throws DatabaseAway.
    void sync();
    // What became of everything since the last sync(). DatabaseAway: the connection broke or the patience
    // ended, and only asking again tells whether it was committed.
    asio::awaitable<PipelineAnswer> receive(std::chrono::milliseconds patience);

    // Calls back once, when the server says something while nothing was asked: usually that it goes away.
    // Until then, or until unwatch(), nothing else may be asked.
    void watch(std::function<void()> then);
    void unwatch();
    // Closes the connection when it is lost; after a watch().
    void look();

private:
    struct Finish
    {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    class Deadline;

    asio::awaitable<void> connect(std::string conninfo, Deadline& deadline);
    asio::awaitable<void> run(std::string sql, Deadline& deadline);
    asio::awaitable<void> prepare(std::vector<std::pair<std::string, std::string>> statements,
                                  Deadline& deadline);
    asio::awaitable<PipelineAnswer> read_answers(Deadline& deadline);
    asio::awaitable<void> until_answered(Deadline& deadline);
    asio::awaitable<void> wait(bool to_write, Deadline& deadline);
    void adopt_socket();
    [[noreturn]] void lose(char const* why);

    asio::any_io_executor executor_;
    std::unique_ptr<PGconn, Finish> connection_;
    // A duplicate of the connection's socket: libpq closes its own.
    asio::posix::stream_descriptor socket_;
    int adopted_ = -1;
    std::size_t calls_ = 0;
};

}
