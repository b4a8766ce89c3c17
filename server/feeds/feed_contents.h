// Which events and departures are in a feed at a moment, and when that last changed. Pure; cheap enough to
// ask again for every new picture of the catalogue, so that only what matters makes bytes anew.
#pragma once

#include "events/catalogue.h"
#include "feeds/departures.h"
#include "feeds/feed_key.h"

#include <date/date.h>

#include <cstddef>
#include <vector>

namespace kutsu::feeds
{

enum class Found
{
    here = 1,
    gone, // it was public once and its time as cancelled is over
    never
};

struct Contents
{
    Found found = Found::never;
    std::vector<events::EventPtr> events;     // by start
    std::vector<Departure const*> departures; // not in `events`; they live as long as the list they came from
    events::EventPtr example;                 // an event of this feed, whether in its window or not
    bool event_day = false;                   // something in it is on today
    // The last change, also by mere time: an event began, or left the window. Never the epoch, so that even a
    // calendar that never held anything is newer than the oldest date a reader can name.
    Instant modified = date::sys_days(date::year(2000) / 1 / 1);
    std::size_t revision = 0; // equal revisions give equal entries
};

// What ended less than 400 days ago is still in feeds with a window; days change at 00:00 UTC.
Contents contents_of(FeedKey const& key, events::Picture const& picture, Departures const& departures,
                     Instant now);

}
