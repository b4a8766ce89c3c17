#include "net/server.h"

#include "base/log.h"
#include "net/core.h"
#include "net/handshake.h"
#include "net/listener.h"
#include "net/metrics.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace kutsu::net
{
namespace
{

using error_code = boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto abort_time = 1s;

// Often enough for the shortest time-out, and never busy.
std::chrono::milliseconds tick_interval(ServerOptions const& options)
{
    auto const shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
    return std::clamp(shortest / 8, 10ms, 1000ms);
}

asio::awaitable<void> tick(Thread& thread)
{
    for (;;) {
        thread.ticker.expires_after(tick_interval(thread.core.options));
        auto waiting = thread.ticker.async_wait(quietly);
        auto const [cancelled] = co_await std::move(waiting);
        if (cancelled)
            co_return;
        auto const now = std::chrono::steady_clock::now();
        for (auto* peer : thread.peers)
            peer->tick(now);
    }
}

void run(Thread& thread)
{
    // What escapes here is a bug of ours or of our parts (a chunked trailer could throw out of the parser
    // once); the other connections of this thread go on.
    for (;;) {
        try {
            thread.io.run();
            break;
        } catch (...) {
            note_escape(std::current_exception());
        }
    }
}

void drain(Thread& thread)
{
    error_code ignored;
    thread.draining = true;
    thread.acceptor.close(ignored);
    for (auto* peer : thread.peers)
        peer->drain();
}

void abort_peers(Thread& thread)
{
    for (auto* peer : thread.peers)
        peer->abort();
}

void describe_metrics()
{
    describe_metric("kutsu_exceptions_total", "counter",
                    "Exceptions that escaped every handler; each one is a bug.");
    describe_metric("kutsu_http_requests_total", "counter",
                    "Answered HTTP requests by route pattern and status.");
    describe_metric("kutsu_http_request_seconds", "histogram",
                    "From a complete header block to a ready answer.");
    describe_metric("kutsu_rpc_requests_total", "counter", "Requests on sockets by method and outcome.");
    describe_metric("kutsu_rpc_request_seconds", "histogram", "From a request on a socket to its answer.");
    describe_metric("kutsu_connections", "gauge", "Open connections of both kinds.");
    describe_metric("kutsu_sockets", "gauge", "Open WebSockets.");
}

asio::awaitable<Response> plain_not_found(Request const&)
{
    co_return refusal_response({404, "There is nothing at this address.", {}});
}

Response plain_failure(Request const& request, std::exception_ptr)
{
    return refusal_response(
        {500, fmt::format("Something went wrong here. It is logged under {}.", request.id), {}});
}

}

struct Server::State
{
    explicit State(ServerOptions options) : core(std::move(options)) {}

    Core core;
    std::vector<std::unique_ptr<Thread>> threads;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work;
    std::vector<std::jthread> running;
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>(std::move(options)))
{
    auto& core = state_->core;
    for (std::size_t i = 0; i < std::max<std::size_t>(core.options.threads, 1); ++i)
        state_->threads.push_back(std::make_unique<Thread>(core));
    bind_all(state_->threads, core.options);
    core.port = state_->threads.front()->acceptor.local_endpoint().port();
    core.base_url = core.options.base_url.empty() ? "http://" + address() : core.options.base_url;
    core.guard.hosts = own_hosts(core.base_url, core.options.address, core.port);
    core.origins = own_origins(core.base_url, core.options.address, core.port);
    core.rpc.in_flight_limit = core.options.in_flight_limit;
    core.rpc.messages_per_second = core.options.messages_per_second;
    core.rpc.message_burst = core.options.message_burst;
    core.not_found = plain_not_found;
    core.failure = plain_failure;
    describe_metrics();
}

Server::~Server()
{
    stop();
}

void Server::add_routes(std::vector<Route> routes)
{
    for (auto& route : routes)
        state_->core.router.add(std::move(route));
    state_->core.guard.methods = state_->core.router.methods();
}

void Server::add_methods(std::vector<Method> methods)
{
    for (auto& method : methods) {
        auto const name = method.name;
        if (!state_->core.rpc.methods.emplace(name, std::move(method)).second)
            throw std::logic_error("two handlers answer " + name);
    }
}

void Server::set_not_found(Handler handler)
{
    state_->core.not_found = std::move(handler);
}

void Server::set_failure(std::function<Response(Request const&, std::exception_ptr)> failure)
{
    state_->core.failure = std::move(failure);
}

void Server::set_method_failure(std::function<std::optional<Problem>(std::exception_ptr)> failure)
{
    state_->core.rpc.failure = std::move(failure);
}

std::string Server::address() const
{
    return fmt::format("{}:{}", bracketed(state_->core.options.address), state_->core.port);
}

std::string Server::base_url() const
{
    return state_->core.base_url;
}

std::vector<asio::io_context*> Server::contexts()
{
    std::vector<asio::io_context*> contexts;
    for (auto const& thread : state_->threads)
        contexts.push_back(&thread->io);
    return contexts;
}

void Server::start()
{
    if (state_->core.options.conformance_echo)
        log_info("the conformance echo is on", {{"path", "/conformance/echo"}});
    for (auto const& thread : state_->threads) {
        state_->work.push_back(asio::make_work_guard(thread->io));
        asio::co_spawn(thread->io, accept_connections(*thread), note_escape);
        asio::co_spawn(thread->io, tick(*thread), note_escape);
        state_->running.emplace_back([&its = *thread] { run(its); });
    }
}

void Server::stop()
{
    if (state_->running.empty())
        return;
    auto const on_each = [this](void (*deed)(Thread&)) {
        for (auto const& thread : state_->threads)
            asio::post(thread->io, [deed, &its = *thread] { deed(its); });
    };
    on_each(drain);
    if (!state_->core.wait_until_empty(state_->core.options.drain_timeout)) {
        log_warn("connections were cut: they had not ended in time", {});
        on_each(abort_peers);
        state_->core.wait_until_empty(abort_time);
    }
    state_->work.clear();
    for (auto const& thread : state_->threads)
        thread->io.stop();
    state_->running.clear(); // joins
}

}
