#include "feeds/feed_contents.h"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <set>
#include <string_view>

namespace kutsu::feeds
{
namespace
{

using events::Event;

constexpr date::days window(400);

date::sys_days first_day(events::Span const& span)
{
    return date::floor<date::days>(span.starts.at);
}

// The midnight with which its last day ends.
date::sys_days day_after(Instant end)
{
    return date::ceil<date::days>(end);
}

bool belongs(Event const& event, FeedKey const& key)
{
    switch (key.scope) {
    case Scope::all:
        return true;
    case Scope::event:
        return event.slug == key.name;
    case Scope::kind:
        return event.kind == key.name;
    case Scope::city:
        return event.venue && event.venue->city_slug == key.name;
    case Scope::project:
        return event.project && event.project->id == key.name;
    case Scope::personal:
        break;
    }
    return false;
}

// Collects a feed's contents as of one moment.
class Collector
{
public:
    Collector(FeedKey const& key, Instant now) : key_(key), now_(now)
    {
        if (key.scope == Scope::all || key.scope == Scope::kind)
            contents_.found = Found::here;
    }

    void add(events::EventPtr const& event)
    {
        if (!events::is_public(*event) || !belongs(*event, key_))
            return;
        contents_.found = Found::here;
        contents_.example = event;
        note_changes(*event);
        if (left_window(event->span.ends.at))
            return;
        contents_.events.push_back(event);
        hash_event(*event);
        auto const is_on = first_day(event->span) <= now_ && now_ < day_after(event->span.ends.at);
        contents_.event_day = contents_.event_day || (is_on && event->status != "cancelled");
    }

    void add(Departure const& departure)
    {
        if (!std::ranges::binary_search(departure.feeds, feed_name(key_)))
            return;
        bool const forgotten = forgotten_at(departure) <= now_;
        note(departure.gone_at);
        note(forgotten_at(departure));
        // A city or project may have events again: who subscribed to it stays subscribed.
        if (contents_.found != Found::here)
            contents_.found = forgotten && key_.scope == Scope::event ? Found::gone : Found::here;
        if (forgotten)
            return;
        if (left_window(departure.ends_at) || (!departure.event.empty() && !key_.sessions))
            return;
        contents_.departures.push_back(&departure);
        hash(departure.id, departure.modified, departure.sequence);
    }

    Contents finish()
    {
        boost::hash_combine(hash_, contents_.event_day);
        boost::hash_combine(hash_, to_ms(contents_.modified));
        contents_.revision = hash_;
        return std::move(contents_);
    }

    bool shows(std::string_view id) const { return shown_.contains(id); }

private:
    // A change that comes by itself counts once its time has come; a clock of an entry may run ahead of ours.
    void note(Instant at)
    {
        if (at <= now_)
            contents_.modified = std::max(contents_.modified, at);
    }

    void note_changes(Event const& event)
    {
        contents_.modified = std::max(contents_.modified, event.calendar_modified);
        if (key_.sessions) {
            for (auto const& session : event.sessions)
                contents_.modified = std::max(contents_.modified, session.calendar_modified);
        }
        note(first_day(event.span));
        note(day_after(event.span.ends.at));
        if (!key_.past_all)
            note(day_after(event.span.ends.at) + window);
    }

    bool left_window(Instant end) const { return !key_.past_all && day_after(end) + window <= now_; }

    void hash(std::string const& id, Instant modified, std::int64_t sequence)
    {
        shown_.insert(id);
        boost::hash_combine(hash_, id);
        boost::hash_combine(hash_, to_ms(modified));
        boost::hash_combine(hash_, sequence);
    }

    void hash_event(Event const& event)
    {
        hash(event.id, event.calendar_modified, event.calendar_sequence);
        boost::hash_combine(hash_, event.status);
        for (auto const& session : event.sessions) {
            hash(session.id, session.calendar_modified, session.calendar_sequence);
            boost::hash_combine(hash_, session.status);
        }
    }

    FeedKey const& key_;
    Instant now_;
    Contents contents_;
    std::size_t hash_ = 0;
    std::set<std::string, std::less<>> shown_;
};

}

Contents contents_of(FeedKey const& key, events::Picture const& picture, Departures const& departures,
                     Instant now)
{
    Collector collector(key, now);
    for (auto const& event : picture.by_start)
        collector.add(event);
    for (auto const& departure : departures) {
        // What is here again is not shown as gone, even before the ledger knows of it.
        if (!collector.shows(departure.id))
            collector.add(departure);
    }
    return collector.finish();
}

}
