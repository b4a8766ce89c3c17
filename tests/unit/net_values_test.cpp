#include "base/messages.h"
#include "net/encoding.h"
#include "net/frame_watch.h"
#include "net/http.h"
#include "net/http_answer.h"
#include "net/metrics.h"
#include "net/problem_json.h"
#include "net/rate_limit.h"
#include "net/rpc_text.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace kutsu::net
{
namespace
{

TEST(NetEncoding, knows_well_formed_utf8_to_its_end)
{
    for (auto const* good :
         {"", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
    for (auto const* bad : {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "\x80", "\xc0\xaf", "\xe0\x80\xaf",
                            "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "a\xc3(b"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(NetFields, are_decoded_once_and_in_order)
{
    auto const fields = parse_fields("a=1+2&b=%D0%B9&a=%2541&c&&=x&d=100%");
    ASSERT_TRUE(fields);

    EXPECT_EQ(fields->find("a"), "1 2");
    EXPECT_EQ(fields->all("a"), (std::vector<std::string>{"1 2", "%41"}));
    EXPECT_EQ(fields->find("b"), "й");
    EXPECT_EQ(fields->find("c"), "");
    EXPECT_EQ(fields->find("d"), "100%");
    EXPECT_EQ(fields->find("e"), std::nullopt);
}

TEST(NetFields, refuse_nul_and_broken_utf8)
{
    EXPECT_FALSE(parse_fields("a=%00"));
    EXPECT_FALSE(parse_fields("a=%c3%28"));
    EXPECT_FALSE(parse_fields("%ff=1"));
    EXPECT_TRUE(parse_fields(""));
}

TEST(NetRequest, percent_encodes_all_but_the_unreserved)
{
    EXPECT_EQ(percent_encode("a-Z_0.~ /ä"), "a-Z_0.~%20%2F%C3%A4");
    EXPECT_EQ(percent_decode(percent_encode("й&=%")), "й&=%");
}

TEST(NetRequest, finds_cookies_and_languages)
{
    Request request;
    request.headers = {{"cookie", "a=1; kutsu=\"x y\";b=2"}, {"accept-language", "de, ru;q=0.8"}};

    EXPECT_EQ(request.cookie("kutsu"), "x y");
    EXPECT_EQ(request.cookie("b"), "2");
    EXPECT_EQ(request.cookie("utsu"), std::nullopt);
    EXPECT_EQ(language_of(request, "fi"), "ru");
    request.query = *parse_fields("lang=en");
    EXPECT_EQ(language_of(request, "fi"), "en");
    request.query = *parse_fields("lang=xx");
    EXPECT_EQ(language_of(request, "fi"), "ru");
}

TEST(NetProblem, becomes_the_object_of_the_contract)
{
    Problem problem{ProblemName::validation,
                    {},
                    {},
                    {{"email", "field.missing", {}}, {"name", "field.missing", {}}},
                    {},
                    {}};

    boost::json::object const expected{
        {"type", "/problems/validation"},
        {"title", message("en", "problem.validation.title")},
        {"detail", message("en", "problem.validation.detail")},
        {"field", "email"},
        {"errors", boost::json::array{{{"field", "email"}, {"detail", message("en", "field.missing")}},
                                      {{"field", "name"}, {"detail", message("en", "field.missing")}}}}};
    EXPECT_EQ(problem_json(problem, "en"), expected);
}

TEST(NetProblem, says_when_to_come_back)
{
    Problem problem{ProblemName::overloaded, {}, {}, {}, 1200, {}};
    auto const response = problem_response(problem, "fi");
    auto const header = [&](std::string_view name) {
        auto const found = std::ranges::find(response.headers, name,
                                             [](auto const& each) { return std::string_view(each.first); });
        return found == response.headers.end() ? "" : found->second;
    };

    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header("Retry-After"), "2");
    EXPECT_EQ(header("Content-Type"), "application/problem+json");
    EXPECT_EQ(boost::json::parse(*response.body).at("retry_after_ms"), 1200);
}

TEST(NetAnswer, carries_the_security_fields)
{
    auto const block = header_block(html("<p>"), {"0123456789abcdef", true, true, false});

    EXPECT_TRUE(block.starts_with("HTTP/1.1 200 OK\r\n"));
    for (auto const* field :
         {"X-Content-Type-Options: nosniff\r\n", "X-Request-Id: 0123456789abcdef\r\n",
          "Referrer-Policy: same-origin\r\n", "Content-Security-Policy: default-src 'none'; ",
          "Strict-Transport-Security: ", "Content-Length: 3\r\n", "Connection: close\r\n"})
        EXPECT_NE(block.find(field), std::string::npos) << field;
}

TEST(NetAnswer, lets_a_room_replace_a_default_and_no_one_inject_a_field)
{
    auto response = with_header(text_response("x"), "Cross-Origin-Resource-Policy", "cross-origin");
    response = with_header(std::move(response), "Location", "/a\r\nSet-Cookie: evil=1");
    auto const block = header_block(response, {"id", false, false, false});

    EXPECT_NE(block.find("Cross-Origin-Resource-Policy: cross-origin\r\n"), std::string::npos);
    EXPECT_EQ(block.find("Cross-Origin-Resource-Policy: same-origin"), std::string::npos);
    EXPECT_EQ(block.find("evil"), std::string::npos);
    EXPECT_EQ(block.find("Content-Security-Policy"), std::string::npos);
    EXPECT_EQ(header_block({304, {}, nullptr}, {"id", false, false, false}).find("Content-Length"),
              std::string::npos);
}

TEST(NetRateLimit, refuses_beyond_the_burst_and_says_for_how_long)
{
    RateLimiter limiter({2, 0.5, 10});
    auto const now = from_ms(1'000'000);

    EXPECT_TRUE(limiter.take("a", now));
    EXPECT_TRUE(limiter.take("a", now));
    auto const refused = limiter.take("a", now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().name, ProblemName::too_many_requests);
    EXPECT_EQ(refused.error().retry_after_ms, 2000);
    EXPECT_TRUE(limiter.take("b", now));
    EXPECT_FALSE(limiter.take("a", now + std::chrono::milliseconds(1999)));
    EXPECT_TRUE(limiter.take("a", now + std::chrono::milliseconds(2000)));
    EXPECT_FALSE(
        limiter.take("a", now - std::chrono::hours(1))); // a clock set back gives nothing and takes nothing
}

TEST(NetRateLimit, forgets_the_key_unused_for_longest)
{
    RateLimiter limiter({1, 0.001, 3});
    auto const now = from_ms(0);
    for (auto const* key : {"a", "b", "c", "a", "d"})
        limiter.take(key, now);

    EXPECT_EQ(limiter.size(), 3u);
    EXPECT_FALSE(limiter.take("a", now)); // used again, so still known
    EXPECT_TRUE(limiter.take("b", now));  // forgotten
}

TEST(NetRateLimiter, what_is_given_back_does_not_count)
{
    RateLimiter limiter({1, 0.001, 3});
    auto const now = from_ms(0);

    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(limiter.take("a", now)) << i;
        limiter.give_back("a", now);
        limiter.give_back("a", now); // never more than a full bucket
    }
    EXPECT_TRUE(limiter.take("a", now));
    EXPECT_FALSE(limiter.take("a", now));
}

TEST(NetMetrics, print_counters_gauges_and_histograms)
{
    describe_metric("test_total", "counter", "What the test counts.");
    describe_metric("test_never_total", "counter", "Nothing yet.");
    count("test_total", {{"route", "/a\"b\\\n"}, {"status", "200"}});
    std::thread([] { count("test_total", {{"route", "/a\"b\\\n"}, {"status", "200"}}, 2); }).join();
    gauge("test_age_seconds", 3.5, {{"feed", "x"}});
    gauge("test_age_seconds", 4.5, {{"feed", "x"}});
    observe("test_wait_seconds", 0.001);
    observe("test_wait_seconds", 0.3);
    observe("test_wait_seconds", 60);
    auto const text = metrics_text();

    for (auto const* line :
         {"# HELP test_total What the test counts.\n# TYPE test_total counter\n",
          "test_total{route=\"/a\\\"b\\\\\\n\",status=\"200\"} 3\n", "test_never_total 0\n",
          "test_age_seconds{feed=\"x\"} 4.5\n", "# TYPE test_wait_seconds histogram\n",
          "test_wait_seconds_bucket{le=\"0.001\"} 1\n", "test_wait_seconds_bucket{le=\"0.5\"} 2\n",
          "test_wait_seconds_bucket{le=\"+Inf\"} 3\n", "test_wait_seconds_count 3\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
}

std::string closing(unsigned code)
{
    std::string bytes = "\x88\x82\x01\x02\x03\x04";
    bytes += static_cast<char>((code >> 8) ^ 1u);
    bytes += static_cast<char>((code & 0xffu) ^ 2u);
    return bytes;
}

TEST(NetFrameWatch, knows_when_something_is_incomplete)
{
    FrameWatch watch;
    std::string start("\x01\x81\x01\x02\x03", 5), rest("\x04x", 2), ping("\x89\x80\x01\x02\x03\x04", 6),
        end("\x80\x80\x01\x02\x03\x04", 6);

    EXPECT_FALSE(watch.feed(start));
    EXPECT_TRUE(watch.is_inside());
    EXPECT_FALSE(watch.feed(rest));
    EXPECT_TRUE(watch.is_inside()); // a fragment: the message goes on
    EXPECT_FALSE(watch.feed(ping));
    EXPECT_TRUE(watch.feed(end));
    EXPECT_FALSE(watch.is_inside());
}

TEST(NetFrameWatch, mends_close_codes)
{
    for (auto const& [code, mended] : std::vector<std::pair<unsigned, unsigned>>{
             {1000, 1000}, {1014, 1013}, {4999, 4999}, {5000, 1005}, {65535, 1005}}) {
        FrameWatch watch;
        auto bytes = closing(code);
        EXPECT_TRUE(watch.feed(bytes));
        EXPECT_EQ(bytes, closing(mended)) << code;
    }
}

TEST(NetRpcText, echoes_ids_as_written)
{
    for (auto const* id : {"1", "-7", "1.0", "1e2", "18446744073709551615", "123456789012345678901234567890",
                           "\"ä\"", "null"}) {
        auto const text =
            R"({"params":{"id":5,"a":[{"id":6}]},"method":"id","id" : )" + std::string(id) + "}";
        EXPECT_EQ(id_text(text, boost::json::parse(text).at("id")), id);
    }
    EXPECT_EQ(id_text(R"({"id":{}})", boost::json::object()), std::nullopt);
    EXPECT_EQ(id_text(R"({"id":true})", true), std::nullopt);
}

TEST(NetRpcText, sees_members_that_come_twice)
{
    auto const repeats = [](std::string_view text) {
        return repeats_a_member(text, boost::json::parse(text));
    };
    EXPECT_FALSE(repeats(R"({"a":":","b":[{"c":1},{"c":"\":"}],"d":{}})"));
    EXPECT_TRUE(repeats(R"({"a":1,"a":2})"));
    EXPECT_TRUE(repeats(R"({"a":{"b":1,"b":1}})"));
}

}
}
