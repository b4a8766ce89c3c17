#include "net_test_server.h"

namespace kutsu::net::test
{
namespace
{

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
    EXPECT_EQ(stuck.read_answer(false).status, 200);

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
    EXPECT_NE(text.find("kutsu_http_requests_total{route=\"/{lang}/events/{slug}\",status=\"200\"}"),
              std::string::npos);
    EXPECT_NE(text.find("kutsu_http_request_seconds_count{route=\"/{lang}/events/{slug}\"}"),
              std::string::npos);
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
