#include "feeds/departures.h"

#include "feeds/feed_key.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace kutsu::feeds
{
namespace
{

using events::Event;
using events::Session;
using Names = std::vector<std::string>;

constexpr date::days kept_for(90);

Names without(Names const& names, Names const& others)
{
    Names rest;
    std::ranges::set_difference(names, others, std::back_inserter(rest));
    return rest;
}

Names united(Names const& names, Names const& others)
{
    Names all;
    std::ranges::set_union(names, others, std::back_inserter(all));
    return all;
}

Names common(Names const& names, Names const& others)
{
    Names both;
    std::ranges::set_intersection(names, others, std::back_inserter(both));
    return both;
}

// Its calendar clock moves: strictly later than anything shown of it before (R34).
void touch(Departure& departure, Instant now)
{
    departure.sequence += 1;
    departure.modified =
        std::max<Instant>(date::floor<std::chrono::seconds>(now),
                          date::floor<std::chrono::seconds>(departure.modified) + std::chrono::seconds(1));
    departure.gone_at = now;
}

void stamp(Departure& departure, events::Span const& span, Instant now)
{
    departure.starts_at = span.starts.at;
    departure.starts_zone = span.starts.time_zone;
    departure.ends_at = span.ends.at;
    departure.ends_zone = span.ends.time_zone;
    touch(departure, now);
}

Departure departed(Event const& event, Names feeds, bool still_public, Instant now)
{
    Departure departure{event.id, std::move(feeds), {}, still_public ? event.slug : "", {}};
    departure.sequence = event.calendar_sequence;
    departure.modified = event.calendar_modified;
    departure.created_at = event.created_at;
    stamp(departure, event.span, now);
    return departure;
}

Departure departed(Event const& event, Session const& session, Names feeds, bool still_public, Instant now)
{
    Departure departure{session.id, std::move(feeds), event.id, still_public ? event.slug : "", {}};
    departure.sequence = sequence_of(event, session);
    departure.modified = modified_of(event, session);
    departure.created_at = session.created_at;
    stamp(departure, session.span, now);
    return departure;
}

Event const* public_one(events::EventPtr const& event)
{
    return event && events::is_public(*event) ? event.get() : nullptr;
}

// Sessions that the programme no longer has, in the feeds where the event itself stays.
void compare_sessions(Event const& before, Event const& after, Names const& feeds, Instant now,
                      Departures& left)
{
    for (auto const& session : before.sessions) {
        if (std::ranges::find(after.sessions, session.id, &Session::id) != after.sessions.end())
            continue;
        left.push_back(departed(before, session, feeds, true, now));
        left.back().title = session.title;
    }
}

void compare_event(Event const& before, Event const* after, Instant now, Departures& left)
{
    auto const was_in = feeds_of(before);
    auto const is_in = after ? feeds_of(*after) : Names();
    if (auto const gone_from = without(was_in, is_in); !gone_from.empty()) {
        left.push_back(departed(before, gone_from, after != nullptr, now));
        for (auto const& session : before.sessions)
            left.push_back(departed(before, session, gone_from, after != nullptr, now));
    }
    if (after)
        compare_sessions(before, *after, common(was_in, is_in), now, left);
}

// Sessions that left before their event was hidden have been seen with their titles; those go now too.
void hide_earlier_ones(Departures const& known, Instant now, Departures& left)
{
    auto const hidden = [&](Departure const& session) {
        return !session.event_slug.empty() && std::ranges::any_of(left, [&](Departure const& each) {
            return each.id == session.event && each.event_slug.empty();
        });
    };
    Departures bare;
    for (auto const& session : known) {
        if (session.event.empty() || !hidden(session))
            continue;
        bare.push_back(session);
        bare.back().event_slug.clear();
        bare.back().title = Text();
        touch(bare.back(), now);
    }
    std::ranges::move(bare, std::back_inserter(left));
}

// Where everything is that is public now.
std::map<std::string, Names, std::less<>> whereabouts(events::Picture const& picture)
{
    std::map<std::string, Names, std::less<>> places;
    for (auto const& event : picture.by_start) {
        if (!events::is_public(*event))
            continue;
        auto const feeds = feeds_of(*event);
        places[event->id] = feeds;
        for (auto const& session : event->sessions)
            places[session.id] = feeds;
    }
    return places;
}

// One departure for each id: a session may leave one feed with its event and the rest by itself.
void add(Departures& known, Departure const& news)
{
    auto const place = std::ranges::find(known, news.id, &Departure::id);
    if (place == known.end()) {
        known.push_back(news);
        return;
    }
    auto const feeds = united(place->feeds, news.feeds);
    auto const title = news.title.empty() ? place->title : news.title;
    bool const still_public = !news.event_slug.empty();
    *place = news;
    place->feeds = feeds;
    if (still_public)
        place->title = title;
}

}

Movements compare(events::Picture const& before, events::Picture const& after, Departures const& known,
                  Instant now)
{
    Movements movements;
    Departures left;
    for (auto const& event : before.by_slug) {
        auto const& slug = event->slug;
        auto const next = after.find(slug);
        if (auto const* was = public_one(event); was && next != event)
            compare_event(*was, public_one(next), now, left);
    }
    hide_earlier_ones(known, now, left);
    for (auto const& departure : left)
        add(movements.left, departure);
    if (known.empty())
        return movements;
    auto const places = whereabouts(after);
    for (auto const& departure : known) {
        auto const place = places.find(departure.id);
        auto const back = place == places.end() ? Names() : common(departure.feeds, place->second);
        if (!back.empty())
            movements.back.push_back({departure.id, back});
    }
    return movements;
}

Departures apply_movements(Departures known, Movements const& news)
{
    for (auto const& [id, feeds] : news.back) {
        auto const place = std::ranges::find(known, id, &Departure::id);
        if (place != known.end())
            place->feeds = without(place->feeds, feeds);
    }
    std::erase_if(known, [](Departure const& departure) { return departure.feeds.empty(); });
    for (auto const& departure : news.left)
        add(known, departure);
    return known;
}

Instant forgotten_at(Departure const& departure)
{
    return date::ceil<date::days>(std::max(departure.gone_at, departure.ends_at)) + kept_for;
}

std::int64_t sequence_of(Event const& event, Session const& session)
{
    return event.calendar_sequence + session.calendar_sequence;
}

Instant modified_of(Event const& event, Session const& session)
{
    return std::max(event.calendar_modified, session.calendar_modified);
}

}
