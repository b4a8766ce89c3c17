// Sends what lies in the outbox, after the commit that put it there. One thread in each process; of all
// processes on a database the one that holds the advisory lock does the sending, and when it ends another
// takes over within a second.
//
// A mail is rendered once, stored, sent, marked. A crash between the server's "250" and the mark gives at
// most the same mail again, identical to the byte and by its Message-ID. Database or mail server away:
// nothing is lost, the worker waits and tries again by itself.
#pragma once

#include "base/services.h"
#include "mail/outbox_store.h"
#include "mail/sender.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace kutsu::db
{
class Connection;
}

namespace kutsu::mail
{

class Worker
{
public:
    // Starts at once. `connection_string`: of the same database, for the lock. `guests_wait`: letters then
    // give way for a moment; may be empty.
    Worker(std::string connection_string, db::Database& db, events::Catalogue const& catalogue,
           Clock const& clock, Keys const& keys, Site const& site, std::unique_ptr<Sender> sender,
           Retry retry = {}, std::function<bool()> guests_wait = {});
    ~Worker();
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    // Something may be due: called after commits, from any thread; returns at once.
    void wake();
    // Joins the thread; a transfer under way gets a few seconds to end.
    void stop();

private:
    using Pause = std::chrono::milliseconds;

    void run();
    Pause round();
    bool holds_the_lock();
    std::vector<OutboxRow> take_batch();
    Pause deliver(std::vector<OutboxRow> const& batch);
    void settle(OutboxRow const& row, Outcome const& outcome);
    void mark_accepted();
    void give_way();
    Pause after_unreachable(std::string const& reason);
    void wait(Pause pause);
    bool is_stopping();

    std::string connection_string_;
    db::Database& db_;
    events::Catalogue const& catalogue_;
    Clock const& clock_;
    Keys const& keys_;
    Site const& site_;
    std::unique_ptr<Sender> sender_;
    Retry retry_;
    std::function<bool()> guests_wait_;
    std::chrono::milliseconds patience_left_{0};

    std::unique_ptr<db::Connection> lock_;     // holds the advisory lock while it is open
    std::map<std::int64_t, Instant> accepted_; // by the mail server, not yet marked: not to be sent again
    int unreachable_ = 0;                      // attempts since somebody last answered
    int troubles_ = 0;                         // rounds since one last went well

    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

}
