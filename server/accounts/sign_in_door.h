// Passwords at the door: limits on guessing and the slow hash, away from the I/O threads.
//
// Guessing is limited by e-mail and address together, and more widely by address: whoever guesses at
// somebody's account locks out themselves, never its owner.
#pragma once

#include "base/clock.h"
#include "base/problem.h"
#include "net/rate_limit.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace kutsu::accounts
{

namespace asio = boost::asio;

// Attempts a minute; 0: no limit.
struct SignInLimits
{
    std::size_t per_address = 30;
    std::size_t per_email = 10; // from one address
};

class SignInDoor
{
public:
    explicit SignInDoor(SignInLimits const& limits = {});
    ~SignInDoor();

    // Before anything else is done about a sign-in.
    Result<void> knock(std::string_view email, std::string_view peer, Instant now);
    // Before a link is used, or one is sent by mail.
    Result<void> knock_with_link(std::string_view peer, Instant now);
    Result<void> knock_for_mail(std::string_view email, std::string_view peer, Instant now);

    // An empty hash (no such account, or one without a password) takes the same time and is never right.
    // Problem: overloaded, when too many wait.
    asio::awaitable<Result<bool>> verify(std::string hash, std::string password);

private:
    net::RateLimiter by_pair_;
    net::RateLimiter by_peer_;
    net::RateLimiter mail_to_;
    std::string decoy_;
    std::atomic<int> waiting_ = 0;
    asio::thread_pool threads_;
};

}
