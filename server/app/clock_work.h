// What happens because time passes. One thread a process looks once a second, and at the very instant when it
// knows of something earlier; several processes on one database may do so at once.
//
// Two sorts of work (ARCHITECTURE.md, "Clock work"): timers of the database for what must happen once at an
// instant (db/timers.h), and questions for what tells by itself that it is due, such as an offer with its
// expiry.
#pragma once

#include "base/services.h"
#include "db/timers.h"
#include "events/catalogue.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kutsu::app
{

class ClockWork
{
public:
    // `reminder_time`: time of day, counted from midnight, at which guests are reminded the day before.
    explicit ClockWork(Services& services, std::chrono::milliseconds reminder_time = std::chrono::hours(12));
    ~ClockWork();
    void stop();

private:
    void run();
    void look();
    void plan_events();
    struct Planning
    {
        events::EventPtr from;
        db::TimerPlan plan;
    };
    void write_plans(std::vector<Planning> all);
    std::vector<db::TimerKind> kinds();
    std::chrono::milliseconds until_next();

    Services& services_;
    std::chrono::milliseconds reminder_time_;
    db::Timers timers_;
    // What this process has planned, by event: so that only what changed is derived, and only what differs
    // reaches the database.
    struct Planned
    {
        events::EventPtr from;
        std::vector<db::TimerWish> wishes;
    };
    std::map<std::string, Planned> planned_;
    std::mutex guard_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}
