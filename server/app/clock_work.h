// What happens because time passes: offers that expire. Looks once a second; several processes on one
// database may do so at once, the rows are locked.
#pragma once

#include "base/services.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kutsu::app
{

class ClockWork
{
public:
    explicit ClockWork(Services& services);
    ~ClockWork();
    void stop();

private:
    void run();

    Services& services_;
    std::mutex guard_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}
