// Everything the public may read, in memory: immutable events, replaced as a whole when the change log says
// so. Reads work while the database is away; `as_of` tells how old the picture is.
#pragma once

#include "events/event.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
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
    // All, also those that are not public. Vectors, because a picture is copied for every change, hundreds of
    // times a second in a rush.
    std::vector<EventPtr> by_slug;
    std::vector<EventPtr> by_start;
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
    void replace(std::vector<EventPtr> events, Instant as_of);
    void remove(std::string_view slug, Instant as_of);
    void touch(Instant as_of); // the log was read and said nothing new

    // True while the database cannot be reached; pages then say how old they are.
    bool away() const;
    void set_away(bool away);

    // Calls back, once and on any thread, when the event is seen here at this version or later: at once if it
    // is, and after `patience` whatever happens (give_up_waiting()). So whoever changed something reads it
    // afterwards.
    void when_seen(std::string_view slug, std::int64_t version, std::move_only_function<void()> then);
    // Lets those go who have waited too long; called now and then.
    void give_up_waiting();
    static constexpr std::chrono::milliseconds patience{250};

private:
    struct Waiting
    {
        std::int64_t version;
        std::chrono::steady_clock::time_point until;
        std::move_only_function<void()> then;
    };
    using Queue = std::vector<Waiting>;

    // `changed` are the slugs of events that may be newer now.
    void swap(std::shared_ptr<Picture> next, std::vector<std::string> const& changed);
    void let_everybody_go(std::function<bool(Waiting const&)> const& ready);
    // Moves those that are ready into `going`; the lock is held.
    static void part(Queue& queue, Queue& going, std::function<bool(Waiting const&)> const& ready);

    mutable std::mutex guard_;
    std::map<std::string, Queue, std::less<>> waiting_; // by slug
    std::shared_ptr<Picture const> picture_ = std::make_shared<Picture>();
    bool away_ = false;
};

// when_seen() for coroutines: resumes on the caller's executor.
boost::asio::awaitable<void> seen(Catalogue& catalogue, std::string slug, std::int64_t version);

}
