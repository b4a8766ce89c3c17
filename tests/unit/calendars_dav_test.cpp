// What CalDAV clients ask, and XML of strangers. Answers as a whole are tested with real clients in
// tests/calendars.
#include "calendars/dav_answer.h"
#include "calendars/dav_request.h"
#include "calendars_samples.h"

#include <gtest/gtest.h>

namespace kutsu::calendars
{
namespace
{

using namespace dav;
using namespace samples;

TEST(XmlReader, NamesCarryTheirNamespace)
{
    auto const root = read_xml(R"(<a xmlns="DAV:" xmlns:x="urn:x" k="v" x:k="w"><x:b>one<c/>two</x:b></a>)");

    ASSERT_TRUE(root);
    EXPECT_TRUE(root->is("DAV:", "a"));
    EXPECT_EQ(root->attribute("k"), "v");
    auto const* child = root->child("urn:x", "b");
    ASSERT_TRUE(child);
    EXPECT_EQ(child->text, "onetwo");
    EXPECT_TRUE(child->child("DAV:", "c"));
}

TEST(XmlReader, RefusesWhatCouldHurt)
{
    std::string deep, wide = "<a>";
    for (int i = 0; i < 100; ++i)
        deep += "<a>";
    for (int i = 0; i < 20'000; ++i)
        wide += "<b/>";
    for (auto const& each :
         std::vector<std::string>{"", "<a", "<a></b>", "<a>\x01</a>", "<a>\xFF</a>", "<!DOCTYPE a><a/>",
                                  R"(<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>)", "<a>&undefined;</a>", deep,
                                  wide + "</a>", "<a/><b/>", std::string("<a>\0</a>", 8)})
        EXPECT_FALSE(read_xml(each)) << each.substr(0, 60);
}

constexpr std::string_view query_frame =
    R"(<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop><C:filter>)"
    R"(<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">%</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>)";

std::expected<Report, Refusal> query_with(std::string_view inside)
{
    std::string body(query_frame);
    return read_report(body.replace(body.find('%'), 1, inside));
}

TEST(DavRequest, ARangeIsHalfOpen)
{
    auto const report = query_with(R"(<C:time-range start="20270527T090000Z" end="20270527T110000Z"/>)");
    ASSERT_TRUE(report);
    auto const range = std::get<Query>(*report).range.value();
    auto const at = [](int from, int to) {
        return span(utc(2027, 5, 27, from), "Europe/Helsinki", utc(2027, 5, 27, to), "Europe/Helsinki");
    };

    EXPECT_TRUE(overlaps(range, at(10, 12)));
    EXPECT_TRUE(overlaps(range, at(7, 20)));
    EXPECT_FALSE(overlaps(range, at(11, 12))) << "begins as the range ends";
    EXPECT_FALSE(overlaps(range, at(8, 9))) << "ends as the range begins";
}

TEST(DavRequest, TimesThatAreNone)
{
    for (auto const* time : {"20270527T090000", "2027-05-27T09:00:00Z", "20271327T090000Z",
                             "20270527T250000Z", "-0270527T090000Z", ""})
        EXPECT_FALSE(query_with(std::string("<C:time-range start=\"") + time + "\"/>")) << time;
    EXPECT_FALSE(query_with("<C:time-range/>"));
}

TEST(DavRequest, WhatIsNotUnderstoodIsRefusedAndNotIgnored)
{
    auto const refused =
        query_with(R"(<C:prop-filter name="SUMMARY"><C:text-match>x</C:text-match></C:prop-filter>)");

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 403);
    EXPECT_EQ(refused.error().condition->local, "supported-filter");
}

TEST(DavAnswer, UnknownPropertiesAreNamedAsMissingInTheirOwnNamespace)
{
    Multistatus multistatus;
    auto const wanted = read_propfind(
        R"(<propfind xmlns="DAV:"><prop><displayname/><x xmlns="urn:&quot;odd&lt;"/></prop></propfind>)");
    ASSERT_TRUE(wanted);
    std::vector<Property> const has = {Property::text(dav_space, "displayname", "a < b & \"c\"")};
    multistatus.add("/dav/", *wanted, has);
    auto const body = std::move(multistatus).take();

    auto const root = read_xml(body);
    ASSERT_TRUE(root) << body;
    auto const& response = root->children.at(0);
    EXPECT_EQ(response.children.at(1).child(dav_space, "prop")->child(dav_space, "displayname")->text,
              "a < b & \"c\"");
    EXPECT_TRUE(response.children.at(2).child(dav_space, "prop")->child("urn:\"odd<", "x"));
}

}
}
