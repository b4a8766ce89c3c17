// The two servers that the tests of server/net talk to: one with routes, one with methods for sockets.
#pragma once

#include "net/metrics.h"
#include "net_test_client.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <functional>
#include <future>

namespace kutsu::net::test
{

using namespace std::chrono_literals;

inline asio::awaitable<Response> hello(Request const& request)
{
    co_return html("hello " + request.capture("name"));
}

inline asio::awaitable<Response> echo_body(Request const& request)
{
    co_return text_response(request.body);
}

inline asio::awaitable<Response> break_down(Request const&)
{
    throw std::logic_error("broken on purpose");
    co_return Response{};
}

inline asio::awaitable<Response> large(Request const&)
{
    co_return text_response(std::string(16 * 1024 * 1024, 'x'));
}

class NetHttp : public ::testing::Test
{
protected:
    void start(ServerOptions options = {})
    {
        options.port = 0;
        server_ = std::make_unique<Server>(std::move(options));
        server_->add_routes({{"GET", "/hello/{name}", hello},
                             {"GET", "/hello/all",
                              [](Request const&) -> asio::awaitable<Response> { co_return html("all"); }},
                             {"POST", "/body", echo_body, 100'000},
                             {"GET", "/broken", break_down},
                             {"GET", "/large", large},
                             {"GET", "/{lang}/events/{slug}", hello}});
        add_more(*server_);
        server_->start();
    }

    static std::string post(std::string const& path, std::string const& body)
    {
        return "POST " + path +
               " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               body;
    }

    std::function<void(Server&)> add_more = [](Server&) {};
    std::unique_ptr<Server> server_;
};

namespace json = boost::json;

inline asio::awaitable<RpcResult> add_numbers(std::shared_ptr<Session>, json::object const& params)
{
    co_return json::value(params.at("a").to_number<int>() + params.at("b").to_number<int>());
}

inline asio::awaitable<RpcResult> refuse_all(std::shared_ptr<Session>, json::object const&)
{
    co_return refuse(ProblemName::full);
}

inline asio::awaitable<RpcResult> break_method(std::shared_ptr<Session>, json::object const& params)
{
    if (params.contains("away"))
        throw std::runtime_error("away");
    throw std::logic_error("broken on purpose");
    co_return json::value();
}

// Answers when release() is called on the same thread.
struct Gate
{
    std::vector<std::shared_ptr<asio::steady_timer>> waiting;

    asio::awaitable<RpcResult> wait(std::shared_ptr<Session> session, json::object const& params)
    {
        auto const timer = std::make_shared<asio::steady_timer>(session->executor(), 1h);
        waiting.push_back(timer);
        auto passing = timer->async_wait(asio::use_awaitable);
        try {
            co_await std::move(passing);
        } catch (boost::system::system_error const&) {
        }
        co_return json::value(params.at("n"));
    }

    void release()
    {
        for (auto const& timer : waiting)
            timer->cancel();
        waiting.clear();
    }
};

class NetWebSocket : public ::testing::Test
{
protected:
    void start(ServerOptions options = {})
    {
        options.port = 0;
        options.conformance_echo = true;
        server_ = std::make_unique<Server>(std::move(options));
        server_->add_methods(
            {{"add", add_numbers},
             {"refuse", refuse_all},
             {"break", break_method},
             {"wait",
              [this](auto session, auto const& params) { return gate_.wait(std::move(session), params); }},
             {"flood", [](auto session, auto const&) { return flood(std::move(session)); }},
             {"release", [this](auto, auto const&) { return release(); }}});
        server_->set_method_failure([](std::exception_ptr failure) -> std::optional<Problem> {
            try {
                std::rethrow_exception(failure);
            } catch (std::runtime_error const&) {
                return Problem{ProblemName::overloaded, {}, {}, {}, {}, {}};
            } catch (...) {
                return std::nullopt;
            }
        });
        server_->start();
    }

    static asio::awaitable<RpcResult> flood(std::shared_ptr<Session> session)
    {
        auto const frame = notification("big", json::string(60'000, 'x'));
        for (int i = 0; i < 400; ++i)
            session->push(frame);
        co_return json::value("flooded");
    }

    asio::awaitable<RpcResult> release()
    {
        gate_.release();
        co_return json::value();
    }

    ReceivedFrame echo_after(std::string const& bytes)
    {
        Client client(*server_);
        EXPECT_EQ(client.open_socket("/conformance/echo", "").status, 101);
        client.send(bytes);
        return client.read_message();
    }

    Gate gate_;
    std::unique_ptr<Server> server_;
};

}
