#include "registration/people_watch.h"

#include "accounts/accounts_guard.h"
#include "base/log.h"
#include "db/database.h"
#include "live/live.h"
#include "registration/people_door.h"
#include "registration/people_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>

namespace kutsu::registration
{
namespace
{

constexpr std::int64_t pushed_at_once = 100;
// In a rush many changes are read together.
constexpr std::chrono::milliseconds between_reads{200};
// Changes carry the time they were decided at; one that commits later may carry an earlier time.
constexpr std::chrono::seconds overlap{10};

std::string state_key(std::string_view slug)
{
    return fmt::format("people:{}", slug);
}

// Listens to the event like any watcher, in place of the organiser's socket, and pushes people there. Lives
// in the socket's state and on its thread.
class PeopleTap : public net::Session
{
public:
    PeopleTap(Services& services, std::shared_ptr<net::Session> const& session, std::string slug)
        : services_(services), session_(session), executor_(session->executor()), slug_(std::move(slug))
    {}

    void push(net::Frame) override
    {
        changed_ = true;
        if (!reading_) {
            reading_ = true;
            asio::co_spawn(executor_, follow(std::static_pointer_cast<PeopleTap>(shared_from_this())),
                           asio::detached);
        }
    }
    void close(std::uint16_t, std::string_view) override {}
    asio::any_io_executor executor() override { return executor_; }
    std::size_t backlog() const override { return 0; }

    // What the list that was answered holds already.
    void remember(std::vector<Person> const& people)
    {
        for (auto const& person : people)
            seen_[person.id] = person.version;
    }

    // Until this time everything is known, but for the overlap.
    Instant since() const { return since_; }
    void start_at(Instant at) { since_ = at - overlap; }

private:
    static asio::awaitable<void> follow(std::shared_ptr<PeopleTap> self)
    {
        asio::steady_timer pause(self->executor_);
        while (self->changed_) {
            self->changed_ = false;
            try {
                co_await self->read_and_push();
            } catch (std::exception const& error) {
                // The database is away: the next change, or the client's next watch, tells what was missed.
                log_warn("people cannot be read for a watcher", {{"why", db::describe(error)}});
            }
            pause.expires_after(between_reads);
            co_await pause.async_wait(asio::use_awaitable);
        }
        self->reading_ = false;
    }

    asio::awaitable<void> read_and_push()
    {
        auto const session = session_.lock();
        if (!session)
            co_return;
        auto actor = co_await accounts::actor_of(services_, session->handshake);
        auto const desked = people_of(services_, std::move(actor), slug_);
        if (!desked) {
            services_.live.unsubscribe(*this, slug_);
            session->push(
                net::notification("people.changed", json::object{{"event", slug_}, {"ended", true}}));
            session->state.erase(state_key(slug_));
            co_return;
        }
        auto const now = services_.clock.now();
        auto const event_id = desked->event->event_id;
        auto const from = since_;
        auto const limit = pushed_at_once * 2;
        auto people = co_await services_.db.read(store::changed_people, event_id, from, limit);
        push_people(*session, *desked, people);
        start_at(now);
    }

    void push_people(net::Session& session, Desked const& desked, std::vector<Person> const& people)
    {
        json::array rows;
        bool more = std::ssize(people) >= pushed_at_once * 2;
        std::map<std::string, std::int64_t, std::less<>> seen;
        for (auto const& person : people) {
            auto const known = seen_.find(person.id);
            bool const is_news = known == seen_.end() || known->second != person.version;
            seen[person.id] = person.version;
            if (!is_news)
                continue;
            if (std::ssize(rows) < pushed_at_once)
                rows.push_back(to_json(person, *desked.event, {desked.sight, {}}));
            else
                more = true;
        }
        seen_ = std::move(seen);
        if (rows.empty() && !more)
            return;
        session.push(net::notification("people.changed", json::object{{"event", slug_},
                                                                      {"version", desked.event->version},
                                                                      {"people", std::move(rows)},
                                                                      {"more", more}}));
    }

    Services& services_;
    std::weak_ptr<net::Session> session_;
    asio::any_io_executor executor_;
    std::string slug_;
    Instant since_{};
    std::map<std::string, std::int64_t, std::less<>> seen_; // of those who changed lately
    bool changed_ = false;
    bool reading_ = false;
};

void unwatch(Services& services, net::Session& session, std::string_view slug)
{
    auto const found = session.state.find(state_key(slug));
    if (found == session.state.end())
        return;
    auto const tap = std::any_cast<std::shared_ptr<PeopleTap>>(found->second);
    services.live.unsubscribe(*tap, std::string(slug));
    session.state.erase(found);
}

asio::awaitable<net::RpcResult> watch(Services& services, std::shared_ptr<net::Session> session,
                                      json::object const& params)
{
    std::string const slug(params.at("event").get_string());
    auto actor = co_await accounts::actor_of(services, session->handshake);
    auto const desked = people_of(services, std::move(actor), slug);
    if (!desked)
        co_return std::unexpected(desked.error());
    unwatch(services, *session, slug);
    auto const tap = std::make_shared<PeopleTap>(services, session, slug);
    session->state[state_key(slug)] = tap;
    // First listen, then look: what happens between is told twice rather than never.
    services.live.subscribe(tap, slug, 0, true);
    if (auto& noted = session->state[state_key(slug) + ":ends"]; !noted.has_value()) {
        noted = true;
        auto* const raw = session.get();
        session->on_closed.emplace_back([&services, raw, slug] { unwatch(services, *raw, slug); });
    }
    tap->start_at(services.clock.now());
    PeopleQuery query;
    query.language = session->language;
    auto const list = co_await list_people(services, *desked, query, true);
    if (!list)
        co_return std::unexpected(list.error());
    tap->remember(list->people);
    auto answer = to_json(*list, *desked, query, true);
    answer["event"] = slug;
    answer["seats"] = events::to_json(desked->event->seats);
    co_return answer;
}

asio::awaitable<net::RpcResult> stop_watching(Services& services, std::shared_ptr<net::Session> session,
                                              json::object const& params)
{
    unwatch(services, *session, params.at("event").get_string());
    co_return json::object();
}

}

std::vector<net::Method> people_methods(Services& services)
{
    return {
        {"people.watch",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return watch(services, std::move(session), params);
         },
         {{"event"}}},
        {"people.unwatch",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return stop_watching(services, std::move(session), params);
         },
         {{"event"}}},
    };
}

}
