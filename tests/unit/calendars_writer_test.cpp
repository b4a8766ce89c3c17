#include "calendars/lines.h"
#include "calendars_samples.h"

#include <random>

namespace kutsu::calendars
{
namespace
{

using namespace samples;

TEST(CalendarWriter, WritesAFeedOfOneTimedEvent)
{
    EXPECT_EQ(written({event()}), "BEGIN:VCALENDAR\r\n"
                                  "VERSION:2.0\r\n"
                                  "PRODID:-//Kutsu//Kutsu//EN\r\n"
                                  "CALSCALE:GREGORIAN\r\n"
                                  "NAME;LANGUAGE=en:Kutsu\r\n"
                                  "X-WR-CALNAME:Kutsu\r\n"
                                  "X-WR-TIMEZONE:Europe/Helsinki\r\n"
                                  "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
                                  "X-PUBLISHED-TTL:PT1H\r\n"
                                  "BEGIN:VTIMEZONE\r\n"
                                  "TZID:Europe/Helsinki\r\n"
                                  "BEGIN:DAYLIGHT\r\n"
                                  "TZOFFSETFROM:+0200\r\n"
                                  "TZOFFSETTO:+0300\r\n"
                                  "TZNAME:EEST\r\n"
                                  "DTSTART:19700329T030000\r\n"
                                  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
                                  "END:DAYLIGHT\r\n"
                                  "BEGIN:STANDARD\r\n"
                                  "TZOFFSETFROM:+0300\r\n"
                                  "TZOFFSETTO:+0200\r\n"
                                  "TZNAME:EET\r\n"
                                  "DTSTART:19701025T040000\r\n"
                                  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
                                  "END:STANDARD\r\n"
                                  "END:VTIMEZONE\r\n"
                                  "BEGIN:VEVENT\r\n"
                                  "UID:ev-1@kutsu.example\r\n"
                                  "DTSTAMP:20260902T093000Z\r\n"
                                  "LAST-MODIFIED:20260902T093000Z\r\n"
                                  "CREATED:20260901T080000Z\r\n"
                                  "SEQUENCE:0\r\n"
                                  "STATUS:CONFIRMED\r\n"
                                  "DTSTART;TZID=Europe/Helsinki:20270527T120000\r\n"
                                  "DTEND;TZID=Europe/Helsinki:20270527T140000\r\n"
                                  "SUMMARY;LANGUAGE=en:Seminar\r\n"
                                  "TRANSP:TRANSPARENT\r\n"
                                  "END:VEVENT\r\n"
                                  "END:VCALENDAR\r\n");
}

TEST(CalendarWriter, WritesEverythingAnEventCanSay)
{
    auto full = event(Span::all_day(date::year(2027) / 3 / 31, date::year(2027) / 4 / 1).value(), "leg-2",
                      "A, b; c\\d");
    full.sequence = 3;
    full.status = Status::cancelled;
    full.description = {text("Первая\nвторая"), language("ru")};
    full.location = {line("Metla, Yliopistokatu 4, Joensuu"), language("fi")};
    full.url = Uri::from("https://kutsu.example/fi/events/x");
    full.geo = Geo::from(62.6035, -0.0000001);
    full.categories = {line("a, b"), line(""), line("press-conference")};
    full.color = Color::from("teal");
    full.related_to = Uid::from("ev-1@kutsu.example");
    full.reference = line("karelia-2027");
    full.kind = Uri::from("https://kutsu.example/kinds/study-trip");
    full.transparent = false;

    auto const fragment = write_event(full);

    EXPECT_EQ(fragment.bytes, "BEGIN:VEVENT\r\n"
                              "UID:leg-2@kutsu.example\r\n"
                              "DTSTAMP:20260902T093000Z\r\n"
                              "LAST-MODIFIED:20260902T093000Z\r\n"
                              "CREATED:20260901T080000Z\r\n"
                              "SEQUENCE:3\r\n"
                              "STATUS:CANCELLED\r\n"
                              "DTSTART;VALUE=DATE:20270331\r\n"
                              "DTEND;VALUE=DATE:20270402\r\n"
                              "SUMMARY;LANGUAGE=en:A\\, b\\; c\\\\d\r\n"
                              "DESCRIPTION;LANGUAGE=ru:Первая\\nвторая\r\n"
                              "LOCATION;LANGUAGE=fi:Metla\\, Yliopistokatu 4\\, Joensuu\r\n"
                              "GEO:62.603500;0.000000\r\n"
                              "URL:https://kutsu.example/fi/events/x\r\n"
                              "CATEGORIES:a\\, b,press-conference\r\n"
                              "RELATED-TO;RELTYPE=PARENT:ev-1@kutsu.example\r\n"
                              "REFID:karelia-2027\r\n"
                              "CONCEPT:https://kutsu.example/kinds/study-trip\r\n"
                              "COLOR:teal\r\n"
                              "TRANSP:OPAQUE\r\n"
                              "END:VEVENT\r\n");
    EXPECT_EQ(fragment.zones, std::vector<std::string>());
    EXPECT_EQ(fragment.start, utc(2027, 3, 31));
}

TEST(CalendarWriter, SaysWhatTheFeedIsInItsHead)
{
    auto about = head();
    about.description = {text("Events; all"), language("en")};
    about.refresh_interval = std::chrono::minutes(15);
    about.source = Uri::from("https://kutsu.example/calendar/events.ics");
    about.color = Color::from("navy");

    auto const bytes = write_calendar(Calendar{about, {event()}});

    EXPECT_TRUE(bytes.starts_with("BEGIN:VCALENDAR\r\n"
                                  "VERSION:2.0\r\n"
                                  "PRODID:-//Kutsu//Kutsu//EN\r\n"
                                  "CALSCALE:GREGORIAN\r\n"
                                  "NAME;LANGUAGE=en:Kutsu\r\n"
                                  "X-WR-CALNAME:Kutsu\r\n"
                                  "DESCRIPTION;LANGUAGE=en:Events\\; all\r\n"
                                  "X-WR-CALDESC:Events\\; all\r\n"
                                  "X-WR-TIMEZONE:Europe/Helsinki\r\n"
                                  "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"
                                  "X-PUBLISHED-TTL:PT15M\r\n"
                                  "SOURCE;VALUE=URI:https://kutsu.example/calendar/events.ics\r\n"
                                  "COLOR:navy\r\n"
                                  "BEGIN:VTIMEZONE\r\n"))
        << bytes;
}

TEST(CalendarWriter, OrdersByStartAndUidWhateverTheOrderGiven)
{
    auto const early = event(span(utc(2027, 1, 1), "Europe/Moscow"), "z"),
               late = event(span(utc(2027, 2, 1), "Asia/Almaty"), "a");
    auto const also_late = event(span(utc(2027, 2, 1), "Asia/Almaty"), "b");

    EXPECT_EQ(written({also_late, late, early}), written({early, late, also_late}));
    EXPECT_EQ(lint(written({also_late, late, early})), std::vector<Violation>());
}

TEST(CalendarWriter, JoinsKeptFragmentsToTheSameBytes)
{
    auto const one = event(), other = event(span(utc(2003, 7, 1), "Europe/Moscow"), "ev-2");
    std::vector<Fragment> const kept = {write_event(other), write_event(one)};

    EXPECT_EQ(write_calendar(head(), kept), written({one, other}));
}

TEST(CalendarWriter, RoundsNoRefreshIntervalToNothing)
{
    LineWriter out;
    out.line("A").duration(std::chrono::minutes(0));
    out.line("A").duration(std::chrono::minutes(90));
    EXPECT_EQ(std::move(out).take(), "A:PT1M\r\nA:PT1H30M\r\n");
}

TEST(CalendarWriter, EncodesParameterValues)
{
    LineWriter out;
    out.line("X").parameter("CN", line("O'Neil ^ \"Bob\"")).text(line("v"));
    out.line("X").parameter("CN", line("a: b; c, d")).text(line("v"));
    EXPECT_EQ(std::move(out).take(), "X;CN=O'Neil ^^ ^'Bob^':v\r\nX;CN=\"a: b; c, d\":v\r\n");
}

// Random words with everything that folding and escaping might stumble over.
class Babble
{
public:
    std::string words()
    {
        std::string out;
        for (auto left = random_() % 120; left > 0; --left)
            out += pieces[random_() % std::size(pieces)];
        return out;
    }

private:
    static constexpr std::string_view pieces[] = {"Ж",
                                                  "ё",
                                                  "мир",
                                                  "a",
                                                  "z",
                                                  "Joensuu",
                                                  "ä",
                                                  " ",
                                                  " ",
                                                  "\n",
                                                  "\r\n",
                                                  "\\",
                                                  ";",
                                                  ",",
                                                  "\"",
                                                  "^",
                                                  ":",
                                                  "\\n",
                                                  "😀",
                                                  "👩\u200D👩\u200D👧\u200D👦",
                                                  "👍🏽",
                                                  "🇫🇮",
                                                  "e\u0323\u0302",
                                                  "x\u030C",
                                                  "❤\uFE0F",
                                                  "漢字",
                                                  "\u200D",
                                                  "\u0301",
                                                  "\t",
                                                  "й"};
    std::mt19937 random_{20270527};
};

TEST(CalendarWriter, LosesNothingByFoldingAndEscaping)
{
    Babble babble;
    for (int i = 0; i < 10'000; ++i) {
        auto wordy = event();
        wordy.summary.words = line(babble.words());
        wordy.description = {text(babble.words()), language("ru")};

        auto const bytes = write_event(wordy).bytes;

        if (!wordy.summary.words.empty())
            ASSERT_EQ(unescaped(after("SUMMARY;LANGUAGE=en:", bytes)), wordy.summary.words.str());
        if (!wordy.description->words.empty())
            ASSERT_EQ(unescaped(after("DESCRIPTION;LANGUAGE=ru:", bytes)), wordy.description->words.str());
        ASSERT_EQ(lint(write_calendar(head(), std::vector{write_event(wordy)})), std::vector<Violation>())
            << bytes;
    }
}

TEST(CalendarWriter, FoldsTextsThatOfferFewPlaces)
{
    std::string letters, signs, towers, joined, joiners;
    for (int i = 0; i < 200; ++i) {
        letters += "Ы ";
        signs += "😀 ";
        towers += "x\u030C\u030C\u030C\u030C\u030C\u030C\u030C\u030C\u030C\u030C ";
        joiners += "\u200D";
        joined += "👩\u200D";
    }
    for (auto const& each : {letters, signs, towers, joined, joiners, "a" + joiners, std::string(500, 'a'),
                             std::string(400, ',')})
        EXPECT_EQ(lint(written({event(span(utc(2027, 1, 1), "UTC"), "ev-1", each)})),
                  std::vector<Violation>());
}

TEST(CalendarWriter, KeepsSignsWholeWhenItFolds)
{
    std::string const family = "👩\u200D👩\u200D👧\u200D👦", flag = "🇫🇮", accented = "x\u030C";
    for (auto const& sign : {family, flag, accented}) {
        std::string title;
        for (int i = 0; i < 40; ++i)
            title += sign;
        auto const bytes = write_event(event(span(utc(2027, 1, 1), "UTC"), "ev-1", title)).bytes;
        for (auto at = bytes.find("\r\n "); at != bytes.npos; at = bytes.find("\r\n ", at + 1)) {
            if (bytes[at - 1] != ':')
                EXPECT_TRUE(bytes.substr(0, at).ends_with(sign)) << bytes;
        }
    }
}

}
}
