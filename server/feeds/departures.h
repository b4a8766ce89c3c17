// What has left public calendars: a session taken out of its programme, an event no longer public, an event
// that moved to another city. Readers drop or keep what merely vanishes as they please, so it stays there as
// cancelled (R37, R38). Values and pure rules; the database's part is in departures_store.h.
#pragma once

#include "events/catalogue.h"

#include <memory>
#include <string>
#include <vector>

namespace kutsu::feeds
{

// No more than the public has seen; a title is kept only of a session whose event is still public.
struct Departure
{
    std::string id;                 // of the event or session
    std::vector<std::string> feeds; // which it has left, sorted
    std::string event;              // of a session: its event; empty: this is an event
    std::string event_slug;         // empty when its page is gone
    Text title;
    Instant starts_at;
    std::string starts_zone;
    Instant ends_at;
    std::string ends_zone;
    std::int64_t sequence = 0;
    Instant modified;
    Instant created_at;
    Instant gone_at;

    friend bool operator==(Departure const&, Departure const&) = default;
};
using Departures = std::vector<Departure>;
using DeparturesPtr = std::shared_ptr<Departures const>;

// It is in these feeds again.
struct Return
{
    std::string id;
    std::vector<std::string> feeds;

    friend bool operator==(Return const&, Return const&) = default;
};

struct Movements
{
    Departures left;
    std::vector<Return> back;

    bool empty() const { return left.empty() && back.empty(); }
};

// From one picture of the catalogue to the next; `known` are the departures so far.
Movements compare(events::Picture const& before, events::Picture const& after, Departures const& known,
                  Instant now);
Departures apply_movements(Departures known, Movements const& news);

// When it stops being shown: at a midnight (UTC), 90 days after it has both gone and ended.
Instant forgotten_at(Departure const& departure);

// SEQUENCE and LAST-MODIFIED of a session as feeds show it: what happens to its event happens to it as well.
std::int64_t sequence_of(events::Event const& event, events::Session const& session);
Instant modified_of(events::Event const& event, events::Session const& session);

}
