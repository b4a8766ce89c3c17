#include "calendars/lint_zone_block.h"
#include "calendars/zones.h"
#include "calendars_samples.h"

#include <date/tz.h>

#include <cstdlib>
#include <ctime>

namespace kutsu::calendars
{
namespace
{

using namespace samples;
using namespace std::chrono_literals;

// The C library's view of the system's tzdata, which unlike the date library's knows the years after 2037.
class SystemZone
{
public:
    explicit SystemZone(std::string_view name)
    {
        if (auto const* before = std::getenv("TZ"))
            before_ = before;
        set(std::string(name));
    }

    ~SystemZone() { set(before_); }
    SystemZone(SystemZone const&) = delete;
    SystemZone& operator=(SystemZone const&) = delete;

    std::chrono::seconds offset_at(Utc at) const
    {
        std::time_t const time = at.time_since_epoch().count();
        std::tm shown{};
        localtime_r(&time, &shown);
        return std::chrono::seconds(shown.tm_gmtoff);
    }

private:
    static void set(std::optional<std::string> const& name)
    {
        if (name)
            setenv("TZ", name->c_str(), 1);
        else
            unsetenv("TZ");
        tzset();
    }

    std::optional<std::string> before_;
};

lint_parts::ZoneBlock block_of(ZoneRules const& zone)
{
    lint_parts::Report report;
    auto const parsed = lint_parts::parse(zone.block, report);
    EXPECT_EQ(std::move(report).take(), std::vector<Violation>());
    return lint_parts::ZoneBlock::from(parsed.at(0)).value();
}

// R21. A failure here means that a government has changed a rule: see the top of zones.h.
TEST(CalendarZones, EqualTheSystemsAtEveryHalfHourForFifteenYears)
{
    auto const end =
        std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()) + std::chrono::years(15);
    for (auto const& zone : all_zones()) {
        SystemZone const system(zone.name);
        auto const block = block_of(zone);
        for (Utc at = zone.valid_from; at < end; at += 30min) {
            auto const wanted = system.offset_at(at);
            ASSERT_EQ(wanted, offset_at(zone, at)) << zone.name << ' ' << at.time_since_epoch().count();
            ASSERT_EQ(wanted, block.offset_at(at)) << zone.name << ' ' << at.time_since_epoch().count();
        }
    }
}

TEST(CalendarZones, EqualTheDateLibrarysAsFarAsItKnows)
{
    for (auto const& zone : all_zones()) {
        auto const* known = date::locate_zone(std::string(zone.name));
        for (Utc at = zone.valid_from; at < utc(2037, 12, 31); at += 6h)
            ASSERT_EQ(known->get_info(at).offset, offset_at(zone, at)) << zone.name;
    }
}

// A boundary that could lie earlier would only cost readability; one that lies too early is wrong.
TEST(CalendarZones, DifferFromTheSystemsJustBeforeTheirBoundary)
{
    for (auto const* name : {"Europe/Moscow", "Asia/Almaty"}) {
        auto const& zone = *find_zone(name);
        SystemZone const system(name);
        EXPECT_NE(system.offset_at(zone.valid_from - 1s), offset_at(zone, zone.valid_from)) << name;
    }
}

std::string start_of(Utc at, std::string_view zone)
{
    return after("DTSTART", write_event(event(span(at, zone))).bytes);
}

// R22, R23.
TEST(CalendarZones, WriteWhatIsBeforeTheBoundaryInUtc)
{
    EXPECT_EQ(start_of(utc(2003, 1, 15, 9), "Europe/Moscow"), ":20030115T090000Z");
    EXPECT_EQ(start_of(utc(2003, 7, 15, 8), "Europe/Moscow"), ":20030715T080000Z");
    EXPECT_EQ(start_of(utc(2011, 7, 15, 8), "Europe/Moscow"), ":20110715T080000Z");
    EXPECT_EQ(start_of(utc(2011, 12, 15, 8), "Europe/Moscow"), ":20111215T080000Z");
    EXPECT_EQ(start_of(utc(2012, 7, 15, 8), "Europe/Moscow"), ":20120715T080000Z");
    EXPECT_EQ(start_of(utc(2014, 10, 15, 8), "Europe/Moscow"), ":20141015T080000Z");
    EXPECT_EQ(start_of(utc(2014, 12, 15, 9), "Europe/Moscow"), ";TZID=Europe/Moscow:20141215T120000");
    EXPECT_EQ(start_of(utc(2026, 7, 15, 9), "Europe/Moscow"), ";TZID=Europe/Moscow:20260715T120000");
    EXPECT_EQ(start_of(utc(2003, 1, 15, 10), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20030115T120000");
    EXPECT_EQ(start_of(utc(2003, 7, 15, 9), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20030715T120000");
    EXPECT_EQ(start_of(utc(2026, 1, 15, 10), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20260115T120000");
    EXPECT_EQ(start_of(utc(2026, 7, 15, 9), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20260715T120000");
    EXPECT_EQ(start_of(utc(2004, 1, 15, 6), "Asia/Almaty"), ":20040115T060000Z");
    EXPECT_EQ(start_of(utc(2024, 2, 15, 6), "Asia/Almaty"), ":20240215T060000Z");
    EXPECT_EQ(start_of(utc(2026, 7, 15, 7), "Asia/Almaty"), ";TZID=Asia/Almaty:20260715T120000");
    EXPECT_EQ(start_of(utc(2016, 9, 6, 20), "Europe/Istanbul"), ":20160906T200000Z");
}

TEST(CalendarZones, DecideByTheInstantAndNotByTheLocalDate)
{
    EXPECT_EQ(start_of(utc(2014, 10, 25, 20, 30), "Europe/Moscow"),
              ":20141025T203000Z"); // 26 October, 00:30 at +04
    EXPECT_EQ(start_of(utc(2014, 10, 25, 21, 59), "Europe/Moscow"), ":20141025T215900Z");
    EXPECT_EQ(start_of(utc(2014, 10, 25, 22), "Europe/Moscow"), ";TZID=Europe/Moscow:20141026T010000");
    EXPECT_EQ(start_of(utc(2024, 2, 29, 17, 59), "Asia/Almaty"), ":20240229T175900Z");
    EXPECT_EQ(start_of(utc(2024, 2, 29, 18), "Asia/Almaty"), ";TZID=Asia/Almaty:20240229T230000");
}

TEST(CalendarZones, PutBothEndsInUtcWhenOneMustBe)
{
    auto const across =
        event(span(utc(2014, 10, 25, 20), "Europe/Moscow", utc(2014, 10, 26, 9), "Europe/Moscow"));
    auto const abroad =
        event(span(utc(2027, 5, 1, 9), "Europe/Helsinki", utc(2027, 5, 1, 15), "Asia/Tbilisi"));

    EXPECT_EQ(after("DTEND", write_event(across).bytes), ":20141026T090000Z");
    EXPECT_EQ(after("DTSTART", write_event(abroad).bytes), ":20270501T090000Z");
    EXPECT_TRUE(write_event(abroad).zones.empty());
    EXPECT_EQ(lint(written({across, abroad})).size(), 1U); // R32: both are called ev-1
}

// R27: 31 October 2027, 03:00 to 04:00 by the wall.
TEST(CalendarZones, WriteTheHourThatComesTwiceInUtc)
{
    auto const& helsinki = *find_zone("Europe/Helsinki");

    EXPECT_TRUE(wall_time(helsinki, utc(2027, 10, 30, 23, 59)));
    EXPECT_FALSE(wall_time(helsinki, utc(2027, 10, 31, 0)));
    EXPECT_FALSE(wall_time(helsinki, utc(2027, 10, 31, 1, 59)));
    EXPECT_EQ(start_of(utc(2027, 10, 30, 22), "Europe/Helsinki"), ":20271030T220000Z"); // ends within it
    EXPECT_EQ(start_of(utc(2027, 10, 31, 0, 30), "Europe/Helsinki"), ":20271031T003000Z");
    EXPECT_EQ(start_of(utc(2027, 10, 31, 2), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20271031T040000");
}

TEST(CalendarZones, JumpOverTheHourThatNeverComes)
{
    EXPECT_EQ(start_of(utc(2027, 3, 28, 0, 59), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20270328T025900");
    EXPECT_EQ(start_of(utc(2027, 3, 28, 1), "Europe/Helsinki"), ";TZID=Europe/Helsinki:20270328T040000");
}

// R28.
TEST(CalendarZones, LetALegStartInOneZoneAndEndInAnother)
{
    auto const leg =
        event(span(utc(2027, 5, 27, 6), "Europe/Moscow", utc(2027, 5, 27, 9), "Europe/Helsinki"));
    auto const flight =
        event(span(utc(2027, 5, 28, 6), "Europe/Istanbul", utc(2027, 5, 28, 11), "Asia/Almaty"), "leg-2");

    auto const bytes = written({flight, leg});

    EXPECT_EQ(after("DTSTART;", bytes), "TZID=Europe/Moscow:20270527T090000");
    EXPECT_EQ(after("DTEND;", bytes), "TZID=Europe/Helsinki:20270527T120000");
    EXPECT_EQ(write_event(flight).zones, (std::vector<std::string>{"Europe/Istanbul", "Asia/Almaty"}));
    EXPECT_EQ(lint(bytes), std::vector<Violation>());
}

TEST(CalendarZones, AreDefinedOnlyWhenReferredTo)
{
    auto const old = event(span(utc(2003, 7, 1), "Europe/Moscow"));
    EXPECT_EQ(after("BEGIN:VTIMEZONE", written({old})), "(none)");
}

}
}
