#include "base/local_time.h"
#include "transfer/project_file.h"
#include "transfer/shift.h"
#include "transfer/transfer.h"
#include "transfer_samples.h"

#include <gtest/gtest.h>

namespace kutsu::test
{
namespace
{

using namespace std::chrono_literals;

Instant instant(std::string_view text)
{
    return parse_instant(text).value();
}

TEST(TransferShift, CountsWholeWeeksBetweenTheWeeksOfTwoInstants)
{
    auto const monday = instant("2027-05-03T06:00:00Z");

    EXPECT_EQ(transfer::days_to_current_week(monday, instant("2027-05-03T00:00:00Z")), 0);
    EXPECT_EQ(transfer::days_to_current_week(monday, instant("2027-05-09T23:59:59Z")), 0);
    EXPECT_EQ(transfer::days_to_current_week(monday, instant("2027-05-10T00:00:00Z")), 7);
    EXPECT_EQ(transfer::days_to_current_week(monday, instant("2026-11-24T23:00:00Z")), -161);
    EXPECT_EQ(
        transfer::days_to_current_week(instant("2027-05-09T12:00:00Z"), instant("2027-05-10T01:00:00Z")), 7);
}

TEST(TransferShift, RefusesAnythingButWholeWeeks)
{
    EXPECT_THROW(transfer::shift({}, 3), std::logic_error);
}

TEST(TransferShift, KeepsWallTimesAndDerivesInstantsAcrossAChangeOfTheClocks)
{
    json::value const may = {
        {"id", "dg-2027-05-27"},
        {"tz", "Europe/Helsinki"},
        {"starts_local", "2027-05-27T08:30"},
        {"ends_local", "2027-05-27T14:45"},
        {"starts_utc", "2027-05-27T05:30:00Z"},
        {"ends_utc", "2027-05-27T11:45:00Z"},
        {"utc_offset_at_start", "+3"},
        {"also_local", {{"Asia/Almaty", {{"starts", "2027-05-27T10:30"}, {"ends", "2027-05-27T16:45"}}}}}};
    json::value const november = {
        {"id", "dg-2027-05-27"},
        {"tz", "Europe/Helsinki"},
        {"starts_local", "2027-11-25T08:30"},
        {"ends_local", "2027-11-25T14:45"},
        {"starts_utc", "2027-11-25T06:30:00Z"},
        {"ends_utc", "2027-11-25T12:45:00Z"},
        {"utc_offset_at_start", "+2"},
        {"also_local", {{"Asia/Almaty", {{"starts", "2027-11-25T11:30"}, {"ends", "2027-11-25T17:45"}}}}}};

    EXPECT_EQ(transfer::shift(may, 26 * 7), november);
    EXPECT_EQ(transfer::shift(november, -26 * 7), may);
}

TEST(TransferShift, MovesDaysStampsMomentsAndMembersNamedAfterDays)
{
    json::value const before = {{"date", "2027-06-06"},
                                {"sent", "2027-04-20T08:05:00Z"},
                                {"attendance", {{"2027-02-09", "SIGNED"}}},
                                {"opens",
                                 {{"tz", "Europe/Helsinki"},
                                  {"local", "2027-04-12T09:00"},
                                  {"utc", "2027-04-12T06:00:00Z"},
                                  {"also_local", {{"Asia/Almaty", "2027-04-12T11:00"}}}}},
                                {"note", "6 May 2027 is Ascension Day"},
                                {"period", "2021-2027"}};
    json::value const after = {{"date", "2027-05-30"},
                               {"sent", "2027-04-13T08:05:00Z"},
                               {"attendance", {{"2027-02-02", "SIGNED"}}},
                               {"opens",
                                {{"tz", "Europe/Helsinki"},
                                 {"local", "2027-04-05T09:00"},
                                 {"utc", "2027-04-05T06:00:00Z"},
                                 {"also_local", {{"Asia/Almaty", "2027-04-05T11:00"}}}}},
                               {"note", "6 May 2027 is Ascension Day"},
                               {"period", "2021-2027"}};

    EXPECT_EQ(transfer::shift(before, -7), after);
}

TEST(TransferShift, CorrectsTheLengthOfAJourneyBetweenZonesThatChangeApart)
{
    json::value const summer = {
        {"departs", {{"tz", "Asia/Almaty"}, {"local", "2027-06-06T14:10"}, {"utc", "2027-06-06T09:10:00Z"}}},
        {"arrives",
         {{"tz", "Europe/Helsinki"}, {"local", "2027-06-06T18:05"}, {"utc", "2027-06-06T15:05:00Z"}}},
        {"duration_minutes", 355}};

    auto const winter = transfer::shift(summer, 26 * 7);

    EXPECT_EQ(winter.at("duration_minutes"), 415);
}

TEST(TransferShift, MovesAWallTimeOutOfTheGapOfASpringNight)
{
    json::value const before = {
        {"tz", "Europe/Helsinki"}, {"local", "2027-03-21T03:30"}, {"utc", "2027-03-21T01:30:00Z"}};

    auto const after = transfer::shift(before, 7);

    EXPECT_EQ(after, json::value({{"tz", "Europe/Helsinki"},
                                  {"local", "2027-03-28T04:30"},
                                  {"utc", "2027-03-28T01:30:00Z"}}));
}

TEST(TransferShift, GivesAGoodFileForEveryWeekOfTwoYears)
{
    auto const text = demo_text("silta-2.json");
    auto const demo_now = instant("2027-05-03T06:00:00Z");
    for (int week = -60; week <= 60; week += 4) {
        auto const now = demo_now + std::chrono::hours(week * 7 * 24) + 50h;
        auto const file = transfer::read_project_file(transfer::moved_to_current_week(text, now));
        ASSERT_TRUE(file) << week << " " << file.error().at(0).path << " " << file.error().at(0).reason;
    }
}

TEST(TransferShift, LeavesFilesWithoutADemonstrationInstantAlone)
{
    auto const text = demo_text("silta-1.json");

    EXPECT_EQ(transfer::moved_to_current_week(text, instant("2030-01-01T00:00:00Z")), text);
    EXPECT_EQ(transfer::moved_to_current_week("no JSON", instant("2030-01-01T00:00:00Z")), "no JSON");
}

}
}
