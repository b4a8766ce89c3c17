#include "net_test_client.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <atomic>
#include <future>

namespace kutsu::net::test
{
namespace
{

using namespace std::chrono_literals;
namespace json = boost::json;

asio::awaitable<RpcResult> add(std::shared_ptr<Session>, json::object const& params)
{
    co_return json::value(params.at("a").to_number<int>() + params.at("b").to_number<int>());
}

asio::awaitable<RpcResult> refuse_all(std::shared_ptr<Session>, json::object const&)
{
    co_return refuse(ProblemName::full);
}

asio::awaitable<RpcResult> break_down(std::shared_ptr<Session>, json::object const& params)
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
        server_->add_methods({{"add", add},
                              {"refuse", refuse_all},
                              {"break", break_down},
                              {"wait", [this](auto session, auto const& params) { return gate_.wait(std::move(session), params); }},
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

TEST_F(NetWebSocket, shakes_hands)
{
    start();
    auto const port = std::to_string(port_of(*server_));
    auto const open = [&](std::string const& path, std::string const& fields) { return Client(*server_).open_socket(path, fields); };

    auto const answer = open("/live", "Sec-WebSocket-Protocol: other, kutsu.v1\r\nOrigin: http://localhost:" + port + "\r\n");
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.header("sec-websocket-protocol"), "kutsu.v1");
    EXPECT_EQ(answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(open("/live", "").header("sec-websocket-protocol"), "");
    EXPECT_EQ(open("/live", "Sec-WebSocket-Protocol: other\r\n").status, 400);
    EXPECT_EQ(open("/live", "Origin: http://evil.example\r\n").status, 403);
    EXPECT_EQ(open("/live", "Sec-WebSocket-Extensions: permessage-deflate\r\n").header("sec-websocket-extensions"), "");
    EXPECT_EQ(open("/conformance/echo", "Origin: http://evil.example\r\nSec-WebSocket-Protocol: x\r\n").status, 101);
    EXPECT_EQ(open("/hello", "").status, 404);

    Client plain(*server_);
    auto const upgrade = plain.get("/live");
    EXPECT_EQ(upgrade.status, 426);
    EXPECT_EQ(upgrade.header("upgrade"), "websocket");
    EXPECT_EQ(upgrade.header("sec-websocket-version"), "13");
    EXPECT_EQ(Client(*server_).ask("POST /live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status, 405);
}

TEST_F(NetWebSocket, does_not_read_early_bytes_as_frames)
{
    start();
    Client client(*server_);
    client.send("GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + Client::frame(1, "{}"));
    EXPECT_EQ(client.read_answer().status, 400);
}

TEST_F(NetWebSocket, echoes_both_kinds_however_they_are_cut)
{
    start();
    Client client(*server_);
    ASSERT_EQ(client.open_socket("/conformance/echo", "").status, 101);

    client.send(Client::frame(1, "he", false) + Client::frame(9, "mid") + Client::frame(0, "", false) + Client::frame(0, "j\xc3", false) +
                Client::frame(0, "\xa4!", true) + Client::frame(2, std::string("\0\xff", 2)) + Client::frame(1, ""));
    auto const pong = client.read_frame();
    auto const text = client.read_frame();
    auto const binary = client.read_frame();
    auto const empty = client.read_frame();

    ASSERT_TRUE(pong && text && binary && empty);
    EXPECT_EQ(pong->opcode, 10u);
    EXPECT_EQ(pong->payload, "mid");
    EXPECT_EQ(text->opcode, 1u);
    EXPECT_EQ(text->payload, "hejä!");
    EXPECT_EQ(binary->opcode, 2u);
    EXPECT_EQ(binary->payload, std::string("\0\xff", 2));
    EXPECT_EQ(empty->payload, "");
    auto const large = std::string(64 * 1024, 'x');
    client.send_frame(1, large);
    EXPECT_EQ(client.read_message().payload, large);
}

TEST_F(NetWebSocket, closes_with_the_code_that_fits)
{
    start();
    auto const mask = std::string("\x01\x02\x03\x04");
    auto const close = [](unsigned code) {
        return Client::frame(8, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)});
    };

    EXPECT_EQ(echo_after(Client::frame(1, "a", true, false)).close_code(), 1002u);           // unmasked
    EXPECT_EQ(echo_after(Client::frame(3, "a")).close_code(), 1002u);                        // reserved opcode
    EXPECT_EQ(echo_after(Client::frame(0x41, "a")).close_code(), 1002u);                     // reserved bit
    EXPECT_EQ(echo_after(Client::frame(0, "a")).close_code(), 1002u);                        // continues nothing
    EXPECT_EQ(echo_after(Client::frame(9, "a", false)).close_code(), 1002u);                 // a fragmented ping
    EXPECT_EQ(echo_after(Client::frame(9, std::string(126, 'a'))).close_code(), 1002u);      // a large ping
    EXPECT_EQ(echo_after(Client::frame(1, "a", false) + Client::frame(1, "b")).close_code(), 1002u);
    EXPECT_EQ(echo_after("\x81\xfe" + std::string("\0\x01", 2) + mask + "x").close_code(), 1002u); // not the shortest length
    EXPECT_EQ(echo_after(Client::frame(1, "\xc3(")).close_code(), 1007u);
    EXPECT_EQ(echo_after(Client::frame(1, "\xe2\x82")).close_code(), 1007u);                 // ends within a character
    EXPECT_EQ(echo_after(Client::frame(1, "\xe2\x82", false) + Client::frame(0, "")).close_code(), 1007u);
    EXPECT_EQ(echo_after(Client::frame(1, std::string(64 * 1024 + 1, 'x'))).close_code(), 1009u);
    EXPECT_EQ(echo_after(Client::frame(1, std::string(40'000, 'x'), false) + Client::frame(0, std::string(40'000, 'x'))).close_code(), 1009u);
    for (auto const code : {1000u, 1001u, 1003u, 1007u, 1013u, 3000u, 4999u})
        EXPECT_EQ(echo_after(close(code)).close_code(), code);
    for (auto const code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2999u, 5000u, 65535u})
        EXPECT_EQ(echo_after(close(code)).close_code(), 1002u) << code;
    EXPECT_EQ(echo_after(close(1014)).close_code(), 1013u);
    EXPECT_EQ(echo_after(Client::frame(8, "a")).close_code(), 1002u);
    EXPECT_EQ(echo_after(Client::frame(8, "\x03\xe8\xff")).close_code(), 1002u);
    EXPECT_EQ(echo_after(Client::frame(8, "")).opcode, 8u);
}

TEST_F(NetWebSocket, ends_the_connection_after_the_close)
{
    start();
    Client client(*server_);
    client.open_socket("/conformance/echo", "");
    client.send(Client::frame(8, "\x03\xe8") + Client::frame(1, "late"));

    EXPECT_EQ(client.read_message().close_code(), 1000u);
    EXPECT_FALSE(client.read_frame());
    client.finish_sending();
    EXPECT_TRUE(client.is_closed());
}

TEST_F(NetWebSocket, answers_pings_in_order)
{
    start();
    Client client(*server_);
    client.open_socket("/conformance/echo", "");
    for (auto const* payload : {"a", "b", ""})
        client.send_frame(9, payload);
    for (auto const* payload : {"a", "b", ""}) {
        auto const pong = client.read_frame();
        ASSERT_TRUE(pong);
        EXPECT_EQ(pong->opcode, 10u);
        EXPECT_EQ(pong->payload, payload);
    }
}

TEST_F(NetWebSocket, pings_the_silent_and_drops_them)
{
    ServerOptions options;
    options.idle_timeout = 200ms;
    start(options);
    Client silent(*server_), living(*server_);
    silent.open_socket("/live");
    living.open_socket("/live");

    for (int i = 0; i < 4; ++i) { // longer than the silent one has
        auto const ping = living.read_frame();
        ASSERT_TRUE(ping);
        EXPECT_EQ(ping->opcode, 9u);
        living.send_frame(10, ping->payload);
    }
    EXPECT_EQ(silent.read_frame()->opcode, 9u);
    EXPECT_FALSE(silent.read_frame());
}

TEST_F(NetWebSocket, cuts_messages_that_dawdle)
{
    ServerOptions options;
    options.body_timeout = 100ms;
    start(options);
    for (auto const& part : {std::string("\x81"), Client::frame(1, "abc").substr(0, 8), Client::frame(1, "abc", false)}) {
        Client client(*server_);
        client.open_socket("/live");
        client.send(part);
        EXPECT_TRUE(client.is_closed());
    }
}

TEST_F(NetWebSocket, refuses_binary_frames_on_live)
{
    start();
    Client client(*server_);
    client.open_socket("/live");
    client.send_frame(2, "{}");
    EXPECT_EQ(client.read_message().close_code(), 1003u);
}

TEST_F(NetWebSocket, answers_requests)
{
    start();
    Client client(*server_);
    client.open_socket("/live");

    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":2,"b":3}})"), R"({"jsonrpc":"2.0","id":1,"result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":"ä","method":"add","params":{"a":2,"b":3}})"), R"({"jsonrpc":"2.0","id":"ä","result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":null,"method":"add","params":{"a":2,"b":3}})"), R"({"jsonrpc":"2.0","id":null,"result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1.50,"method":"add","params":{"a":2,"b":3}})"), R"({"jsonrpc":"2.0","id":1.50,"result":5})");
    client.send_frame(1, R"({"jsonrpc":"2.0","method":"add","params":{"a":2,"b":3}})"); // a notification: silence
    client.send_frame(1, R"({"jsonrpc":"2.0","method":"unknown"})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":2,"method":"add","params":{"a":1,"b":1}})"), R"({"jsonrpc":"2.0","id":2,"result":2})");
}

TEST_F(NetWebSocket, says_what_is_wrong_with_a_request)
{
    start();
    Client client(*server_);
    client.open_socket("/live");
    auto const error = [&](std::string_view text) {
        auto const answer = json::parse(client.call(text));
        return json::serialize(answer.at("id")) + " " + json::serialize(answer.at("error").at("code"));
    };
    auto const deep = std::string(40, '[') + std::string(40, ']');

    EXPECT_EQ(error("{"), "null -32700");
    EXPECT_EQ(error("nonsense"), "null -32700");
    EXPECT_EQ(error(""), "null -32700");
    EXPECT_EQ(error(R"([{"jsonrpc":"2.0","id":1,"method":"add"}])"), "null -32600");
    EXPECT_EQ(error("1"), "null -32600");
    EXPECT_EQ(error(R"({"id":1,"method":"add"})"), "1 -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"1.0","id":1,"method":"add"})"), "1 -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1})"), "1 -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":5})"), "1 -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":{},"method":"add"})"), "null -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"add"})"), "null -32600");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":"x","method":"rm"})"), "\"x\" -32601");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]})"), "1 -32602");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":)" + deep + "}}"), "null -32602");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":"\u0000"}})"), "null -32602");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"break"})"), "1 -32603");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"break","params":{"away":1}})"), "1 1008");

    auto const refused = json::parse(client.call(R"({"jsonrpc":"2.0","id":1,"method":"refuse"})")).at("error");
    EXPECT_EQ(refused.at("code"), 1004);
    EXPECT_EQ(refused.at("data").at("type"), "/problems/full");
    EXPECT_EQ(refused.at("message"), refused.at("data").at("title"));
}

TEST_F(NetWebSocket, closes_on_a_flood_of_nonsense)
{
    start();
    Client client(*server_);
    client.open_socket("/live");
    for (int i = 0; i < 60; ++i)
        client.send_frame(1, "nonsense");
    for (;;) {
        auto const message = client.read_message();
        ASSERT_NE(message.opcode, 0u);
        if (message.opcode == 8) {
            EXPECT_EQ(message.close_code(), 1008u);
            break;
        }
    }
}

TEST_F(NetWebSocket, has_at_most_twenty_requests_in_flight)
{
    start();
    Client client(*server_);
    client.open_socket("/live");
    for (int i = 0; i < 20; ++i)
        client.send_frame(1, R"({"jsonrpc":"2.0","id":)" + std::to_string(i) + R"(,"method":"wait","params":{"n":1}})");

    auto const refused = json::parse(client.call(R"({"jsonrpc":"2.0","id":20,"method":"add","params":{"a":1,"b":1}})"));
    EXPECT_EQ(refused.at("id"), 20);
    EXPECT_EQ(refused.at("error").at("data").at("type"), "/problems/overloaded");
    EXPECT_GT(refused.at("error").at("data").at("retry_after_ms").as_int64(), 0);

    Client other(*server_);
    other.open_socket("/live");
    other.call(R"({"jsonrpc":"2.0","id":1,"method":"release"})");
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(json::parse(client.read_message().payload).as_object().contains("result"));
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})"), R"({"jsonrpc":"2.0","id":1,"result":2})");
}

TEST_F(NetWebSocket, limits_the_rate_where_asked_to)
{
    ServerOptions options;
    options.messages_per_second = 0.001;
    options.message_burst = 3;
    start(options);
    Client client(*server_);
    client.open_socket("/live");
    auto const call = R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})";
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(client.call(call), R"({"jsonrpc":"2.0","id":1,"result":2})");
    EXPECT_EQ(json::parse(client.call(call)).at("error").at("data").at("type"), "/problems/too-many-requests");
}

TEST_F(NetWebSocket, lets_go_of_a_slow_reader_while_others_work)
{
    start();
    Client slow(*server_, 4096), other(*server_);
    slow.open_socket("/live");
    other.open_socket("/live");
    slow.send_frame(1, R"({"jsonrpc":"2.0","id":1,"method":"flood"})");

    EXPECT_EQ(other.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})"), R"({"jsonrpc":"2.0","id":1,"result":2})");
    unsigned code = 0;
    for (auto message = slow.read_message(); message.opcode != 0; message = slow.read_message())
        code = message.close_code();
    EXPECT_EQ(code, 1013u);
    EXPECT_TRUE(slow.is_closed());
}

TEST_F(NetWebSocket, cuts_a_reader_that_has_stopped)
{
    ServerOptions options;
    options.body_timeout = 200ms;
    start(options);
    Client stuck(*server_, 4096);
    stuck.open_socket("/conformance/echo", "");
    auto const message = Client::frame(2, std::string(60'000, 'x'));
    for (int i = 0; i < 1000 && stuck.send(message); ++i) {
    }
    EXPECT_FALSE(stuck.send(message)); // read no more, and then let go
}

TEST_F(NetWebSocket, tells_rooms_when_a_session_ends)
{
    std::promise<std::string> ended;
    ServerOptions options;
    options.port = 0;
    server_ = std::make_unique<Server>(options);
    server_->add_methods({{"open", [&](std::shared_ptr<Session> session, json::object const&) -> asio::awaitable<RpcResult> {
                               session->state["room"] = session; // a cycle, were it kept
                               session->on_closed.push_back([&ended, language = session->language] { ended.set_value(language); });
                               co_return json::value(session->handshake.cookie("kutsu").value_or("none"));
                           }}});
    server_->start();
    {
        Client client(*server_);
        client.open_socket("/live", "Cookie: kutsu=abc\r\nAccept-Language: ru\r\n");
        EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"open"})"), R"({"jsonrpc":"2.0","id":1,"result":"abc"})");
    }
    auto future = ended.get_future();
    ASSERT_EQ(future.wait_for(10s), std::future_status::ready);
    EXPECT_EQ(future.get(), "ru");
}

TEST_F(NetWebSocket, says_goodbye_when_the_server_stops)
{
    start();
    Client client(*server_);
    client.open_socket("/live");
    EXPECT_NE(client.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})"), "");

    auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
    auto const goodbye = json::parse(client.read_message().payload);
    auto const close = client.read_message();
    client.send_frame(8, close.payload);
    client.finish_sending();

    EXPECT_EQ(goodbye.at("method"), "server.closing");
    EXPECT_GE(goodbye.at("params").at("retry_after_ms").as_int64(), 1000);
    EXPECT_EQ(close.close_code(), 1001u);
    EXPECT_TRUE(client.is_closed());
    stopping.get();
}

}
}
