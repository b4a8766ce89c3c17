#include "accounts/sign_in_door.h"

#include "base/secret.h"
#include "base/unicode.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <exception>

namespace kutsu::accounts
{
namespace
{

constexpr net::RateLimit mail_limit{3, 1.0 / 300, 10'000};
constexpr int most_waiting = 50;

net::RateLimit a_minute(std::size_t attempts)
{
    auto const number = attempts == 0 ? 1e12 : static_cast<double>(attempts);
    return {number, number / 60, 10'000};
}

// Runs `work` on the pool; the caller resumes on its own executor.
template <class Work>
asio::awaitable<bool> on_pool(asio::thread_pool& pool, Work work)
{
    auto begin = [&pool](auto waiter, Work job) {
        auto home = asio::get_associated_executor(waiter);
        auto busy = asio::make_work_guard(home);
        asio::post(pool, [waiter = std::move(waiter), job = std::move(job), home, busy]() mutable {
            bool answer = false;
            std::exception_ptr failure;
            try {
                answer = job();
            } catch (...) {
                failure = std::current_exception();
            }
            asio::post(home, [waiter = std::move(waiter), failure, answer]() mutable {
                std::move(waiter)(failure, answer);
            });
        });
    };
    return asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, bool)>(
        std::move(begin), asio::use_awaitable, std::move(work));
}

}

SignInDoor::SignInDoor(SignInLimits const& limits)
    : by_pair_(a_minute(limits.per_email)), by_peer_(a_minute(limits.per_address)), mail_to_(mail_limit),
      decoy_(hash_password("a password nobody has")), threads_(2)
{}

SignInDoor::~SignInDoor()
{
    threads_.join();
}

Result<void> SignInDoor::knock(std::string_view email, std::string_view peer, Instant now)
{
    if (auto allowed = by_peer_.take(peer, now); !allowed)
        return allowed;
    return by_pair_.take(fmt::format("{} {}", peer, fold_for_search(email)), now);
}

Result<void> SignInDoor::knock_with_link(std::string_view peer, Instant now)
{
    return by_peer_.take(peer, now);
}

Result<void> SignInDoor::knock_for_mail(std::string_view email, std::string_view peer, Instant now)
{
    if (auto allowed = by_peer_.take(peer, now); !allowed)
        return allowed;
    return mail_to_.take(fold_for_search(email), now);
}

asio::awaitable<Result<bool>> SignInDoor::verify(std::string hash, std::string password)
{
    if (waiting_.fetch_add(1) >= most_waiting) {
        waiting_.fetch_sub(1);
        co_return refuse(ProblemName::overloaded);
    }
    auto const& compared = hash.empty() ? decoy_ : hash;
    auto work = [this, compared, password = std::move(password)] {
        bool const right = verify_password(compared, password);
        waiting_.fetch_sub(1);
        return right;
    };
    auto const right = co_await on_pool(threads_, std::move(work));
    co_return right && !hash.empty();
}

}
