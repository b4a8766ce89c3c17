#include "net_test_server.h"

namespace kutsu::net::test
{
namespace
{

TEST_F(NetWebSocket, shakes_hands)
{
    start();
    auto const port = std::to_string(port_of(*server_));
    auto const open = [&](std::string const& path, std::string const& fields) {
        return Client(*server_).open_socket(path, fields);
    };

    auto const answer =
        open("/live", "Sec-WebSocket-Protocol: other, kutsu.v1\r\nOrigin: http://localhost:" + port + "\r\n");
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.header("sec-websocket-protocol"), "kutsu.v1");
    EXPECT_EQ(answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(open("/live", "").header("sec-websocket-protocol"), "");
    EXPECT_EQ(open("/live", "Sec-WebSocket-Protocol: other\r\n").status, 400);
    EXPECT_EQ(open("/live", "Origin: http://evil.example\r\n").status, 403);
    EXPECT_EQ(
        open("/live", "Sec-WebSocket-Extensions: permessage-deflate\r\n").header("sec-websocket-extensions"),
        "");
    EXPECT_EQ(
        open("/conformance/echo", "Origin: http://evil.example\r\nSec-WebSocket-Protocol: x\r\n").status,
        101);
    EXPECT_EQ(open("/hello", "").status, 404);

    Client plain(*server_);
    auto const upgrade = plain.get("/live");
    EXPECT_EQ(upgrade.status, 426);
    EXPECT_EQ(upgrade.header("upgrade"), "websocket");
    EXPECT_EQ(upgrade.header("sec-websocket-version"), "13");
    EXPECT_EQ(
        Client(*server_).ask("POST /live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status,
        405);
}

TEST_F(NetWebSocket, does_not_read_early_bytes_as_frames)
{
    start();
    Client client(*server_);
    client.send("GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                Client::frame(1, "{}"));
    EXPECT_EQ(client.read_answer().status, 400);
}

TEST_F(NetWebSocket, echoes_both_kinds_however_they_are_cut)
{
    start();
    Client client(*server_);
    ASSERT_EQ(client.open_socket("/conformance/echo", "").status, 101);

    client.send(Client::frame(1, "he", false) + Client::frame(9, "mid") + Client::frame(0, "", false) +
                Client::frame(0, "j\xc3", false) + Client::frame(0, "\xa4!", true) +
                Client::frame(2, std::string("\0\xff", 2)) + Client::frame(1, ""));
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

    EXPECT_EQ(echo_after(Client::frame(1, "a", true, false)).close_code(), 1002u);      // unmasked
    EXPECT_EQ(echo_after(Client::frame(3, "a")).close_code(), 1002u);                   // reserved opcode
    EXPECT_EQ(echo_after(Client::frame(0x41, "a")).close_code(), 1002u);                // reserved bit
    EXPECT_EQ(echo_after(Client::frame(0, "a")).close_code(), 1002u);                   // continues nothing
    EXPECT_EQ(echo_after(Client::frame(9, "a", false)).close_code(), 1002u);            // a fragmented ping
    EXPECT_EQ(echo_after(Client::frame(9, std::string(126, 'a'))).close_code(), 1002u); // a large ping
    EXPECT_EQ(echo_after(Client::frame(1, "a", false) + Client::frame(1, "b")).close_code(), 1002u);
    EXPECT_EQ(echo_after("\x81\xfe" + std::string("\0\x01", 2) + mask + "x").close_code(),
              1002u); // not the shortest length
    EXPECT_EQ(echo_after(Client::frame(1, "\xc3(")).close_code(), 1007u);
    EXPECT_EQ(echo_after(Client::frame(1, "\xe2\x82")).close_code(), 1007u); // ends within a character
    EXPECT_EQ(echo_after(Client::frame(1, "\xe2\x82", false) + Client::frame(0, "")).close_code(), 1007u);
    EXPECT_EQ(echo_after(Client::frame(1, std::string(64 * 1024 + 1, 'x'))).close_code(), 1009u);
    EXPECT_EQ(echo_after(Client::frame(1, std::string(40'000, 'x'), false) +
                         Client::frame(0, std::string(40'000, 'x')))
                  .close_code(),
              1009u);
    for (auto const code : {1000u, 1001u, 1003u, 1007u, 1013u, 3000u, 4999u})
        EXPECT_EQ(echo_after(close(code)).close_code(), code);
    for (auto const code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2999u, 5000u, 65535u})
        EXPECT_EQ(echo_after(close(code)).close_code(), 1002u) << code;
    EXPECT_EQ(echo_after(close(1014)).close_code(), 1013u);
    EXPECT_EQ(echo_after(Client::frame(8, "a")).close_code(), 1002u);
    EXPECT_EQ(echo_after(Client::frame(8, "\x03\xe8\xff")).close_code(), 1002u);
    EXPECT_EQ(echo_after(Client::frame(8, "")).opcode, 8u);
}

TEST_F(NetWebSocket, lets_go_of_a_peer_that_answers_our_close_with_nonsense)
{
    start();
    {
        Client client(*server_);
        client.open_socket("/live");
        client.send_frame(2, "binary");
        EXPECT_EQ(client.read_message().close_code(), 1003u);
        client.send_frame(3, "nonsense");
        EXPECT_TRUE(client.is_closed());
    }
    EXPECT_TRUE(eventually([] { return metrics_text().find("kutsu_sockets 0\n") != std::string::npos; }));
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
    for (auto const& part :
         {std::string("\x81"), Client::frame(1, "abc").substr(0, 8), Client::frame(1, "abc", false)}) {
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

}
}
