// Reads the change log of all events as it grows, whichever process wrote it. One thread with a connection of
// its own looks whenever it is notified and once a second anyway: a lost notification costs time, never
// truth.
#pragma once

#include "base/clock.h"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kutsu::db
{

class Connection;

struct Change
{
    std::int64_t event_id = 0;
    std::string event_slug;
    std::int64_t event_version = 0;
    std::string kind;
    boost::json::value payload; // {"changes": […]}
    std::string actor;
    std::string origin;
    Instant at;
};

struct EventVersion
{
    std::int64_t event_id = 0;
    std::int64_t version = 0;
};

// All are called on the follower's thread. One that throws is called again with the same at the next look.
struct ChangeCallbacks
{
    // New rows, for each event strictly by version.
    std::function<void(std::vector<Change> const&)> on_changes;
    // Events that came to be or vanished. The first look reports every event as appeared, and changes up to
    // that version are not reported; of an event that appears later all changes follow. An event whose
    // version went back (a restored backup) vanishes and appears in the same call.
    std::function<void(std::vector<EventVersion> const& appeared, std::vector<std::int64_t> const& vanished)>
        on_events;
    // The database went away (true) or came back (false).
    std::function<void(bool away)> on_away;
};

class ChangeFollower
{
public:
    // Starts at once; any callback may be empty.
    ChangeFollower(std::string connection_string, ChangeCallbacks callbacks);
    ~ChangeFollower();
    ChangeFollower(ChangeFollower const&) = delete;
    ChangeFollower& operator=(ChangeFollower const&) = delete;

    // Rows that this process wrote and committed itself, from any thread: where they follow on what has been
    // reported they need not be read; where they do not, the log is read as ever.
    void feed(std::vector<Change> changes);

    // Joins the thread; no callback comes afterwards. Not from within a callback.
    void stop();

private:
    void run();
    void connect_and_follow();
    void follow(Connection& connection);
    bool is_called(Connection& connection);
    void look(Connection& connection);
    void deliver_fed();
    void compare_events(std::map<std::int64_t, std::int64_t> const& present);
    void deliver_changes(Connection& connection, std::map<std::int64_t, std::int64_t> const& present);
    void set_away(bool away);
    // Until the socket (-1: none) has something to read, something was fed or the time is over; false when
    // stopping.
    bool wait(int socket, std::chrono::milliseconds time);

    std::string connection_string_;
    ChangeCallbacks callbacks_;
    std::map<std::int64_t, std::int64_t> seen_; // event → last version reported
    bool began_ = false;
    bool away_ = false;
    bool must_look_ = false;
    std::chrono::steady_clock::time_point looked_;
    std::mutex guard_; // of what was fed
    std::vector<Change> fed_;
    int stop_signal_ = -1; // eventfd
    int fed_signal_ = -1;  // the same
    std::thread thread_;
};

}
