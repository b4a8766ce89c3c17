// For demonstrations (`demo --play`): visitors register and leave, sessions move, so that a newcomer sees the
// live page live. Everything goes through the same commands as real people's deeds.
#pragma once

#include "base/services.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>

namespace kutsu::app
{

class Play
{
public:
    Play(Services& services, boost::asio::io_context& context);
    // What is under way ends; nothing new begins. Before the server stops.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}
