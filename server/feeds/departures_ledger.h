// Keeps account of what leaves public calendars: compares each picture of the catalogue with the one before,
// tells the shelf at once and the database as soon as it can. Every server process does the same and they
// agree (departures_store.h).
#pragma once

#include "base/clock.h"
#include "events/catalogue.h"
#include "feeds/departures.h"

#include <memory>
#include <mutex>

namespace kutsu::db
{
class Database;
}

namespace kutsu::feeds
{

class FeedShelf;

class DeparturesLedger
{
public:
    DeparturesLedger(db::Database& db, events::Catalogue const& catalogue, Clock const& clock,
                     FeedShelf& shelf)
        : db_(db), catalogue_(catalogue), clock_(clock), shelf_(shelf)
    {}

    // After the catalogue has changed, on a thread that may wait for the database. Never throws: what could
    // not be stored is shown all the same and stored at the next call.
    void note_changes();

private:
    void compare_with_last();
    void save();
    void show(Departures departures);

    db::Database& db_;
    events::Catalogue const& catalogue_;
    Clock const& clock_;
    FeedShelf& shelf_;

    std::mutex guard_;                            // of what follows
    std::shared_ptr<events::Picture const> seen_; // null until the stored ones have been read
    Movements unsaved_;
};

}
