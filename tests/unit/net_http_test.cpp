#include "net_test_server.h"

namespace kutsu::net::test
{
namespace
{

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
        all += i % 10 == 9 ? post("/body", std::to_string(i))
                           : "GET /hello/" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
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
        {"POST /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: "
         "4\r\n\r\n0\r\n\r\n",
         400},
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
    client.send(
        "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 413);

    Client sending(*server_);
    sending.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n" +
                 std::string(3'000'000, 'x'));
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
    client.send(
        "POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 100);
    client.send("ok");
    EXPECT_EQ(client.read_answer().body, "ok");
}

}
}
