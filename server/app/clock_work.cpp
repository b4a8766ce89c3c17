#include "app/clock_work.h"

#include "accounts/accounts_commands.h"
#include "agenda/agenda_notice.h"
#include "base/log.h"
#include "db/database.h"
#include "db/error.h"
#include "db/waker.h"
#include "registration/allotment_commands.h"
#include "registration/reminder.h"
#include "registration/reminder_commands.h"

#include <algorithm>
#include <utility>

namespace kutsu::app
{
namespace
{

using std::chrono::milliseconds;

constexpr milliseconds longest_wait = std::chrono::seconds(1);
constexpr std::size_t plans_at_once = 100;
constexpr milliseconds hourly = std::chrono::hours(1);

}

ClockWork::ClockWork(Services& services, milliseconds reminder_time)
    : services_(services), reminder_time_(reminder_time), timers_(services.db, services.clock, kinds()),
      thread_([this] { run(); })
{}

ClockWork::~ClockWork()
{
    stop();
}

void ClockWork::stop()
{
    {
        std::scoped_lock const lock(guard_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

// Everything the clock does, one row each.
std::vector<db::TimerKind> ClockWork::kinds()
{
    using namespace registration;
    using db::DueTimer;
    using db::Transaction;
    auto const tell = [this](Transaction& transaction, DueTimer const& due, Instant now) {
        return tell_state(transaction, due, now, services_.catalogue);
    };
    return {
        {std::string(timer::reminder),
         [this](Transaction& transaction, DueTimer const& due, Instant now) {
             return remind(transaction, due, now, reminder_time_);
         },
         {}},
        {std::string(timer::opens), tell, {}},
        {std::string(timer::closes), tell, {}},
        {std::string(timer::over), tell, {}},
        {std::string(timer::offer_expiring), tell_offer_expires, {}},
        {std::string(agenda::notice_timer), agenda::tell_changes, {}},
        {"tidy_sign_ins",
         [](Transaction& transaction, DueTimer const&, Instant now) -> Result<db::TimerOutcome> {
             accounts::forget_expired(transaction, now);
             return db::TimerOutcome{};
         },
         hourly},
        {"tidy_shadows",
         [](Transaction& transaction, DueTimer const&, Instant now) {
             return forget_shadows(transaction, now);
         },
         hourly},
        {"tidy_answers",
         [](Transaction& transaction, DueTimer const&, Instant now) {
             return forget_answers(transaction, now);
         },
         hourly},
    };
}

void ClockWork::run()
{
    std::unique_lock lock(guard_);
    milliseconds wait{1}; // the first look is at once
    while (!changed_.wait_for(lock, wait, [this] { return stopping_; })) {
        lock.unlock();
        services_.catalogue.give_up_waiting();
        wait = longest_wait;
        try {
            if (!services_.catalogue.away()) {
                look();
                wait = until_next();
            }
        } catch (std::exception const& error) {
            // The next look is a second away.
            log_warn("clock work failed", {{"error", db::describe(error)}});
        }
        lock.lock();
    }
}

void ClockWork::look()
{
    registration::expire_offers_due(services_);
    registration::release_allotments(services_);
    registration::watch_offers(services_);
    plan_events();
    if (timers_.run_due() > 0)
        services_.waker.wake();
}

// Every event is compared with what was planned for it: no notification has to arrive for its timers to be
// right, and a process that starts plans everything anew.
void ClockWork::plan_events()
{
    std::vector<Planning> changed;
    auto const picture = services_.catalogue.picture();
    for (auto const& event : picture->by_start) {
        auto& known = planned_[event->id];
        if (known.from == event)
            continue;
        auto plan = registration::event_timers(*event, reminder_time_);
        if (known.from && known.wishes == plan.wishes)
            known.from = event;
        else
            changed.push_back({event, std::move(plan)});
        if (changed.size() == plans_at_once)
            write_plans(std::exchange(changed, {}));
    }
    if (!changed.empty())
        write_plans(std::move(changed));
}

void ClockWork::write_plans(std::vector<Planning> all)
{
    auto const now = services_.clock.now();
    auto const deed = [&](db::Transaction& transaction) -> Result<std::vector<bool>> {
        std::vector<bool> taken;
        for (auto const& each : all)
            taken.push_back(db::plan_timers(transaction, each.plan, now).value_or(false));
        return taken;
    };
    auto const taken = services_.db.write_now(deed);
    for (std::size_t i = 0; taken && i < all.size(); ++i) {
        // Else another process has planned from a newer version; this one will know it, too, in a moment.
        if ((*taken)[i])
            planned_[all[i].plan.subject] = {std::move(all[i].from), std::move(all[i].plan.wishes)};
    }
}

milliseconds ClockWork::until_next()
{
    auto const now = services_.clock.now();
    auto wait = longest_wait;
    for (auto const& next : {timers_.next_due(), registration::next_offer_end(services_),
                             registration::next_allotment_end(services_)}) {
        if (next && *next > now)
            wait = std::min(wait, std::chrono::duration_cast<milliseconds>(*next - now));
    }
    return std::max(wait, milliseconds(5));
}

}
