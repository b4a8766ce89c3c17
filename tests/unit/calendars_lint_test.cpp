#include "calendars_samples.h"

#include <algorithm>
#include <set>

namespace kutsu::calendars
{
namespace
{

using namespace samples;

// A sound feed with one thing changed, and the rule that must notice.
struct Seed
{
    std::string_view rule, from, to;
};

void PrintTo(Seed const& seed, std::ostream* out)
{
    *out << seed.rule << ": " << seed.from << " -> " << seed.to;
}

std::string sound_feed()
{
    auto full = event();
    full.description = {text("One\ntwo"), language("en")};
    full.location = {line("Joensuu"), language("fi")};
    full.geo = Geo::from(62.6, 29.7);
    full.url = Uri::from("https://kutsu.example/x");
    full.categories = {line("seminar"), line("forest")};
    auto about = head();
    about.source = Uri::from("https://kutsu.example/calendar/events.ics");
    auto const whole_day =
        event(Span::all_day(date::year(2027) / 6 / 1, date::year(2027) / 6 / 1).value(), "ev-2");
    return write_calendar(Calendar{about, {full, whole_day}});
}

std::set<std::string> broken_rules(std::string_view bytes)
{
    std::set<std::string> rules;
    for (auto const& each : lint(bytes))
        rules.insert(each.rule);
    return rules;
}

class CalendarLint : public testing::TestWithParam<Seed>
{};

TEST_P(CalendarLint, NoticesWhatIsWrong)
{
    auto bytes = sound_feed();
    auto const at = bytes.find(GetParam().from);
    ASSERT_NE(at, bytes.npos);
    bytes.replace(at, GetParam().from.size(), GetParam().to);

    EXPECT_TRUE(broken_rules(bytes).contains(std::string(GetParam().rule)))
        << testing::PrintToString(lint(bytes));
}

constexpr std::string_view title = "SUMMARY;LANGUAGE=en:Seminar";
constexpr std::string_view long_title =
    "SUMMARY;LANGUAGE=en:Seminar on the very long title of a seminar that goes on and on";

INSTANTIATE_TEST_SUITE_P(
    Bytes, CalendarLint,
    testing::Values(Seed{"R1", "SEQUENCE:0\r\n", "SEQUENCE:0\n"},
                    Seed{"R1", "SEQUENCE:0\r\n", "SEQUENCE:0\r"},
                    Seed{"R1", "SEQUENCE:0\r\n", "SEQUENCE:0\r\n\r\n"},
                    Seed{"R1", "END:VCALENDAR\r\n", "END:VCALENDAR"},
                    Seed{"R1", "BEGIN:VCALENDAR",
                         "\xEF\xBB\xBF"
                         "BEGIN:VCALENDAR"},
                    Seed{"R2", title, long_title}, Seed{"R3", "Seminar", "\xD0\r\n \x9B"},
                    Seed{"R3", "Seminar", "x\r\n \xCC\x8C"}, Seed{"R3", "Seminar", "\xFF"},
                    Seed{"R4", "Seminar", "Semi \r\n nar"}, Seed{"R4", "Seminar", "Semi\r\n  nar"},
                    Seed{"R4", "Seminar\r\n", "Seminar \r\n"}, Seed{"R7", "Seminar", "Semi\x01nar"},
                    Seed{"R7", "Seminar", "Semi\xC2\x85nar"}, Seed{"R7", "Seminar", "a\xCC\x88"}));

INSTANTIATE_TEST_SUITE_P(
    Grammar, CalendarLint,
    testing::Values(Seed{"R6", "Seminar", "Semi;nar"}, Seed{"R6", "Seminar", "Semi,nar"},
                    Seed{"R6", "Seminar", "Semi\\:nar"}, Seed{"R6", "Seminar", "Seminar\\"},
                    Seed{"R8", "https://kutsu.example/x", "https://kutsu.example/ä"},
                    Seed{"R8", "https://kutsu.example/x", "kutsu.example/x"},
                    Seed{"R8", "Seminar", "Seminar\r\nX-INJ:1"},
                    Seed{"R8", "Seminar", "Seminar\r\nnot a line"},
                    Seed{"R9", ";LANGUAGE=en:Seminar", ";LANGUAGE=e\"n:Seminar"},
                    Seed{"R9", ";LANGUAGE=en:Seminar", ";LANGUAGE=en;X-A=b^c:Seminar"},
                    Seed{"R9", ";LANGUAGE=en:Seminar", ";LANGUAGE=:Seminar"},
                    Seed{"R10", "seminar,forest", "seminar;forest"},
                    Seed{"R11", "VERSION:2.0\r\nPRODID:-//Kutsu//Kutsu//EN\r\n",
                         "PRODID:-//Kutsu//Kutsu//EN\r\nVERSION:2.0\r\n"},
                    Seed{"R11", "END:VCALENDAR\r\n", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
                    Seed{"R11", "END:VEVENT", "END:VTODO"}, Seed{"R11", "Kutsu//EN", "Kutsu 1.2//EN"},
                    Seed{"R12", "DTSTART;VALUE=DATE:20270601", "DTSTART;VALUE=DATE:20260601"},
                    Seed{"R13", "END:VCALENDAR", "X-WR-CALDESC:late\r\nEND:VCALENDAR"},
                    Seed{"R14", "SEQUENCE:0", "SEQUENCE:0\r\nSEQUENCE:1"},
                    Seed{"R14", title, "SUMMARY;LANGUAGE=en:a\r\nSUMMARY;LANGUAGE=fi:b"},
                    Seed{"R14", "UID:ev-1@kutsu.example\r\n", ""}, Seed{"R14", "SEQUENCE:0", "SEQUENCE:-1"},
                    Seed{"R15", "SOURCE;VALUE=URI:", "SOURCE:"},
                    Seed{"R15", "REFRESH-INTERVAL;VALUE=DURATION:", "REFRESH-INTERVAL:"},
                    Seed{"R16", "CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nUID:x@y"},
                    Seed{"R17", "END:VEVENT", "BEGIN:PARTICIPANT\r\nEND:PARTICIPANT\r\nEND:VEVENT"},
                    Seed{"R17", "END:VCALENDAR", "BEGIN:VTODO\r\nEND:VTODO\r\nEND:VCALENDAR"}));

INSTANTIATE_TEST_SUITE_P(
    Time, CalendarLint,
    testing::Values(
        Seed{"R18", "DTSTART;TZID=Europe/Helsinki", "DTSTART;TZID=\"Europe/Helsinki\""},
        Seed{"R18", "DTSTART;TZID=Europe/Helsinki", "DTSTART;TZID=/x.example/Europe/Helsinki"},
        Seed{"R19", "DTSTART;TZID=Europe/Helsinki", "DTSTART;TZID=Europe/Moscow"},
        Seed{"R19", "TZID:Europe/Helsinki", "TZID:Europe/Moscow"},
        Seed{"R19", "END:VCALENDAR", "BEGIN:VTIMEZONE\r\nTZID:A\r\nEND:VTIMEZONE\r\nEND:VCALENDAR"},
        Seed{"R20", "BYMONTH=3;BYDAY=-1SU", "BYMONTH=3;BYDAY=-1SU;UNTIL=20300101T000000Z"},
        Seed{"R20", "TZNAME:EET\r\n", "TZNAME:EET\r\nRDATE:19701025T040000\r\n"},
        Seed{"R20", "TZOFFSETTO:+0200", "TZOFFSETTO:+020001"},
        Seed{"R20", "TZID:Europe/Helsinki\r\n", "TZID:Europe/Helsinki\r\nX-LIC-LOCATION:Europe/Helsinki\r\n"},
        Seed{"R24", "DTSTART;TZID=Europe/Helsinki:", "DTSTART:"},
        Seed{"R24", "DTSTART;TZID=Europe/Helsinki:20270527T120000",
             "DTSTART;TZID=Europe/Helsinki:20270527T120000Z"},
        Seed{"R24", "DTSTAMP:20260902T093000Z", "DTSTAMP:20260902T093000"},
        Seed{"R25", "DTEND;VALUE=DATE:20270602", "DTEND:20270602T000000Z"},
        Seed{"R25", "DTEND;VALUE=DATE:20270602", "DTEND;VALUE=DATE:20270601"},
        Seed{"R25", "DTSTART;VALUE=DATE:", "DTSTART;TZID=Europe/Helsinki;VALUE=DATE:"},
        Seed{"R26", "DTEND;TZID=Europe/Helsinki:20270527T140000",
             "DTEND;TZID=Europe/Helsinki:20270527T120000"},
        Seed{"R26", "DTEND;TZID=Europe/Helsinki:20270527T140000", "DURATION:PT2H"}));

INSTANTIATE_TEST_SUITE_P(
    Meaning, CalendarLint,
    testing::Values(
        Seed{"R32", "UID:ev-1@kutsu.example", "UID:ev-1"},
        Seed{"R32", "UID:ev-1@kutsu.example", "UID:ev-2@kutsu.example"},
        Seed{"R33", "DTSTAMP:20260902T093000Z", "DTSTAMP:20260902T093001Z"},
        Seed{"R41", "STATUS:CONFIRMED", "STATUS:DONE"}, Seed{"R41", "STATUS:CONFIRMED\r\n", ""},
        Seed{"R41", "TRANSP:TRANSPARENT\r\n", ""}, Seed{"R44", title, "SUMMARY:Seminar"},
        Seed{"R44", "LOCATION;LANGUAGE=fi", "LOCATION"},
        Seed{"R44", "DESCRIPTION;LANGUAGE=en", "DESCRIPTION"}, Seed{"R45", "NAME;LANGUAGE=en:", "NAME:"},
        Seed{"R45", "X-WR-CALNAME:Kutsu\r\n", ""}, Seed{"R45", "X-WR-TIMEZONE:Europe/Helsinki\r\n", ""},
        Seed{"R45", "X-WR-TIMEZONE", "X-WR-CALDESC:a\r\nX-WR-TIMEZONE"},
        Seed{"R48", "GEO:62.600000;", "GEO:62.600000\\;"}, Seed{"R48", "fi:Joensuu", "fi:Metla\\nJoensuu"},
        Seed{"R54", "X-PUBLISHED-TTL:PT1H", "X-PUBLISHED-TTL:PT2H"},
        Seed{"R67", title, "ATTENDEE:mailto:a@b.example"}, Seed{"R67", title, "ORGANIZER:mailto:a@b.example"},
        Seed{"R71", "END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT"},
        Seed{"R72", "CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH"}));

TEST(CalendarLintTest, FindsNothingInASoundFeed)
{
    EXPECT_EQ(lint(sound_feed()), std::vector<Violation>());
}

TEST(CalendarLintTest, SaysInWhichLine)
{
    auto bytes = sound_feed();
    bytes.replace(bytes.find("STATUS:CONFIRMED"), 16, "STATUS:DONE");

    auto const found = lint(bytes);

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.at(0).rule, "R41");
    auto const before = bytes.substr(0, bytes.find("BEGIN:VEVENT"));
    EXPECT_EQ(found.at(0).line, 1U + static_cast<std::size_t>(std::ranges::count(before, '\n')));
}

TEST(CalendarLintTest, RefusesAFeedWithoutEntriesAndWhatIsNoFeed)
{
    EXPECT_EQ(broken_rules(write_calendar(head(), {})), std::set<std::string>{"R39"});
    EXPECT_TRUE(broken_rules("").contains("R11"));
    EXPECT_TRUE(broken_rules("<html></html>").contains("R11"));
    EXPECT_TRUE(broken_rules(":\r\n;\r\n\"\r\nBEGIN\r\nEND:\r\n").contains("R8"));
}

TEST(CalendarLintTest, SurvivesEveryPrefixAndEveryLostByte)
{
    auto const bytes = sound_feed();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        EXPECT_FALSE(lint(std::string_view(bytes).substr(0, i)).empty());
        auto damaged = bytes;
        damaged[i] = static_cast<char>(i * 37);
        lint(damaged);
    }
}

}
}
