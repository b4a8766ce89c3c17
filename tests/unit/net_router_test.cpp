#include "net/router.h"

#include <gtest/gtest.h>

namespace kutsu::net
{
namespace
{

asio::awaitable<Response> nothing(Request const&)
{
    co_return Response{};
}

class NetRouter : public ::testing::Test
{
protected:
    void add(std::string method, std::string pattern)
    {
        router_.add({std::move(method), std::move(pattern), nothing});
    }

    // "PATTERN name=value" or the methods allowed.
    std::string find(std::string_view method, std::string_view path)
    {
        auto const match = router_.find(method, path);
        if (!match.route)
            return allow_header(match.allowed);
        auto text = match.route->pattern;
        for (auto const& [name, value] : match.captures)
            text += " " + name + "=" + value;
        return text;
    }

    Router router_;
};

TEST_F(NetRouter, prefers_literals_then_the_particular)
{
    for (auto const* pattern :
         {"/", "/{lang}/", "/{lang}/events/{slug}", "/{lang}/events/new", "/calendar/events.ics",
          "/calendar/events/{slug}.ics", "/calendar/events/{slug}.json", "/{page}/", "/api/v1/events"})
        add("GET", pattern);

    EXPECT_EQ(find("GET", "/"), "/");
    EXPECT_EQ(find("GET", "/fi/"), "/{lang}/ lang=fi");
    EXPECT_EQ(find("GET", "/xx/"), "/{page}/ page=xx");
    EXPECT_EQ(find("GET", "/fi"), "");
    EXPECT_EQ(find("GET", "/fi/events/new"), "/{lang}/events/new lang=fi");
    EXPECT_EQ(find("GET", "/ru/events/spring"), "/{lang}/events/{slug} lang=ru slug=spring");
    EXPECT_EQ(find("GET", "/xx/events/spring"), "");
    EXPECT_EQ(find("GET", "/ru/events/"), "");
    EXPECT_EQ(find("GET", "/ru/events/a/b"), "");
    EXPECT_EQ(find("GET", "/calendar/events/spring.ics"), "/calendar/events/{slug}.ics slug=spring");
    EXPECT_EQ(find("GET", "/calendar/events/spring.json"), "/calendar/events/{slug}.json slug=spring");
    EXPECT_EQ(find("GET", "/calendar/events/.ics"), "");
    EXPECT_EQ(find("GET", "/calendar/events.ics"), "/calendar/events.ics");
    EXPECT_EQ(find("GET", "//"), "");
}

TEST_F(NetRouter, knows_methods_of_a_path)
{
    add("GET", "/a/{id}");
    add("POST", "/a/b");
    add("DELETE", "/a/{id}");

    EXPECT_EQ(find("HEAD", "/a/x"), "/a/{id} id=x");
    EXPECT_EQ(find("POST", "/a/x"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(find("GET", "/a/b"), "/a/{id} id=b");
    EXPECT_EQ(find("PUT", "/a/b"), "DELETE, GET, HEAD, OPTIONS, POST");
    EXPECT_EQ(find("PUT", "/b"), "");
}

TEST_F(NetRouter, refuses_tables_that_contradict_themselves)
{
    add("GET", "/a/{id}");

    EXPECT_THROW(add("GET", "/a/{id}"), std::logic_error);
    EXPECT_THROW(add("POST", "/a/{name}"), std::logic_error);
    EXPECT_THROW(add("GET", "/b/{x"), std::logic_error);
    EXPECT_THROW(add("GET", "/b/{x}{y}"), std::logic_error);
    EXPECT_THROW(add("GET", "b"), std::logic_error);
}

}
}
