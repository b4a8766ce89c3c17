// Several coroutines at once, begun in this order, for what waits elsewhere: deeds that share a commit. All
// end before it returns; the first exception is thrown then. They run on the caller's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <tuple>
#include <vector>

namespace kutsu
{

template <class T>
boost::asio::awaitable<std::vector<T>> in_order(std::vector<boost::asio::awaitable<T>> work)
{
    namespace asio = boost::asio;
    auto const executor = co_await asio::this_coro::executor;
    using Begun = decltype(asio::co_spawn(executor, std::move(work.front()), asio::deferred));
    std::vector<Begun> begun;
    for (auto& each : work)
        begun.push_back(asio::co_spawn(executor, std::move(each), asio::deferred));
    if (begun.empty())
        co_return std::vector<T>();
    auto group = asio::experimental::make_parallel_group(std::move(begun));
    auto [order, failures, results] =
        co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    for (auto const& failure : failures) {
        if (failure)
            std::rethrow_exception(failure);
    }
    co_return std::move(results);
}

}
