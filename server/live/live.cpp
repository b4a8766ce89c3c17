#include "live/live.h"

#include "net/metrics.h"

#include <boost/asio/execution.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <stdexcept>
#include <unordered_map>

namespace kutsu::live
{
namespace
{

constexpr std::size_t kept_updates = 256;
// A loop over thousands of sockets would keep everybody else of the thread waiting.
constexpr std::size_t pushes_at_once = 500;

}

// The watchers of one thread; touched on that thread only.
class Live::Hub
{
public:
    explicit Hub(boost::asio::io_context& context) : context_(context) {}

    void subscribe(std::shared_ptr<net::Session> const& session, std::string const& topic, std::int64_t seen,
                   bool organiser)
    {
        auto& watcher = topics_[topic][session.get()];
        if (watcher.session.expired())
            net::gauge("kutsu_watchers", static_cast<double>(++watchers()));
        watcher = Watcher{session, seen, organiser};
    }

    void unsubscribe(net::Session& session, std::string const& topic)
    {
        auto const found = topics_.find(topic);
        if (found == topics_.end() || found->second.erase(&session) == 0)
            return;
        net::gauge("kutsu_watchers", static_cast<double>(--watchers()));
        if (found->second.empty())
            topics_.erase(found);
    }

    // Sends to everybody who watches now, in slices.
    void deliver(std::string const& topic, std::shared_ptr<Update const> const& update)
    {
        auto const found = topics_.find(topic);
        if (found == topics_.end())
            return;
        auto targets = std::make_shared<std::vector<std::weak_ptr<net::Session>>>();
        for (auto& [session, watcher] : found->second)
            targets->push_back(watcher.session);
        push_slice(topic, update, targets, 0);
    }

    void mark_organiser(net::Session& session, std::string const& topic)
    {
        auto const found = topics_.find(topic);
        if (found == topics_.end())
            return;
        if (auto const watcher = found->second.find(&session); watcher != found->second.end())
            watcher->second.organiser = true;
    }

    void tell_organisers(std::string const& topic, net::Frame const& frame)
    {
        auto const found = topics_.find(topic);
        if (found == topics_.end())
            return;
        for (auto& [session, watcher] : found->second) {
            auto const alive = watcher.organiser ? watcher.session.lock() : nullptr;
            if (alive)
                alive->push(frame);
        }
    }

private:
    struct Watcher
    {
        std::weak_ptr<net::Session> session;
        std::int64_t seen = 0;
        bool organiser = false;
    };

    static std::atomic<std::int64_t>& watchers()
    {
        static std::atomic<std::int64_t> number{0};
        return number;
    }

    void push_slice(std::string const& topic, std::shared_ptr<Update const> const& update,
                    std::shared_ptr<std::vector<std::weak_ptr<net::Session>>> const& targets,
                    std::size_t from)
    {
        auto const end = std::min(from + pushes_at_once, targets->size());
        for (auto i = from; i < end; ++i)
            push(topic, *update, (*targets)[i].lock());
        if (end < targets->size())
            boost::asio::post(
                context_, [this, topic, update, targets, end] { push_slice(topic, update, targets, end); });
    }

    void push(std::string const& topic, Update const& update, std::shared_ptr<net::Session> const& session)
    {
        auto const found = topics_.find(topic);
        if (!session || found == topics_.end())
            return;
        auto const watcher = found->second.find(session.get());
        // What the snapshot of a new watcher holds already, and what a slower slice brings late, is not
        // repeated.
        if (watcher == found->second.end() || watcher->second.seen >= update.version)
            return;
        watcher->second.seen = update.version;
        session->push(watcher->second.organiser ? update.for_organisers : update.for_all);
    }

    boost::asio::io_context& context_;
    std::unordered_map<std::string, std::unordered_map<net::Session*, Watcher>> topics_;
};

Live::Live(std::vector<boost::asio::io_context*> contexts) : contexts_(std::move(contexts))
{
    for (auto* context : contexts_)
        hubs_.push_back(std::make_unique<Hub>(*context));
}

Live::~Live() = default;

void Live::publish(std::string const& topic, Update update)
{
    {
        std::scoped_lock const lock(guard_);
        auto& recent = recent_[topic];
        recent.push_back({update.version, update.changes});
        if (recent.size() > kept_updates)
            recent.pop_front();
    }
    auto const shared = std::make_shared<Update const>(std::move(update));
    for (std::size_t i = 0; i < contexts_.size(); ++i)
        boost::asio::post(*contexts_[i],
                          [hub = hubs_[i].get(), topic, shared] { hub->deliver(topic, shared); });
}

void Live::tell_organisers(std::string const& topic, net::Frame frame)
{
    for (std::size_t i = 0; i < contexts_.size(); ++i)
        boost::asio::post(*contexts_[i],
                          [hub = hubs_[i].get(), topic, frame] { hub->tell_organisers(topic, frame); });
}

void Live::subscribe(std::shared_ptr<net::Session> const& session, std::string const& topic,
                     std::int64_t seen, bool organiser)
{
    auto& hub = hub_of(*session);
    hub.subscribe(session, topic, seen, organiser);
    auto const key = "live:" + topic;
    if (session->state.contains(key))
        return;
    session->state[key] = true;
    auto* const raw = session.get();
    session->on_closed.emplace_back([&hub, raw, topic] { hub.unsubscribe(*raw, topic); });
}

void Live::unsubscribe(net::Session& session, std::string const& topic)
{
    hub_of(session).unsubscribe(session, topic);
}

void Live::mark_organiser(net::Session& session, std::string const& topic)
{
    hub_of(session).mark_organiser(session, topic);
}

std::optional<boost::json::array> Live::since(std::string const& topic, std::int64_t version,
                                              std::int64_t upto) const
{
    boost::json::array missed;
    if (version == upto)
        return missed;
    std::scoped_lock const lock(guard_);
    auto const found = recent_.find(topic);
    if (version > upto || found == recent_.end() || found->second.front().version > version + 1)
        return std::nullopt;
    for (auto const& recent : found->second) {
        if (recent.version > version && recent.version <= upto)
            missed.insert(missed.end(), recent.changes.begin(), recent.changes.end());
    }
    return missed;
}

Live::Hub& Live::hub_of(net::Session& session)
{
    auto const executor = session.executor();
    auto& context = boost::asio::query(executor, boost::asio::execution::context);
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
        if (static_cast<boost::asio::execution_context*>(contexts_[i]) == &context)
            return *hubs_[i];
    }
    throw std::logic_error("a session lives on a thread that live does not know");
}

}
