// Everything the public may read, in memory: immutable events, replaced as a whole when the change log says so. Reads
// work while the database is away; `as_of` tells how old the picture is.
#pragma once

#include "events/event.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace kutsu::events
{

using EventPtr = std::shared_ptr<Event const>;

// A picture of all events at one moment; hold it as long as you like.
struct Picture
{
    std::map<std::string, EventPtr, std::less<>> by_slug;
    std::vector<EventPtr> by_start; // all, also those that are not public
    Instant as_of;

    EventPtr find(std::string_view slug) const;        // null when there is none
    EventPtr find_public(std::string_view slug) const; // null when the public must not know of it
};

class Catalogue
{
public:
    std::shared_ptr<Picture const> picture() const;
    EventPtr find(std::string_view slug) const { return picture()->find(slug); }
    EventPtr find_public(std::string_view slug) const { return picture()->find_public(slug); }

    void replace_all(std::vector<EventPtr> events, Instant as_of);
    void replace(EventPtr event, Instant as_of);
    void remove(std::string_view slug, Instant as_of);
    void touch(Instant as_of); // the log was read and said nothing new

    // True while the database cannot be reached; pages then say how old they are.
    bool away() const;
    void set_away(bool away);

private:
    void swap(std::shared_ptr<Picture> next);

    mutable std::mutex guard_;
    std::shared_ptr<Picture const> picture_ = std::make_shared<Picture>();
    bool away_ = false;
};

}
