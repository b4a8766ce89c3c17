#include "net_test_server.h"

namespace kutsu::net::test
{
namespace
{

TEST_F(NetWebSocket, answers_requests)
{
    start();
    Client client(*server_);
    client.open_socket("/live");

    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":2,"b":3}})"),
              R"({"jsonrpc":"2.0","id":1,"result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":"ä","method":"add","params":{"a":2,"b":3}})"),
              R"({"jsonrpc":"2.0","id":"ä","result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":null,"method":"add","params":{"a":2,"b":3}})"),
              R"({"jsonrpc":"2.0","id":null,"result":5})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1.50,"method":"add","params":{"a":2,"b":3}})"),
              R"({"jsonrpc":"2.0","id":1.50,"result":5})");
    client.send_frame(
        1, R"({"jsonrpc":"2.0","method":"add","params":{"a":2,"b":3}})"); // a notification: silence
    client.send_frame(1, R"({"jsonrpc":"2.0","method":"unknown"})");
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":2,"method":"add","params":{"a":1,"b":1}})"),
              R"({"jsonrpc":"2.0","id":2,"result":2})");
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
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"break"})"), "1 -32603");
    EXPECT_EQ(error(R"({"jsonrpc":"2.0","id":1,"method":"break","params":{"away":1}})"), "1 1008");

    auto const refused =
        json::parse(client.call(R"({"jsonrpc":"2.0","id":1,"method":"refuse"})")).at("error");
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

TEST_F(NetWebSocket, has_a_limited_number_of_requests_in_flight)
{
    ServerOptions options;
    options.in_flight_limit = 20;
    start(options);
    Client client(*server_);
    client.open_socket("/live");
    for (int i = 0; i < 20; ++i)
        client.send_frame(1, R"({"jsonrpc":"2.0","id":)" + std::to_string(i) +
                                 R"(,"method":"wait","params":{"n":1}})");

    auto const refused =
        json::parse(client.call(R"({"jsonrpc":"2.0","id":20,"method":"add","params":{"a":1,"b":1}})"));
    EXPECT_EQ(refused.at("id"), 20);
    EXPECT_EQ(refused.at("error").at("data").at("type"), "/problems/overloaded");
    EXPECT_GT(refused.at("error").at("data").at("retry_after_ms").as_int64(), 0);

    Client other(*server_);
    other.open_socket("/live");
    other.call(R"({"jsonrpc":"2.0","id":1,"method":"release"})");
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(json::parse(client.read_message().payload).as_object().contains("result"));
    EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})"),
              R"({"jsonrpc":"2.0","id":1,"result":2})");
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
    EXPECT_EQ(json::parse(client.call(call)).at("error").at("data").at("type"),
              "/problems/too-many-requests");
}

TEST_F(NetWebSocket, lets_go_of_a_slow_reader_while_others_work)
{
    start();
    Client slow(*server_, 4096), other(*server_);
    slow.open_socket("/live");
    other.open_socket("/live");
    slow.send_frame(1, R"({"jsonrpc":"2.0","id":1,"method":"flood"})");

    EXPECT_EQ(other.call(R"({"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":1}})"),
              R"({"jsonrpc":"2.0","id":1,"result":2})");
    unsigned code = 0;
    for (auto message = slow.read_message(); message.opcode != 0; message = slow.read_message())
        code = message.close_code();
    EXPECT_EQ(code, 1013u);
    EXPECT_TRUE(slow.is_closed());
}

TEST_F(NetWebSocket, tells_rooms_when_a_session_ends)
{
    std::promise<std::string> ended;
    ServerOptions options;
    options.port = 0;
    server_ = std::make_unique<Server>(options);
    server_->add_methods(
        {{"open", [&](std::shared_ptr<Session> session, json::object const&) -> asio::awaitable<RpcResult> {
              session->state["room"] = session; // a cycle, were it kept
              session->on_closed.push_back(
                  [&ended, language = session->language] { ended.set_value(language); });
              co_return json::value(session->handshake.cookie("kutsu").value_or("none"));
          }}});
    server_->start();
    {
        Client client(*server_);
        client.open_socket("/live", "Cookie: kutsu=abc\r\nAccept-Language: ru\r\n");
        EXPECT_EQ(client.call(R"({"jsonrpc":"2.0","id":1,"method":"open"})"),
                  R"({"jsonrpc":"2.0","id":1,"result":"abc"})");
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
