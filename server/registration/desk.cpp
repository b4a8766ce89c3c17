#include "registration/desk.h"

#include "base/unicode.h"
#include "net/rate_limit.h"
#include "registration/lane.h"
#include "registration/offer_rules.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <future>

namespace kutsu::registration
{
namespace
{

// From a coroutine into a lane and back: `put` hands a request with its answer over; the answer resumes the
// coroutine where it lives.
template <class T, class Put>
asio::awaitable<Result<T>> through_lane(Put put)
{
    auto begin = [](auto waiter, Put hand_over) {
        auto home = asio::get_associated_executor(waiter);
        auto busy = asio::make_work_guard(home);
        hand_over(
            [waiter = std::move(waiter), home, busy](std::exception_ptr failure, Result<T> result) mutable {
                asio::post(home, [waiter = std::move(waiter), failure, result = std::move(result)]() mutable {
                    std::move(waiter)(failure, std::move(result));
                });
            });
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const,
                                            void(std::exception_ptr, Result<T>)>(
        std::move(begin), asio::use_awaitable, std::move(put));
}

// One more for as long as it lives.
class Counted
{
public:
    explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;

private:
    std::atomic<std::size_t>& count_;
};

// Addresses of this machine.
bool is_ours(std::string_view peer)
{
    return peer.empty() || peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

}

struct Desk::State
{
    State(std::string conninfo, Clock const& known_clock, Keys const& known_keys, std::function<void()> wake,
          std::function<void(std::vector<db::Change>)> tell, DeskOptions const& options)
        : clock(known_clock), keys(known_keys), by_address(limit(options.per_address_a_minute)),
          by_email(limit(options.per_email_a_minute)), wrong_codes(limit(options.wrong_codes_a_minute)),
          answer_after(options.answer_after),
          surroundings{std::move(conninfo), known_clock, std::move(wake), std::move(tell), options, {}, {}}
    {}

    // A minute's worth at once, then as it flows back; so generous that nobody meets it when there is no
    // limit.
    static net::RateLimit limit(std::size_t a_minute)
    {
        auto const number = a_minute == 0 ? 1e12 : static_cast<double>(a_minute);
        return {number, number / 60, 50'000};
    }

    Clock const& clock;
    Keys const& keys;
    net::RateLimiter by_address;
    net::RateLimiter by_email;
    net::RateLimiter wrong_codes;
    SystemRandom random;
    std::chrono::milliseconds answer_after;
    std::atomic<std::size_t> under_way = 0; // submissions
    LaneSurroundings surroundings;
    std::vector<std::unique_ptr<Lane>> lanes;

    // One event, one lane: its requests are decided in the order of their arrival.
    Lane& lane_of(std::int64_t event_id) { return *lanes[static_cast<std::size_t>(event_id) % lanes.size()]; }
};

Desk::Desk(std::string conninfo, Clock const& clock, Keys const& keys, std::function<void()> wake,
           DeskOptions options, std::function<void(std::vector<db::Change>)> tell)
    : state_(std::make_unique<State>(std::move(conninfo), clock, keys, std::move(wake), std::move(tell),
                                     options))
{
    for (std::size_t i = 0; i < std::max<std::size_t>(options.lanes, 1); ++i)
        state_->lanes.push_back(std::make_unique<Lane>(state_->surroundings));
}

Desk::~Desk() = default;

Result<void> Desk::admit(std::string_view peer, std::string_view email)
{
    auto const now = state_->clock.now();
    if (!is_ours(peer)) {
        if (auto admitted = state_->by_address.take(peer, now); !admitted)
            return admitted;
    }
    // The hash, so that memory holds no list of addresses.
    return state_->by_email.take(sha256(tidy_line(email)), now);
}

Result<void> Desk::admit_code(std::string_view peer)
{
    return is_ours(peer) ? Result<void>() : state_->wrong_codes.take(peer, state_->clock.now());
}

void Desk::code_was_right(std::string_view peer)
{
    if (!is_ours(peer))
        state_->wrong_codes.give_back(peer, state_->clock.now());
}

bool Desk::is_rushed() const
{
    return std::chrono::steady_clock::now() < state_->surroundings.rushed_until.load();
}

void Desk::stop()
{
    for (auto& lane : state_->lanes)
        lane->stop();
}

asio::awaitable<Result<Receipt>> Desk::submit(Submission submission, events::EventPtr event)
{
    Submitting asked;
    asked.token = registration_token(state_->keys.registration, submission.submission_id);
    asked.event_slug = event->slug;
    asked.is_ordinary = is_ordinary(submission) && event->form && event->form->admission == "open" &&
                        event->form->pools.empty();
    asked.party = {event->event_id,
                   event->form ? event->form->version : 1,
                   {},
                   sha256(canonical_contents(submission)),
                   sha256(asked.token),
                   random_public_id(state_->random),
                   event->form && event->form->offer_hours
                       ? offer_expiry(offer_terms(*event), state_->clock.now())
                       : std::nullopt};
    asked.party.submission = std::move(submission);
    auto& lane = state_->lane_of(event->event_id);
    auto put = [&lane, asked = std::move(asked)](Answer<Receipt> answer) mutable {
        asked.answer = std::move(answer);
        lane.put({std::move(asked), std::chrono::steady_clock::now()});
    };
    Counted const counted(state_->under_way);
    co_return co_await through_lane<Receipt>(std::move(put));
}

asio::awaitable<void> Desk::even_out(std::chrono::steady_clock::time_point arrived)
{
    constexpr std::size_t many = 64;
    auto const until = arrived + state_->answer_after;
    if (state_->under_way >= many || std::chrono::steady_clock::now() >= until)
        co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, until);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Result<DeedAnswer>> Desk::act(std::int64_t event_id, json::object deed)
{
    deed["event_id"] = event_id;
    auto& lane = state_->lane_of(event_id);
    auto put = [&lane, event_id, deed = std::move(deed)](Answer<DeedAnswer> answer) mutable {
        lane.put({Acting{event_id, std::move(deed), std::move(answer)}, std::chrono::steady_clock::now()});
    };
    co_return co_await through_lane<DeedAnswer>(std::move(put));
}

Result<DeedAnswer> Desk::act_now(std::int64_t event_id, json::object deed)
{
    deed["event_id"] = event_id;
    std::promise<Result<DeedAnswer>> promise;
    auto answered = promise.get_future();
    auto answer = [&promise](std::exception_ptr const& failure, Result<DeedAnswer> result) {
        if (failure)
            promise.set_exception(failure);
        else
            promise.set_value(std::move(result));
    };
    state_->lane_of(event_id).put(
        {Acting{event_id, std::move(deed), std::move(answer)}, std::chrono::steady_clock::now()});
    return answered.get();
}

}
