#include "app/clock_work.h"

#include "base/log.h"
#include "db/error.h"
#include "events/catalogue.h"
#include "registration/registration_commands.h"

namespace kutsu::app
{

ClockWork::ClockWork(Services& services) : services_(services), thread_([this] { run(); }) {}

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

void ClockWork::run()
{
    std::unique_lock lock(guard_);
    while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
        lock.unlock();
        services_.catalogue.give_up_waiting();
        try {
            if (!services_.catalogue.away())
                registration::expire_offers(services_);
        } catch (std::exception const& error) {
            // The next look is a second away.
            log_warn("clock work failed", {{"error", db::describe(error)}});
        }
        lock.lock();
    }
}

}
