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
    replace(std::vector{std::move(event)}, as_of);
}

void Catalogue::replace(std::vector<EventPtr> events, Instant as_of)
{
    auto next = std::make_shared<Picture>(*picture());
    bool is_sorted = true;
    for (auto& event : events) {
        auto& present = next->by_slug[event->slug];
        // An older picture of the event, read by a slower thread, never covers a newer one.
        if (present && present->version > event->version)
            continue;
        auto const place = std::ranges::find(next->by_start, present);
        if (!present || place == next->by_start.end()) {
            next->by_start.push_back(event);
            is_sorted = false;
        } else {
            is_sorted = is_sorted && present->span.starts.at == event->span.starts.at;
            *place = event;
        }
        present = std::move(event);
    }
    if (!is_sorted)
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
    {
        std::scoped_lock const lock(guard_);
        away_ = away;
    }
    if (away)
        let_go([](Waiting const&) { return true; });
}

void Catalogue::when_seen(std::string_view slug, std::int64_t version, std::move_only_function<void()> then)
{
    {
        std::scoped_lock const lock(guard_);
        auto const event = picture_->find(slug);
        if (!away_ && event && event->version < version) {
            waiting_.push_back(
                {std::string(slug), version, std::chrono::steady_clock::now() + patience, std::move(then)});
            return;
        }
    }
    then();
}

void Catalogue::give_up_waiting()
{
    auto const now = std::chrono::steady_clock::now();
    let_go([now](Waiting const& waiting) { return waiting.until <= now; });
}

void Catalogue::swap(std::shared_ptr<Picture> next)
{
    {
        std::scoped_lock const lock(guard_);
        picture_ = next;
    }
    let_go([&next](Waiting const& waiting) {
        auto const event = next->find(waiting.slug);
        return !event || event->version >= waiting.version;
    });
}

// The callbacks run without the lock: they may ask for a picture.
void Catalogue::let_go(std::function<bool(Waiting const&)> const& ready)
{
    std::vector<Waiting> going;
    {
        std::scoped_lock const lock(guard_);
        std::vector<Waiting> staying;
        for (auto& waiting : waiting_)
            (ready(waiting) ? going : staying).push_back(std::move(waiting));
        waiting_ = std::move(staying);
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
