// One session of the database, owned by one thread. It sets what every session needs, notices that it was
// lost, is opened again before its next use and knows the way a transaction ended.
#pragma once

#include <soci/soci.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

typedef struct pg_conn PGconn;

namespace kutsu::db
{

// What the sessions of one database tell each other: after one has tried in vain to reach it, the others
// refuse at once for a moment instead of trying, too.
class Reachability
{
public:
    bool away() const { return away_; }
    bool just_tried() const { return std::chrono::steady_clock::now() < not_before_.load(); }
    void failed();
    void succeeded() { away_ = false; }

private:
    std::atomic<bool> away_ = false;
    std::atomic<std::chrono::steady_clock::time_point> not_before_{};
};

// Another descriptor of a session's socket: with it a session that hangs is cut off from another thread.
// libpq may close its own at any time; ours never means something else afterwards.
class SpareSocket
{
public:
    ~SpareSocket() { take(-1); }
    void take(int socket) noexcept;
    void cut() noexcept;

private:
    std::mutex mutex_;
    int descriptor_ = -1;
};

class Session
{
public:
    // Opens nothing yet. `connection_string`: keywords or URI of libpq.
    Session(std::string connection_string, Reachability& reachability);
    ~Session();
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    soci::session& sql() { return *sql_; }
    // Opens the session when it is not open or was lost; tries for two seconds, then throws DatabaseAway.
    void ensure_open();

    // Open the session first. Reads see one moment and cannot write.
    void begin_read();
    void begin_write();
    // Throws when the transaction failed before or could not be committed (SqlError) or when nobody knows
    // (OutcomeUnknown).
    void commit();
    // A session that cannot roll back is closed.
    void rollback() noexcept;
    // For use inside catch (…): ends the transaction. Returns when the same work may be done again, else
    // throws the error in this room's terms. `harmless`: the work changes nothing.
    void retry_or_rethrow(int attempt, bool harmless);

    // From any thread: when the server answered last or work began; and to make whatever the session waits
    // for fail as if the network had failed.
    std::chrono::steady_clock::time_point last_word() const { return last_word_; }
    void work_begins() { last_word_ = std::chrono::steady_clock::now(); }
    void cut() noexcept { spare_.cut(); }

private:
    PGconn* handle() const;
    bool is_lost() const;
    void open();
    void try_to_open();
    void close() noexcept;
    void begin(char const* how);
    void say(char const* statement);

    std::string connection_string_;
    Reachability& reachability_;
    std::atomic<std::chrono::steady_clock::time_point> last_word_{};
    std::unique_ptr<soci::session> sql_;
    SpareSocket spare_;
    bool begun_ = false; // a transaction, since begin() was called last
};

}
