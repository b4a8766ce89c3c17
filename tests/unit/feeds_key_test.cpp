#include "feeds/feed_key.h"

#include <gtest/gtest.h>

namespace kutsu::feeds
{
namespace
{

net::Fields query(std::string_view text)
{
    return net::parse_fields(text).value();
}

int status_of(std::string_view path, std::string_view parameters = "")
{
    auto const key = parse_feed_key(path, query(parameters), "fi");
    return key ? 200 : key.error().status;
}

TEST(FeedKeys, tell_which_calendar_an_address_means)
{
    struct Case
    {
        std::string_view path, parameters;
        FeedKey key;
    };
    Case const cases[] = {
        {"/calendar/events.ics", "", {Scope::all, "", "fi", false, false}},
        {"/calendar/events.ics", "lang=ru&past=all&sessions=1", {Scope::all, "", "ru", true, true}},
        {"/calendar/events/ev-sem-spring.ics", "", {Scope::event, "ev-sem-spring", "fi", true, true}},
        {"/calendar/events/ev-sem-spring.ics",
         "sessions=0",
         {Scope::event, "ev-sem-spring", "fi", false, true}},
        {"/calendar/events/a.b.ics", "", {Scope::event, "a.b", "fi", true, true}},
        {"/calendar/kinds/study-trip.ics", "lang=en", {Scope::kind, "study-trip", "en", false, false}},
        {"/calendar/cities/joensuu.ics", "sessions=0", {Scope::city, "joensuu", "fi", false, false}},
        {"/calendar/projects/prj-silta2.ics", "", {Scope::project, "prj-silta2", "fi", false, true}},
        {"/calendar/events.ics", "utm_source=mail", {Scope::all, "", "fi", false, false}},
    };
    for (auto const& each : cases)
        EXPECT_EQ(parse_feed_key(each.path, query(each.parameters), "fi").value(), each.key) << each.path;
}

TEST(FeedKeys, refuse_addresses_of_no_calendar)
{
    for (auto const* path :
         {"/calendar/events", "/calendar/.ics", "/calendar/events/.ics", "/calendar/kinds/party.ics",
          "/calendar/events.jsonl", "/calendar/events.xml.ics/", "/calendar/.json", "/calendar/other/a.ics",
          "/calendar/kinds.ics", "/calendar/events/a/b.ics", "/calendar/personal/.ics"})
        EXPECT_EQ(status_of(path), 404) << path;
}

TEST(FeedKeys, refuse_unknown_values_of_known_parameters)
{
    for (auto const* parameters :
         {"lang=de", "lang=", "lang=FI", "sessions=2", "sessions=", "past=1", "past="})
        EXPECT_EQ(status_of("/calendar/events.ics", parameters), 400) << parameters;
}

TEST(FeedKeys, of_one_calendar_have_one_address)
{
    auto const target = [](std::string_view path, std::string_view parameters) {
        return feed_target(parse_feed_key(path, query(parameters), "fi").value());
    };

    EXPECT_EQ(target("/calendar/events.ics", "sessions=0"), "/calendar/events.ics?lang=fi");
    EXPECT_EQ(target("/calendar/events.ics", "past=all&sessions=1"),
              "/calendar/events.ics?lang=fi&sessions=1&past=all");
    EXPECT_EQ(target("/calendar/events/a.ics", "past=all&lang=en"), "/calendar/events/a.ics?lang=en");
    EXPECT_EQ(target("/calendar/events/a.ics", "sessions=0"), "/calendar/events/a.ics?lang=fi&sessions=0");
    EXPECT_EQ(target("/calendar/cities/йоэнсуу.ics", ""),
              "/calendar/cities/%D0%B9%D0%BE%D1%8D%D0%BD%D1%81%D1%83%D1%83.ics?lang=fi");
}

}
}
