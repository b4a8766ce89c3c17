#include "feeds_samples.h"

namespace kutsu::feeds
{
namespace
{

using namespace samples;

std::string description_start(std::string_view bytes, std::string_view uid, std::string_view language)
{
    auto const text = of_entry(bytes, uid, "DESCRIPTION;LANGUAGE=" + std::string(language) + ":");
    return text.substr(0, text.find("\\n"));
}

TEST(FeedModel, writes_an_event_whole)
{
    World world;
    world.hold({event()});

    auto const bytes = world.feed("/calendar/events.ics?lang=en");

    std::vector<std::string> const expected = {
        "UID:ev-sem-spring@kutsu.example",
        "DTSTAMP:20270402T101112Z",
        "LAST-MODIFIED:20270402T101112Z",
        "CREATED:20270201T120000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "DTSTART;TZID=Europe/Helsinki:20270527T083000",
        "DTEND;TZID=Europe/Helsinki:20270527T150000",
        "SUMMARY;LANGUAGE=en:Spring seminar",
        "LOCATION;LANGUAGE=en:Jokiranta House\\, Rantakatu 3\\, 80100 Joensuu",
        "URL:https://kutsu.example/en/events/ev-sem-spring",
        "GEO:62.601000;29.763600",
        "REFID:prj-silta2",
        "CONCEPT:https://kutsu.example/calendar/kinds/seminar.ics",
        "TRANSP:TRANSPARENT"};
    auto const written = entry(bytes, "ev-sem-spring");
    for (auto const& line : expected)
        EXPECT_NE(std::ranges::find(written, line), written.end()) << line << " is not in\n" << bytes;
}

TEST(FeedModel, opens_the_description_with_the_time_in_both_cities)
{
    World world("2026-10-01T06:00:00Z");
    auto winter = event("ev-winter", span("2027-02-09T08:30", "2027-02-09T15:40"));
    auto night = event("ev-night", span("2027-05-27T20:00", "2027-05-27T23:00"));
    world.hold({event(), winter, night});

    auto const english = world.feed("/calendar/events.ics?lang=en");
    auto const finnish = world.feed("/calendar/events.ics?lang=fi");

    EXPECT_EQ(description_start(english, "ev-sem-spring", "en"), "08:30–15:00 Joensuu (EEST) · 10:30–17:00 " +
                                                                     events::zone_city("Asia/Almaty", "en") +
                                                                     " (+05)");
    EXPECT_EQ(description_start(english, "ev-winter", "en"),
              "08:30–15:40 Joensuu (EET) · 11:30–18:40 " + events::zone_city("Asia/Almaty", "en") + " (+05)");
    EXPECT_EQ(description_start(finnish, "ev-sem-spring", "fi"),
              "8.30–15.00 Joensuu (EEST) · 10.30–17.00 " + events::zone_city("Asia/Almaty", "fi") + " (+05)");
    EXPECT_EQ(description_start(finnish, "ev-night", "fi"),
              "20.00–23.00 Joensuu (EEST) · 27.5.2027 klo 22.00 – 28.5.2027 klo 1.00 " +
                  events::zone_city("Asia/Almaty", "fi") + " (+05)");
}

TEST(FeedModel, names_the_second_city_where_its_clock_shows_the_same)
{
    World world;
    auto same = event();
    same.other_time_zones = {"Europe/Moscow"};
    world.hold({same});

    auto const bytes = world.feed("/calendar/events.ics?lang=en");

    EXPECT_EQ(description_start(bytes, "ev-sem-spring", "en"), "08:30–15:00 Joensuu (EEST) · 08:30–15:00 " +
                                                                   events::zone_city("Europe/Moscow", "en") +
                                                                   " (MSK)");
}

TEST(FeedModel, gives_words_that_are_missing_in_the_best_other_language_and_says_so)
{
    World world;
    auto finnish = event();
    finnish.title = text({{"fi", "Vain suomeksi"}});
    finnish.venue->name = text({{"fi", "Jokiranta-talo"}});
    finnish.description = Text();
    world.hold({finnish});

    auto const bytes = world.feed("/calendar/events.ics?lang=ru");

    EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "SUMMARY"), ";LANGUAGE=fi:Vain suomeksi");
    EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "LOCATION"),
              ";LANGUAGE=fi:Jokiranta-talo\\, Rantakatu 3\\, 80100 Joensuu");
    EXPECT_TRUE(of_entry(bytes, "ev-sem-spring", "DESCRIPTION").starts_with(";LANGUAGE=ru:08:30–15:00 "));
}

TEST(FeedModel, keeps_a_description_in_one_language)
{
    World world;
    world.hold({event()});

    auto const text = of_entry(world.feed("/calendar/events.ics?lang=ru"), "ev-sem-spring", "DESCRIPTION");

    EXPECT_TRUE(text.starts_with(";LANGUAGE=en:08:30–15:00 Joensuu (EEST)")) << text;
    EXPECT_NE(
        text.find("\\n\\nTwo workshops\\; one hall.\\n\\nLanguages: Finnish\\, Russian\\nInterpretation: "),
        text.npos)
        << text;
}

TEST(FeedModel, places_an_event_in_the_script_the_reader_reads)
{
    World world;
    world.hold({with_sessions()});

    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=ru");

    EXPECT_EQ(of_entry(bytes, "s-1", "LOCATION"),
              ";LANGUAGE=ru:Зал А\\, Дом «Йокиранта»\\, Rantakatu 3\\, 80100 Йоэнсуу");
}

TEST(FeedModel, writes_sessions_as_entries_of_their_own)
{
    World world;
    auto made = with_sessions();
    made.sessions[0].calendar_sequence = 3;
    made.sessions[0].calendar_modified = instant("2027-04-20T08:00:00Z");
    made.calendar_sequence = 2;
    world.hold({made});

    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "s-1", "RELATED-TO"), ";RELTYPE=PARENT:ev-sem-spring@kutsu.example");
    EXPECT_EQ(of_entry(bytes, "s-1", "SEQUENCE:"), "5");
    EXPECT_EQ(of_entry(bytes, "s-1", "LAST-MODIFIED:"), "20270420T080000Z");
    EXPECT_EQ(of_entry(bytes, "s-2", "SEQUENCE:"), "2");
    EXPECT_EQ(of_entry(bytes, "s-2", "LAST-MODIFIED:"), "20270402T101112Z");
    EXPECT_EQ(of_entry(bytes, "s-1", "URL:"), "https://kutsu.example/en/events/ev-sem-spring#session-s-1");
    EXPECT_EQ(of_entry(bytes, "s-1", "REFID:"), "prj-silta2");
    EXPECT_NE(
        of_entry(bytes, "s-1", "DESCRIPTION").find("Speaker: Svetlana Shcherbinina\\nLanguage: Russian"),
        std::string::npos);
    EXPECT_NE(of_entry(world.feed("/calendar/events/ev-sem-spring.ics?lang=ru"), "s-1", "DESCRIPTION")
                  .find("Докладчик: Светлана Щербинина"),
              std::string::npos);
}

TEST(FeedModel, leaves_sessions_out_of_lists_unless_asked)
{
    World world;
    world.hold({with_sessions()});

    EXPECT_TRUE(entry(world.feed("/calendar/events.ics"), "s-1").empty());
    EXPECT_TRUE(entry(world.feed("/calendar/events/ev-sem-spring.ics?sessions=0"), "s-1").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/events.ics?sessions=1"), "s-1").empty());
}

TEST(FeedModel, says_what_is_cancelled_in_the_language_of_the_feed)
{
    World world;
    auto cancelled = with_sessions();
    cancelled.status = "cancelled";
    cancelled.calendar_sequence = 1;
    cancelled.cancel_reason = text({{"fi", "Puhuja sairastui."}});
    world.hold({cancelled});

    std::pair<std::string_view, std::string_view> const prefixes[] = {
        {"fi", ";LANGUAGE=fi:PERUTTU: Kevätseminaari"},
        {"en", ";LANGUAGE=en:CANCELLED: Spring seminar"},
        {"ru", ";LANGUAGE=ru:ОТМЕНЕНО: Весенний семинар"}};
    for (auto const& [language, summary] : prefixes) {
        auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=" + std::string(language));
        EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "SUMMARY"), summary);
        EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "STATUS:"), "CANCELLED");
        EXPECT_EQ(of_entry(bytes, "s-1", "STATUS:"), "CANCELLED");
        EXPECT_EQ(of_entry(bytes, "s-1", "SEQUENCE:"), "1");
    }
    auto const text = of_entry(world.feed("/calendar/events.ics?lang=fi"), "ev-sem-spring", "DESCRIPTION");
    EXPECT_NE(text.find("\\nSyy: Puhuja sairastui.\\n"), text.npos) << text;
}

TEST(FeedModel, shows_what_is_postponed_as_tentative_and_one_cancelled_session_alone)
{
    World world;
    auto postponed = event("ev-later");
    postponed.status = "postponed";
    auto partly = with_sessions();
    partly.sessions[1].status = "cancelled";
    world.hold({postponed, partly});

    auto const bytes = world.feed("/calendar/events.ics?lang=en&sessions=1");

    EXPECT_EQ(of_entry(bytes, "ev-later", "STATUS:"), "TENTATIVE");
    EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "STATUS:"), "CONFIRMED");
    EXPECT_EQ(of_entry(bytes, "s-1", "STATUS:"), "CONFIRMED");
    EXPECT_EQ(of_entry(bytes, "s-2", "STATUS:"), "CANCELLED");
    EXPECT_EQ(of_entry(bytes, "s-2", "SUMMARY"), ";LANGUAGE=en:CANCELLED: A talk");
}

TEST(FeedModel, writes_the_past_of_moscow_in_utc_and_that_of_helsinki_by_name)
{
    World world;
    auto petrozavodsk = event("hev-sem-ptz", span("2005-03-15T10:00", "2005-03-15T16:00", "Europe/Moscow"));
    petrozavodsk.other_time_zones = {"Europe/Helsinki"};
    petrozavodsk.venue->city = "Petrozavodsk";
    petrozavodsk.venue->city_slug = "petrozavodsk";
    petrozavodsk.venue->time_zone = "Europe/Moscow";
    auto joensuu = event("hev-sem-jns", span("2005-03-10T09:00", "2005-03-10T15:30"));
    world.hold({petrozavodsk, joensuu});

    auto const bytes = world.feed("/calendar/events.ics?past=all&lang=en");

    EXPECT_EQ(of_entry(bytes, "hev-sem-ptz", "DTSTART"), ":20050315T070000Z");
    EXPECT_EQ(of_entry(bytes, "hev-sem-ptz", "DTEND"), ":20050315T130000Z");
    EXPECT_EQ(of_entry(bytes, "hev-sem-jns", "DTSTART"), ";TZID=Europe/Helsinki:20050310T090000");
    EXPECT_EQ(bytes.find("TZID:Europe/Moscow"), bytes.npos);
    EXPECT_TRUE(description_start(bytes, "hev-sem-ptz", "en").starts_with("10:00–16:00 "));
    EXPECT_TRUE(description_start(bytes, "hev-sem-ptz", "en").ends_with(" (EET)"));
}

TEST(FeedModel, keeps_the_clock_over_both_changes_of_2027)
{
    World world("2027-03-01T06:00:00Z");
    auto spring = event("ev-march", span("2027-03-28T02:30", "2027-03-28T04:30"));
    auto autumn = event("ev-october", span("2027-10-31T03:30", "2027-10-31T05:00"));
    world.hold({spring, autumn});

    auto const bytes = world.feed("/calendar/events.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "ev-march", "DTSTART"), ";TZID=Europe/Helsinki:20270328T023000");
    EXPECT_EQ(of_entry(bytes, "ev-march", "DTEND"), ";TZID=Europe/Helsinki:20270328T043000");
    // The hour that comes twice can only be told apart in UTC; both ends are then written so.
    EXPECT_EQ(of_entry(bytes, "ev-october", "DTSTART"), ":20271031T003000Z");
    EXPECT_EQ(of_entry(bytes, "ev-october", "DTEND"), ":20271031T030000Z");
    EXPECT_TRUE(
        description_start(bytes, "ev-march", "en").starts_with("02:30–04:30 Joensuu (EET) · 05:30–06:30 "));
}

TEST(FeedModel, names_no_guest)
{
    World world;
    auto made = with_sessions();
    made.seats = {60, 40, 2, 18};
    world.hold({made});

    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=en");

    for (auto const* never : {"ATTENDEE", "ORGANIZER", "METHOD", "mailto:", "VALARM", "X-ALT-DESC"})
        EXPECT_EQ(bytes.find(never), bytes.npos) << never;
    for (auto const& line : lines(bytes))
        EXPECT_TRUE(!line.contains('@') || line.starts_with("UID:") || line.starts_with("RELATED-TO"))
            << line;
}

TEST(FeedModel, lets_no_words_break_out_of_their_line)
{
    World world;
    auto made = with_sessions();
    made.title = text({{"en", "Evil\r\nX-INJ:1\nBEGIN:VALARM"}});
    made.description = text({{"en", "One\r\nX-INJ:1\r\n\r\nEND:VEVENT; a, b \\ c"}});
    made.cancel_reason = text({{"en", "\r\nX-INJ:2"}});
    made.venue->name = text({{"en", "Hall\r\nX-INJ:3"}});
    made.sessions[0].speakers[0].latin->family = "Name\r\nX-INJ:4";
    world.hold({made});

    for (auto const& line : lines(world.feed("/calendar/events/ev-sem-spring.ics?lang=en")))
        EXPECT_FALSE(line.starts_with("X-INJ")) << line;
}

TEST(FeedModel, still_writes_events_that_lack_nearly_everything)
{
    World world;
    auto bare = event();
    bare.title = Text();
    bare.description = Text();
    bare.venue.reset();
    bare.project.reset();
    bare.floor_languages.clear();
    bare.interpretation_languages.clear();
    bare.other_time_zones = {"Nowhere/Land"};
    world.hold({bare});

    auto const bytes = world.feed("/calendar/events.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "SUMMARY"), ";LANGUAGE=en:ev-sem-spring");
    EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "LOCATION"), "(none)");
}

}
}
