// Public calendars over HTTP (contract §4): which events are in which feed, ready-made bytes per feed,
// revalidation. Answers come from memory only: the catalogue, and what has left it lately. A seat taken
// changes no feed. Handlers run on any thread.
#pragma once

#include "base/services.h"
#include "net/http.h"

#include <memory>
#include <vector>

namespace kutsu::feeds
{

class Feeds
{
public:
    explicit Feeds(Services& services);
    ~Feeds();
    Feeds(Feeds const&) = delete;
    Feeds& operator=(Feeds const&) = delete;

    // Must not outlive this object.
    std::vector<net::Route> routes();

    // The reader of the change log calls this after the catalogue has changed, on a thread that may wait for
    // the database: remembers what left public calendars, so that it stays there as cancelled. Never throws;
    // what the database could not take is tried again at the next call.
    void note_changes();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}
