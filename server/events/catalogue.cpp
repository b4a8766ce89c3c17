#include "events/catalogue.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kutsu::events
{

namespace asio = boost::asio;

namespace
{

auto by_start(EventPtr const& event)
{
    return std::pair<Instant, std::string_view>(event->span.starts.at, event->slug);
}

std::string_view by_slug(EventPtr const& event)
{
    return event->slug;
}

// Where the event of this slug stands, or would stand.
auto place_of(std::vector<EventPtr>& events, std::string_view slug)
{
    return std::ranges::lower_bound(events, slug, {}, by_slug);
}

// Puts a newer picture of an event where the older one was.
void take_place(Picture& picture, std::vector<EventPtr>::iterator place, EventPtr event)
{
    auto const old = std::ranges::lower_bound(picture.by_start, by_start(*place), {}, by_start);
    picture.by_start.erase(old);
    picture.by_start.insert(std::ranges::lower_bound(picture.by_start, by_start(event), {}, by_start), event);
    *place = std::move(event);
}

}

EventPtr Picture::find(std::string_view slug) const
{
    auto const found = std::ranges::lower_bound(by_slug, slug, {}, events::by_slug);
    return found == by_slug.end() || (*found)->slug != slug ? nullptr : *found;
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
    next->by_slug = events;
    next->by_start = std::move(events);
    std::ranges::sort(next->by_slug, {}, by_slug);
    std::ranges::sort(next->by_start, {}, by_start);
    next->as_of = as_of;
    std::vector<std::string> waited;
    {
        std::scoped_lock const lock(guard_);
        for (auto const& [slug, queue] : waiting_)
            waited.push_back(slug);
    }
    swap(std::move(next), waited);
}

void Catalogue::replace(EventPtr event, Instant as_of)
{
    replace(std::vector{std::move(event)}, as_of);
}

void Catalogue::replace(std::vector<EventPtr> events, Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    std::vector<std::string> changed;
    for (auto& event : events) {
        changed.push_back(event->slug);
        auto const place = place_of(next->by_slug, event->slug);
        if (place == next->by_slug.end() || (*place)->slug != event->slug) {
            next->by_start.insert(std::ranges::lower_bound(next->by_start, by_start(event), {}, by_start),
                                  event);
            next->by_slug.insert(place, std::move(event));
        } else if ((*place)->version <= event->version) {
            // An older picture of the event, read by a slower thread, never covers a newer one.
            take_place(*next, place, std::move(event));
        }
    }
    next->as_of = as_of;
    swap(std::move(next), changed);
}

void Catalogue::remove(std::string_view slug, Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    for (auto* all : {&next->by_slug, &next->by_start})
        std::erase_if(*all, [&](EventPtr const& each) { return each->slug == slug; });
    next->as_of = as_of;
    swap(std::move(next), {std::string(slug)});
}

void Catalogue::touch(Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    next->as_of = as_of;
    swap(std::move(next), {});
}

bool Catalogue::away() const
{
    std::scoped_lock const lock(guard_);
    return away_;
}

void Catalogue::set_away(bool away)
{
    {
        std::scoped_lock const lock(guard_);
        away_ = away;
    }
    if (away)
        let_everybody_go([](Waiting const&) { return true; });
}

void Catalogue::when_seen(std::string_view slug, std::int64_t version, std::move_only_function<void()> then)
{
    {
        std::scoped_lock const lock(guard_);
        auto const event = picture_->find(slug);
        if (!away_ && event && event->version < version) {
            waiting_[std::string(slug)].push_back(
                {version, std::chrono::steady_clock::now() + patience, std::move(then)});
            return;
        }
    }
    then();
}

void Catalogue::give_up_waiting()
{
    auto const now = std::chrono::steady_clock::now();
    let_everybody_go([now](Waiting const& waiting) { return waiting.until <= now; });
}

void Catalogue::swap(std::shared_ptr<Picture> next, std::vector<std::string> const& changed)
{
    Queue going;
    {
        std::scoped_lock const lock(guard_);
        picture_ = next;
        for (auto const& slug : changed) {
            auto const queue = waiting_.find(slug);
            if (queue == waiting_.end())
                continue;
            auto const event = next->find(slug);
            part(queue->second, going,
                 [&](Waiting const& waiting) { return !event || event->version >= waiting.version; });
            if (queue->second.empty())
                waiting_.erase(queue);
        }
    }
    for (auto& waiting : going)
        waiting.then();
}

void Catalogue::part(Queue& queue, Queue& going, std::function<bool(Waiting const&)> const& ready)
{
    Queue staying;
    for (auto& waiting : queue)
        (ready(waiting) ? going : staying).push_back(std::move(waiting));
    queue = std::move(staying);
}

// The callbacks run without the lock: they may ask for a picture.
void Catalogue::let_everybody_go(std::function<bool(Waiting const&)> const& ready)
{
    Queue going;
    {
        std::scoped_lock const lock(guard_);
        for (auto& [slug, queue] : waiting_)
            part(queue, going, ready);
        std::erase_if(waiting_, [](auto const& each) { return each.second.empty(); });
    }
    for (auto& waiting : going)
        waiting.then();
}

asio::awaitable<void> seen(Catalogue& catalogue, std::string slug, std::int64_t version)
{
    auto begin = [&catalogue](auto waiter, std::string const& wanted, std::int64_t at_least) {
        auto home = asio::get_associated_executor(waiter);
        auto busy = asio::make_work_guard(home);
        catalogue.when_seen(wanted, at_least, [waiter = std::move(waiter), home, busy]() mutable {
            asio::post(home, [waiter = std::move(waiter)]() mutable { std::move(waiter)(); });
        });
    };
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(std::move(begin),
                                                                         asio::use_awaitable, slug, version);
}

}
