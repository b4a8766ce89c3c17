#include "net/metrics.h"
#include "net_test_client.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <future>

namespace kutsu::net::test
{
namespace
{

using namespace std::chrono_literals;

asio::awaitable<Response> hello(Request const& request)
{
    co_return html("hello " + request.capture("name"));
}

asio::awaitable<Response> echo_body(Request const& request)
{
    co_return text_response(request.body);
}

asio::awaitable<Response> break_down(Request const&)
{
    throw std::logic_error("broken on purpose");
    co_return Response{};
}

asio::awaitable<Response> large(Request const&)
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
                             {"GET", "/hello/all", [](Request const&) -> asio::awaitable<Response> { co_return html("all"); }},
                             {"POST", "/body", echo_body, 100'000},
                             {"GET", "/broken", break_down},
                             {"GET", "/large", large},
                             {"GET", "/{lang}/events/{slug}", hello}});
        add_more(*server_);
        server_->start();
    }

    static std::string post(std::string const& path, std::string const& body)
    {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    std::function<void(Server&)> add_more = [](Server&) {};
    std::unique_ptr<Server> server_;
};

TEST_F(NetHttp, answers_and_keeps_the_connection)
{
    start();
    Client client(*server_);

    auto const first = client.get("/hello/anna");
    auto const second = client.ask(post("/body", "words"));

    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body, "hello anna");
    EXPECT_EQ(first.header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(first.header("x-content-type-options"), "nosniff");
    EXPECT_NE(first.header("content-security-policy"), "");
    EXPECT_EQ(first.header("x-request-id").size(), 16u);
    EXPECT_NE(first.header("date"), "");
    EXPECT_EQ(first.header("connection"), "");
    EXPECT_EQ(second.body, "words");
    EXPECT_NE(first.header("x-request-id"), second.header("x-request-id"));
}

TEST_F(NetHttp, answers_pipelined_requests_in_order)
{
    start();
    Client client(*server_);
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += i % 10 == 9 ? post("/body", std::to_string(i)) : "GET /hello/" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.send(all);

    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(client.read_answer().body, i % 10 == 9 ? std::to_string(i) : "hello " + std::to_string(i));
}

TEST_F(NetHttp, reads_a_request_that_comes_byte_by_byte)
{
    start();
    Client client(*server_);
    for (auto const c : "\r\n" + post("/body", "slow"))
        client.send(std::string(1, c));
    EXPECT_EQ(client.read_answer().body, "slow");
}

TEST_F(NetHttp, answers_head_like_get_without_the_body)
{
    start();
    Client client(*server_);

    auto const head = client.ask("HEAD /hello/anna HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto const next = client.get("/hello/ben");

    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("content-length"), "10");
    EXPECT_EQ(next.body, "hello ben");
}

TEST_F(NetHttp, knows_paths_and_methods)
{
    start();
    Client client(*server_);

    EXPECT_EQ(client.get("/hello/all").body, "all");
    EXPECT_EQ(client.get("/fi/events/x").status, 200);
    EXPECT_EQ(client.get("/xx/events/x").status, 404);
    EXPECT_EQ(client.get("/nowhere").status, 404);
    auto const wrong = client.ask("DELETE /hello/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
    auto const options = client.ask("OPTIONS /body HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.header("allow"), "OPTIONS, POST");
    EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 204);
    EXPECT_EQ(client.get("/hello/x").status, 200);
    EXPECT_EQ(client.get("/conformance/echo").status, 404);
}

TEST_F(NetHttp, closes_after_each_refusal_and_reads_no_body_as_a_request)
{
    start();
    std::string const smuggled = "GET /hello/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
    std::vector<std::pair<std::string, int>> const cases = {
        {"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
        {"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
        {"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 52\r\n\r\n", 400},
        {"GET /body HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"GET /hello/x HTTP/1.1\nHost: localhost\n\n", 400},
        {"GET /hello/x HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
    };
    for (auto const& [request, status] : cases) {
        Client client(*server_);
        client.send(request + smuggled);
        auto const answer = client.read_answer();
        EXPECT_EQ(answer.status, status) << request;
        EXPECT_EQ(answer.header("connection"), "close") << request;
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        client.finish_sending();
        EXPECT_EQ(client.read_answer().status, 0) << request;
        EXPECT_TRUE(client.is_closed());
    }
}

TEST_F(NetHttp, refuses_a_header_block_that_is_too_large)
{
    start();
    Client client(*server_);
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nA: " + std::string(17'000, 'x'));
    EXPECT_EQ(client.read_answer().status, 431);

    Client modest(*server_);
    EXPECT_EQ(modest.get("/hello/x", "A: " + std::string(16'000, 'x') + "\r\n").status, 200);
}

TEST_F(NetHttp, refuses_a_large_body_before_reading_it)
{
    start();
    Client client(*server_);
    client.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 413);

    Client sending(*server_);
    sending.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x'));
    EXPECT_EQ(sending.read_answer().status, 413); // and not a reset, although all of it was sent first
    sending.finish_sending();
    EXPECT_TRUE(sending.is_closed());

    Client fitting(*server_);
    EXPECT_EQ(fitting.ask(post("/body", std::string(100'000, 'y'))).body.size(), 100'000u);
}

TEST_F(NetHttp, invites_a_body_that_waits_for_it)
{
    start();
    Client client(*server_);
    client.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 100);
    client.send("ok");
    EXPECT_EQ(client.read_answer().body, "ok");
}

TEST_F(NetHttp, lets_go_of_those_who_dawdle)
{
    ServerOptions options;
    options.header_timeout = options.body_timeout = options.idle_timeout = 100ms;
    start(options);

    Client in_header(*server_), in_body(*server_), silent(*server_), resting(*server_);
    in_header.send("GET / HTTP/1.1\r\nHost: local");
    in_body.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
    EXPECT_EQ(resting.get("/hello/x").status, 200);

    EXPECT_EQ(in_header.read_answer().status, 408);
    EXPECT_EQ(in_body.read_answer().status, 408);
    EXPECT_TRUE(silent.is_closed());
    EXPECT_TRUE(resting.is_closed());
}

TEST_F(NetHttp, lets_go_of_those_who_do_not_read)
{
    ServerOptions options;
    options.body_timeout = 100ms;
    start(options);
    Client stuck(*server_, 4096);
    stuck.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");

    EXPECT_TRUE(eventually([] { return metrics_text().find("kutsu_connections 0\n") != std::string::npos; }));
    Client client(*server_);
    EXPECT_EQ(client.get("/hello/x").status, 200);
}

TEST_F(NetHttp, survives_what_handlers_throw)
{
    start();
    Client client(*server_);

    auto const broken = client.get("/broken");
    auto const next = client.get("/hello/x");

    EXPECT_EQ(broken.status, 500);
    EXPECT_NE(broken.body.find(broken.header("x-request-id")), std::string::npos);
    EXPECT_EQ(next.status, 200);
}

TEST_F(NetHttp, asks_the_failure_hook_and_the_not_found_handler)
{
    add_more = [](Server& server) {
        server.set_failure([](Request const&, std::exception_ptr) { return text_response("away", 503); });
        server.set_not_found([](Request const& request) -> asio::awaitable<Response> {
            co_return html("no " + request.path, 404);
        });
    };
    start();
    Client client(*server_);
    EXPECT_EQ(client.get("/broken").status, 503);
    EXPECT_EQ(client.get("/no%20where").body, "no /no where");
}

TEST_F(NetHttp, counts_exceptions_that_escape_and_goes_on)
{
    start();
    auto const escaped = [] {
        auto const text = metrics_text();
        auto const at = text.find("\nkutsu_exceptions_total ") + 24;
        return std::stod(text.substr(at));
    };
    auto const before = escaped();

    asio::post(*server_->contexts().front(), [] { throw std::runtime_error("escaped on purpose"); });

    EXPECT_TRUE(eventually([&] { return escaped() == before + 1; }));
    Client client(*server_);
    EXPECT_EQ(client.get("/hello/x").status, 200);
}

TEST_F(NetHttp, limits_connections)
{
    ServerOptions options;
    options.connection_limit = 2;
    start(options);
    Client first(*server_), second(*server_);
    EXPECT_EQ(first.get("/hello/x").status, 200);
    EXPECT_EQ(second.get("/hello/x").status, 200);

    Client third(*server_);
    EXPECT_EQ(third.read_answer().status, 503);
    EXPECT_EQ(first.get("/hello/x").status, 200);
}

TEST_F(NetHttp, serves_on_several_threads)
{
    ServerOptions options;
    options.threads = 3;
    start(options);
    EXPECT_EQ(server_->contexts().size(), 3u);
    for (int i = 0; i < 30; ++i) {
        Client client(*server_);
        EXPECT_EQ(client.get("/hello/x").status, 200);
    }
}

TEST_F(NetHttp, says_when_the_port_is_taken)
{
    start({.threads = 2});
    ServerOptions same;
    same.threads = 2;
    same.port = port_of(*server_);
    EXPECT_THROW(Server{same}, std::system_error);
    same.address = "no address";
    EXPECT_THROW(Server{same}, std::system_error);
}

TEST_F(NetHttp, counts_requests_by_route)
{
    start();
    Client client(*server_);
    client.get("/fi/events/secret-token");

    auto const text = metrics_text();
    EXPECT_NE(text.find("kutsu_http_requests_total{route=\"/{lang}/events/{slug}\",status=\"200\"}"), std::string::npos);
    EXPECT_NE(text.find("kutsu_http_request_seconds_count{route=\"/{lang}/events/{slug}\"}"), std::string::npos);
    EXPECT_EQ(text.find("secret-token"), std::string::npos);
}

TEST_F(NetHttp, finishes_what_is_in_flight_when_stopped)
{
    std::promise<void> begun;
    asio::steady_timer* gate = nullptr;
    add_more = [&](Server& server) {
        server.add_routes({{"GET", "/waits", [&](Request const&) -> asio::awaitable<Response> {
                                asio::steady_timer timer(*server.contexts().front(), 1h);
                                gate = &timer;
                                begun.set_value();
                                try {
                                    auto waiting = timer.async_wait(asio::use_awaitable);
                                    co_await std::move(waiting);
                                } catch (boost::system::system_error const&) {
                                }
                                co_return text_response("done");
                            }}});
    };
    start();
    Client idle(*server_), busy(*server_);
    EXPECT_EQ(idle.get("/hello/x").status, 200);
    busy.send("GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n");
    begun.get_future().wait();

    auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
    EXPECT_TRUE(idle.is_closed());
    asio::post(*server_->contexts().front(), [&] { gate->cancel(); });
    auto const answer = busy.read_answer();

    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(busy.is_closed());
    EXPECT_THROW(Client{*server_}, std::runtime_error);
    stopping.get();
}

TEST_F(NetHttp, cuts_what_does_not_end_when_stopped)
{
    std::promise<void> begun;
    add_more = [&](Server& server) {
        server.add_routes({{"GET", "/forever", [&](Request const&) -> asio::awaitable<Response> {
                                asio::steady_timer timer(*server.contexts().front(), 1h);
                                begun.set_value();
                                auto waiting = timer.async_wait(asio::use_awaitable);
                                co_await std::move(waiting);
                                co_return Response{};
                            }}});
    };
    ServerOptions options;
    options.drain_timeout = 50ms;
    start(options);
    Client client(*server_);
    client.send("GET /forever HTTP/1.1\r\nHost: localhost\r\n\r\n");
    begun.get_future().wait();

    server_->stop();

    EXPECT_TRUE(client.is_closed());
}

}
}
