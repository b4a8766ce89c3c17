#include "events/catalogue.h"

#include <algorithm>

namespace kutsu::events
{
namespace
{

void sort_by_start(std::vector<EventPtr>& events)
{
    std::ranges::sort(events, [](EventPtr const& a, EventPtr const& b) {
        return std::pair(a->span.starts.at, a->slug) < std::pair(b->span.starts.at, b->slug);
    });
}

}

EventPtr Picture::find(std::string_view slug) const
{
    auto const found = by_slug.find(slug);
    return found == by_slug.end() ? nullptr : found->second;
}

EventPtr Picture::find_public(std::string_view slug) const
{
    auto event = find(slug);
    return event && is_public(*event) ? event : nullptr;
}

std::shared_ptr<Picture const> Catalogue::picture() const
{
    std::scoped_lock const lock(guard_);
    return picture_;
}

void Catalogue::replace_all(std::vector<EventPtr> events, Instant as_of)
{
    auto next = std::make_shared<Picture>();
    for (auto const& event : events)
        next->by_slug.emplace(event->slug, event);
    next->by_start = std::move(events);
    sort_by_start(next->by_start);
    next->as_of = as_of;
    swap(std::move(next));
}

void Catalogue::replace(EventPtr event, Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    // An older picture of the event, read by a slower thread, never covers a newer one.
    if (auto const present = next->find(event->slug); present && present->version > event->version)
        return;
    next->by_slug[event->slug] = event;
    std::erase_if(next->by_start, [&](EventPtr const& each) { return each->slug == event->slug; });
    next->by_start.push_back(std::move(event));
    sort_by_start(next->by_start);
    next->as_of = as_of;
    swap(std::move(next));
}

void Catalogue::remove(std::string_view slug, Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    if (auto const found = next->by_slug.find(slug); found != next->by_slug.end())
        next->by_slug.erase(found);
    std::erase_if(next->by_start, [&](EventPtr const& each) { return each->slug == slug; });
    next->as_of = as_of;
    swap(std::move(next));
}

void Catalogue::touch(Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    next->as_of = as_of;
    swap(std::move(next));
}

bool Catalogue::away() const
{
    std::scoped_lock const lock(guard_);
    return away_;
}

void Catalogue::set_away(bool away)
{
    std::scoped_lock const lock(guard_);
    away_ = away;
}

void Catalogue::swap(std::shared_ptr<Picture> next)
{
    std::scoped_lock const lock(guard_);
    picture_ = std::move(next);
}

}
