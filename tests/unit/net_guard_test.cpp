#include "net/guard.h"
#include "net/handshake.h"
#include "net/http_request.h"

#include <gtest/gtest.h>

namespace kutsu::net
{
namespace
{

GuardRules const rules{own_hosts("https://kutsu.example", "127.0.0.1", 8080), {"REPORT"}};

// What the connection does with a block before it reads a body: 200 when it lets the request pass.
int judge(std::string const& block)
{
    if (auto const refused = check_layout(block))
        return refused->status;
    auto const head = parse_head(block);
    if (!head)
        return head.error().status;
    auto const framing = check_head(*head, rules);
    return framing ? 200 : framing.error().status;
}

struct Case
{
    char const* what;
    std::string block;
    int status;
};

std::string const host = "Host: localhost:8080\r\n";

std::vector<Case> const cases = {
    {"a plain GET", "GET / HTTP/1.1\r\n" + host + "\r\n", 200},
    {"a method of some room", "REPORT /dav/ HTTP/1.1\r\n" + host + "\r\n", 200},
    {"HTTP/1.0 with GET", "GET / HTTP/1.0\r\n" + host + "\r\n", 200},
    // 1: versions
    {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + "\r\n", 505},
    {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", 505},
    {"HTTP/0.9", "GET /\r\n\r\n", 400},
    {"no HTTP at all", "GET / FTP/1.1\r\n" + host + "\r\n", 400},
    {"a version in small letters", "GET / http/1.1\r\n" + host + "\r\n", 400},
    {"POST over 1.0", "POST / HTTP/1.0\r\n" + host + "Content-Length: 1\r\n\r\n", 400},
    {"a body over 1.0", "GET / HTTP/1.0\r\n" + host + "Content-Length: 1\r\n\r\n", 400},
    {"chunked over 1.0", "GET / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 400},
    // 2: where a message ends
    {"chunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 501},
    {"chunked and a length",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400},
    {"a length and chunked",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"an unknown coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n", 501},
    {"an empty coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n\r\n", 501},
    {"a length twice, equal", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
     400},
    {"a length twice, unequal",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
    {"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\n", 400},
    {"a length with a plus", "POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\n", 400},
    {"a negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n", 400},
    {"a hexadecimal length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\n", 400},
    {"an empty length", "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", 400},
    {"a length beyond all bounds",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400},
    {"a length of 18 digits", "POST / HTTP/1.1\r\n" + host + "Content-Length: 999999999999999999\r\n\r\n",
     413},
    // 3: hosts
    {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
    {"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"a host with a path", "GET / HTTP/1.1\r\nHost: localhost/evil\r\n\r\n", 400},
    {"a host with user info", "GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400},
    {"a host with blanks", "GET / HTTP/1.1\r\nHost: localhost evil\r\n\r\n", 400},
    {"a host list", "GET / HTTP/1.1\r\nHost: localhost, evil\r\n\r\n", 400},
    {"a port that is none", "GET / HTTP/1.1\r\nHost: localhost:http\r\n\r\n", 400},
    {"another host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
    {"our host as a prefix", "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 421},
    {"another port", "GET / HTTP/1.1\r\nHost: localhost:9\r\n\r\n", 421},
    {"without a port", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
    {"in capitals", "GET / HTTP/1.1\r\nHost: LOCALHOST:8080\r\n\r\n", 200},
    {"IPv6 loopback", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200},
    {"the base URL's host", "GET / HTTP/1.1\r\nHost: kutsu.example\r\n\r\n", 200},
    {"the base URL's host with its port", "GET / HTTP/1.1\r\nHost: kutsu.example:443\r\n\r\n", 200},
    // 4: targets and methods
    {"absolute form, ours", "GET http://localhost:8080/fi/ HTTP/1.1\r\n" + host + "\r\n", 200},
    {"absolute form without a path", "GET http://localhost:8080 HTTP/1.1\r\n" + host + "\r\n", 200},
    {"absolute form, another's", "GET http://evil.example/ HTTP/1.1\r\n" + host + "\r\n", 421},
    {"absolute form with user info", "GET http://localhost:8080@evil.example/ HTTP/1.1\r\n" + host + "\r\n",
     400},
    {"another scheme", "GET ftp://localhost:8080/ HTTP/1.1\r\n" + host + "\r\n", 400},
    {"a path without a slash", "GET fi HTTP/1.1\r\n" + host + "\r\n", 400},
    {"CONNECT", "CONNECT localhost:8080 HTTP/1.1\r\n" + host + "\r\n", 501},
    {"TRACE", "TRACE / HTTP/1.1\r\n" + host + "\r\n", 501},
    {"an unknown method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 501},
    {"a method in small letters", "get / HTTP/1.1\r\n" + host + "\r\n", 501},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 200},
    {"GET *", "GET * HTTP/1.1\r\n" + host + "\r\n", 400},
    // 5: layout
    {"a folded field", "GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", 400},
    {"a folded first field", "GET / HTTP/1.1\r\n " + host + "\r\n", 400},
    {"a blank before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},
    {"a field without a name", "GET / HTTP/1.1\r\n" + host + ": b\r\n\r\n", 400},
    {"a field without a colon", "GET / HTTP/1.1\r\n" + host + "nothing\r\n\r\n", 400},
    {"a NUL in a value", "GET / HTTP/1.1\r\n" + host + std::string("A: b\0c\r\n\r\n", 10), 400},
    {"a bare CR in a value", "GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n", 400},
    {"a bare LF in a value", "GET / HTTP/1.1\r\n" + host + "A: b\nc\r\n\r\n", 400},
    {"an escape in a value", "GET / HTTP/1.1\r\n" + host + "A: \x1b[31m\r\n\r\n", 400},
    {"a tab in a value", "GET / HTTP/1.1\r\n" + host + "A: b\tc\r\n\r\n", 200},
    {"two blanks in the request line", "GET  / HTTP/1.1\r\n" + host + "\r\n", 400},
    {"a blank in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", 400},
    // 6: upgrades
    {"an upgrade with a body", "GET / HTTP/1.1\r\n" + host + "Upgrade: h2c\r\nContent-Length: 3\r\n\r\n",
     400},
    // 7: paths
    {"an escaped NUL", "GET /a%00 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"an escaped slash", "GET /a%2fb HTTP/1.1\r\n" + host + "\r\n", 400},
    {"an escaped backslash", "GET /a%5Cb HTTP/1.1\r\n" + host + "\r\n", 400},
    {"dots", "GET /a/../b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"escaped dots", "GET /a/%2e%2E/b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"dots at the end", "GET /a/.. HTTP/1.1\r\n" + host + "\r\n", 400},
    {"broken UTF-8", "GET /%c3%28 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"half an escape", "GET /a%4 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"a fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400},
    {"a NUL in the query", "GET /a?b=%00 HTTP/1.1\r\n" + host + "\r\n", 400},
    {"Cyrillic", "GET /%D0%B9?q=%D0%B9 HTTP/1.1\r\n" + host + "\r\n", 200},
    // what means something else when it comes twice
    {"two origins", "GET / HTTP/1.1\r\n" + host + "Origin: http://a\r\nOrigin: http://b\r\n\r\n", 400},
    {"two authorizations", "GET / HTTP/1.1\r\n" + host + "Authorization: a\r\nAuthorization: b\r\n\r\n", 400},
    {"an expectation that cannot be met", "GET / HTTP/1.1\r\n" + host + "Expect: wonders\r\n\r\n", 417},
};

TEST(NetGuard, judges_each_request_by_the_table)
{
    for (auto const& [what, block, status] : cases)
        EXPECT_EQ(judge(block), status) << what;
}

TEST(NetGuard, refuses_more_than_a_hundred_fields)
{
    std::string block = "GET / HTTP/1.1\r\n" + host;
    for (int i = 0; i < 99; ++i)
        block += "A: b\r\n";
    EXPECT_EQ(judge(block + "\r\n"), 200);
    EXPECT_EQ(judge(block + "A: b\r\n\r\n"), 431);
}

TEST(NetGuard, reads_framing_from_the_head)
{
    auto const head = parse_head(
        "POST /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\nExpect: 100-continue\r\n"
        "Connection: foo, Close\r\n\r\n");
    ASSERT_TRUE(head);

    auto const framing = check_head(*head, rules);

    ASSERT_TRUE(framing);
    EXPECT_EQ(framing->path, "/a b");
    EXPECT_EQ(framing->query.find("x"), "1");
    EXPECT_EQ(framing->content_length, 12u);
    EXPECT_TRUE(framing->expects_continue);
    EXPECT_FALSE(framing->keep_alive);
}

TEST(NetGuard, keeps_old_connections_only_when_asked)
{
    auto const keeps = [](std::string const& block) {
        return check_head(*parse_head(block), rules)->keep_alive;
    };
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\n" + host + "\r\n"));
    EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n" + host + "\r\n"));
    EXPECT_TRUE(keeps("GET / HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\n"));
}

TEST(NetGuard, believes_forwarded_addresses_only_from_our_proxies)
{
    Head head;
    head.fields = {{"x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.2"}};
    std::vector<std::string> const proxies = {"10.0.0.1", "10.0.0.2"};

    EXPECT_EQ(caller_address(head, "203.0.113.5", proxies), "203.0.113.5");
    EXPECT_EQ(caller_address(head, "10.0.0.1", proxies), "192.0.2.7");
    head.fields = {{"x-forwarded-for", "nonsense"}};
    EXPECT_EQ(caller_address(head, "10.0.0.1", proxies), "10.0.0.1");
}

int shake(std::vector<std::pair<std::string, std::string>> changes, bool checks_origin = true)
{
    Head head{"GET", "/live", 11, {}};
    std::map<std::string, std::string> fields{{"upgrade", "websocket"},
                                              {"connection", "keep-alive, Upgrade"},
                                              {"sec-websocket-version", "13"},
                                              {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    for (auto const& [name, value] : changes)
        fields[name] = value;
    for (auto const& [name, value] : fields) {
        if (value != "-")
            head.fields.emplace_back(name, value);
    }
    auto const shaken =
        check_handshake(head, {checks_origin, own_origins("https://kutsu.example", "127.0.0.1", 8080)});
    return shaken ? 101 : shaken.error().status;
}

TEST(NetHandshake, follows_the_table)
{
    EXPECT_EQ(shake({}), 101);
    EXPECT_EQ(shake({{"upgrade", "-"}}), 426);
    EXPECT_EQ(shake({{"upgrade", "h2c"}}), 400);
    EXPECT_EQ(shake({{"connection", "keep-alive"}}), 400);
    EXPECT_EQ(shake({{"sec-websocket-version", "8"}}), 426);
    EXPECT_EQ(shake({{"sec-websocket-version", "-"}}), 426);
    EXPECT_EQ(shake({{"sec-websocket-key", "-"}}), 400);
    EXPECT_EQ(shake({{"sec-websocket-key", "dGhlIHNhbXBsZQ=="}}), 400);
    EXPECT_EQ(shake({{"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ!!"}}), 400);
    EXPECT_EQ(shake({{"sec-websocket-protocol", "kutsu.v1"}}), 101);
    EXPECT_EQ(shake({{"sec-websocket-protocol", "other, kutsu.v1"}}), 101);
    EXPECT_EQ(shake({{"sec-websocket-protocol", "kutsu.v2"}}), 400);
    EXPECT_EQ(shake({{"origin", "https://kutsu.example"}}), 101);
    EXPECT_EQ(shake({{"origin", "http://localhost:8080"}}), 101);
    EXPECT_EQ(shake({{"origin", "http://127.0.0.1:8080"}}), 101);
    EXPECT_EQ(shake({{"origin", "http://localhost"}}), 403);
    EXPECT_EQ(shake({{"origin", "https://kutsu.example.evil.example"}}), 403);
    EXPECT_EQ(shake({{"origin", "http://kutsu.example"}}), 403);
    EXPECT_EQ(shake({{"origin", "null"}}), 403);
    EXPECT_EQ(shake({{"origin", ""}}), 403);
    EXPECT_EQ(shake({{"origin", "null"}, {"sec-websocket-protocol", "x"}}, false), 101);
}

TEST(NetHandshake, knows_hosts_and_origins_of_a_public_server)
{
    EXPECT_EQ(own_hosts("https://kutsu.example:8443/", "192.0.2.1", 80),
              (std::vector<std::string>{"kutsu.example", "kutsu.example:8443", "192.0.2.1", "192.0.2.1:80"}));
    EXPECT_EQ(own_origins("https://kutsu.example:443", "192.0.2.1", 80),
              (std::vector<std::string>{"https://kutsu.example"}));
    EXPECT_EQ(own_origins("http://Kutsu.Example:8080", "192.0.2.1", 80),
              (std::vector<std::string>{"http://kutsu.example:8080"}));
}

}
}
