#include "registration/desk.h"

#include "base/unicode.h"
#include "db/raw.h"
#include "net/rate_limit.h"
#include "registration/deeds.h"
#include "registration/lane.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kutsu::registration
{
namespace
{

json::value optional_text(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value();
}

json::object row_of(Submission const& submission, events::Event const& event, std::string const& token,
                    std::string const& public_id)
{
    json::array companions;
    for (auto const& companion : submission.companions) {
        json::object person{{"name", companion.name}};
        if (companion.email)
            person["email"] = *companion.email;
        companions.push_back(std::move(person));
    }
    json::array sessions(submission.sessions.begin(), submission.sessions.end());
    return {{"event_id", event.event_id},
            {"submission_id", submission.submission_id},
            {"contents_hash", to_hex(sha256(canonical_contents(submission)))},
            {"token_hash", to_hex(sha256(token))},
            {"public_id", public_id},
            {"name", submission.name},
            {"email", submission.email},
            {"language", submission.language},
            {"organisation", optional_text(submission.organisation)},
            {"name_other_script", optional_text(submission.name_other_script)},
            {"attendance", optional_text(submission.attendance)},
            {"participant_type", optional_text(submission.participant_type)},
            {"invitation", optional_text(submission.invitation)},
            {"source", submission.source},
            {"companions", std::move(companions)},
            {"sessions", std::move(sessions)},
            {"answers", submission.answers},
            {"form_version", event.form ? event.form->version : 1}};
}

}

struct Desk::State
{
    State(Clock const& known_clock, Keys const& known_keys, DeskOptions const& options)
        : clock(known_clock), keys(known_keys), by_address(limit(options.per_address_a_minute)),
          by_email(limit(options.per_email_a_minute))
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
    SystemRandom random;
    std::vector<std::unique_ptr<Lane>> lanes;
    std::string conninfo;
    std::function<void()> wake;
    std::mutex guard; // of the deeds' connection
    std::unique_ptr<db::Connection> connection;
};

Desk::Desk(std::string conninfo, Clock const& clock, Keys const& keys, std::function<void()> wake,
           DeskOptions options)
    : state_(std::make_unique<State>(clock, keys, options))
{
    state_->conninfo = conninfo;
    state_->wake = wake;
    for (std::size_t i = 0; i < std::max<std::size_t>(options.lanes, 1); ++i)
        state_->lanes.push_back(std::make_unique<Lane>(conninfo, clock, wake, options));
}

Desk::~Desk() = default;

Result<void> Desk::admit(std::string_view peer, std::string_view email)
{
    auto const now = state_->clock.now();
    bool const ours =
        peer.empty() || peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
    if (!ours) {
        if (auto admitted = state_->by_address.take(peer, now); !admitted)
            return admitted;
    }
    // The hash, so that memory holds no list of addresses.
    return state_->by_email.take(sha256(tidy_line(email)), now);
}

Result<DeedAnswer> Desk::act_now(std::int64_t event_id, json::object deed)
{
    std::scoped_lock const lock(state_->guard);
    auto& connection = state_->connection;
    if (!connection || !connection->is_open())
        connection = std::make_unique<db::Connection>(state_->conninfo, std::chrono::seconds(8));
    deed["event_id"] = event_id;
    auto const rows = connection->exec_params(
        "select outcome, answer, event_slug, event_version from desk_act($1, $2)",
        {format_utc(state_->clock.now()), json::serialize(json::array{std::move(deed)})});
    state_->wake();
    return DeedAnswer{std::string(rows.text(0, 0)),
                      rows.is_null(0, 1) ? json::value() : json::parse(rows.text(0, 1)),
                      std::string(rows.text(0, 2)), rows.is_null(0, 3) ? 0 : rows.integer(0, 3)};
}

asio::awaitable<Result<DeedAnswer>> Desk::act(std::int64_t event_id, json::object deed)
{
    co_return act_now(event_id, std::move(deed));
}

void Desk::stop()
{
    for (auto& lane : state_->lanes)
        lane->stop();
}

asio::awaitable<Result<Receipt>> Desk::submit(Submission submission, events::EventPtr event)
{
    LaneRequest request;
    request.token = registration_token(state_->keys.registration, submission.submission_id);
    request.event_slug = event->slug;
    request.arrived = std::chrono::steady_clock::now();
    request.row = row_of(submission, *event, request.token, random_public_id(state_->random));
    request.row["offer_expires_at"] = offer_until(*event, state_->clock.now());
    // One event, one lane: its requests are decided in the order of their arrival.
    auto& lane = *state_->lanes[static_cast<std::size_t>(event->event_id) % state_->lanes.size()];
    auto begin = [&lane](auto waiter, LaneRequest asked) {
        auto home = asio::get_associated_executor(waiter);
        auto busy = asio::make_work_guard(home);
        asked.answer = [waiter = std::move(waiter), home, busy](std::exception_ptr failure,
                                                                Result<Receipt> result) mutable {
            asio::post(home, [waiter = std::move(waiter), failure, result = std::move(result)]() mutable {
                std::move(waiter)(failure, std::move(result));
            });
        };
        lane.submit(std::move(asked));
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const,
                                            void(std::exception_ptr, Result<Receipt>)>(
        std::move(begin), asio::use_awaitable, std::move(request));
}

}
