#include "feeds/feed_writer.h"

#include "base/log.h"
#include "feeds/feed_model.h"

#include <boost/container_hash/hash.hpp>

namespace kutsu::feeds
{
namespace
{

// Ids come and go for ever; beginning anew now and then is cheaper than keeping account of them.
constexpr std::size_t most_kept = 100'000;

enum class Kind
{
    event = 1,
    session,
    departure
};

template <class... Parts>
std::size_t stamp_of(Kind kind, Parts const&... parts)
{
    std::size_t stamp = static_cast<std::size_t>(kind);
    (boost::hash_combine(stamp, parts), ...);
    return stamp;
}

std::size_t stamp_of(events::Event const& event)
{
    return stamp_of(Kind::event, to_ms(event.calendar_modified), event.calendar_sequence, event.status);
}

std::size_t stamp_of(events::Event const& event, events::Session const& session)
{
    return stamp_of(Kind::session, stamp_of(event), to_ms(session.calendar_modified),
                    session.calendar_sequence, session.status);
}

std::size_t stamp_of(Departure const& departure)
{
    return stamp_of(Kind::departure, to_ms(departure.modified), departure.sequence, departure.event_slug,
                    departure.title.empty());
}

}

std::string FeedWriter::write(calendars::CalendarHead const& head, FeedKey const& key,
                              Contents const& contents)
{
    std::vector<calendars::Fragment> fragments;
    for (auto const& event : contents.events)
        add_event(fragments, key, *event);
    for (auto const* departure : contents.departures)
        add(fragments, key, departure->id, stamp_of(*departure),
            [&] { return entry_of(site_, key.language, *departure); });
    if (fragments.empty()) {
        if (auto const entry = empty_entry(site_, key.language, contents.modified))
            fragments.push_back(calendars::write_event(*entry));
    }
    return calendars::write_calendar(head, fragments);
}

void FeedWriter::add_event(std::vector<calendars::Fragment>& out, FeedKey const& key,
                           events::Event const& event)
{
    add(out, key, event.id, stamp_of(event), [&] { return entry_of(site_, key.language, event); });
    if (!key.sessions)
        return;
    for (auto const& session : event.sessions)
        add(out, key, session.id, stamp_of(event, session),
            [&] { return entry_of(site_, key.language, event, session); });
}

void FeedWriter::add(std::vector<calendars::Fragment>& out, FeedKey const& key, std::string const& id,
                     std::size_t stamp, Make const& make)
{
    std::pair const place(id, key.language);
    auto fragment = find(place, stamp);
    if (!fragment) {
        auto const entry = make();
        if (!entry) {
            log_error("an entry cannot be written into calendars", {{"id", id}});
            return;
        }
        fragment = std::make_shared<calendars::Fragment const>(calendars::write_event(*entry));
        std::scoped_lock const lock(guard_);
        if (kept_.size() >= most_kept)
            kept_.clear();
        kept_[place] = {stamp, fragment};
    }
    out.push_back(*fragment);
}

FeedWriter::FragmentPtr FeedWriter::find(std::pair<std::string, std::string> const& place,
                                         std::size_t stamp) const
{
    std::scoped_lock const lock(guard_);
    auto const kept = kept_.find(place);
    return kept != kept_.end() && kept->second.stamp == stamp ? kept->second.fragment : nullptr;
}

}
