#include "events/events_page_memory.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "pages_checks.h"
#include "pages_samples.h"
#include "registration/registration_pages.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace kutsu::events
{
namespace
{

using samples::around;
using samples::spring;

std::string page_of(Event const& event, std::string language = "fi",
                    std::string_view now = "2027-05-03T06:00:00Z")
{
    auto in = around(std::move(language), now);
    auto form = registration::blank_form(in, event);
    return render_event_page({in, event, std::move(form)});
}

std::string list_of(std::vector<EventPtr> const& events, Filter const& filter = {},
                    std::string language = "fi")
{
    return render_list_page({around(language), filter, events, choices_from(events, language)});
}

EventPtr shared(Event event)
{
    return std::make_shared<Event const>(std::move(event));
}

TEST(EventPage, IsWellFormedInEveryLanguage)
{
    for (auto const* language : {"fi", "en", "ru"}) {
        auto const page = page_of(spring(), language);
        EXPECT_EQ(pages::faults(page), "") << language;
        EXPECT_EQ(pages::count(page, "<h1"), 1U);
    }
}

TEST(EventPage, ShowsTheClocksOfBothCities)
{
    auto const finnish = pages::text_of(page_of(spring(), "fi"));
    auto const russian = pages::text_of(page_of(spring(), "ru"));
    auto const english = pages::text_of(page_of(spring(), "en"));

    EXPECT_NE(finnish.find("klo 8.30–14.45 Joensuu / 10.30–16.45 Petropavl"), std::string::npos);
    EXPECT_NE(finnish.find("klo 10.00–10.30 Joensuu / 12.00–12.30 Petropavl"), std::string::npos);
    EXPECT_NE(finnish.find("päättyy 21.5.2027 klo 16.00 Joensuu / 18.00 Petropavl"), std::string::npos);
    EXPECT_NE(russian.find("10:00–10:30 Йоэнсуу / 12:00–12:30 Петропавловск"), std::string::npos);
    EXPECT_NE(english.find("10:00–10:30 Joensuu / 12:00–12:30 Petropavl"), std::string::npos);
}

TEST(EventPage, ShowsOneClockWhereBothAgree)
{
    auto event = spring();
    event.span = samples::span("2027-07-01T09:00", "2027-07-01T10:00");
    event.sessions.clear();
    event.form.reset();
    event.other_time_zones = {"Europe/Moscow"}; // the same in summer

    auto const page = pages::text_of(page_of(event));

    EXPECT_NE(page.find("klo 9.00–10.00 Joensuu"), std::string::npos);
    EXPECT_EQ(page.find("Petroskoi"), std::string::npos);
}

TEST(EventPage, NamesTheDayWhereItIsAnotherOneThere)
{
    auto event = spring();
    event.span = samples::span("2027-05-27T23:00", "2027-05-27T23:30");

    auto const page = pages::text_of(page_of(event));

    EXPECT_NE(page.find("klo 23.00–23.30 Joensuu / 28.5.2027 1.00–1.30 Petropavl"), std::string::npos);
}

TEST(EventPage, ShowsNamesAndAddressInTheReadersScript)
{
    auto const finnish = page_of(spring(), "fi");
    auto const russian = page_of(spring(), "ru");

    EXPECT_NE(finnish.find("Svetlana Shcherbinina"), std::string::npos);
    EXPECT_NE(russian.find("Светлана Щербинина"), std::string::npos);
    EXPECT_NE(russian.find("80100 Йоэнсуу"), std::string::npos);
    EXPECT_NE(finnish.find("80100 Joensuu"), std::string::npos);
    EXPECT_NE(russian.find("Семинар в Йоэнсуу"), std::string::npos);
}

TEST(EventPage, HasTheHooksOfTheModules)
{
    auto const page = page_of(spring());

    for (auto const* hook :
         {"data-event=\"ev-sem-spring\" data-version=\"7\" data-agenda-version=\"5\" "
          "data-status=\"published\" "
          "data-registration=\"open\"",
          "data-live=\"seats\" data-free=\"20\" data-capacity=\"60\" data-waitlisted=\"0\"",
          "data-session=\"s-spr-04\" data-version=\"1\" data-status=\"confirmed\" data-kind=\"live_link\" "
          "data-zone=\"Europe/Helsinki\"",
          "datetime=\"2027-05-27T10:00:00+03:00\" data-live=\"starts\">10.00</time>", "data-live=\"news\"",
          "data-live=\"agenda\" data-day=\"2027-05-27\"",
          "data-live=\"free\" data-free=\"7\" data-capacity=\"12\"", "data-register data-rules=\"",
          "data-event=\"ev-sem-spring\" data-outcome=\"confirmed\"",
          "<script type=\"module\" src=\"/assets/live.abc.js\">",
          "<script type=\"module\" src=\"/assets/register.abc.js\">"}) {
        auto spelled = std::string(hook);
        if (spelled.starts_with("data-register data"))
            spelled.replace(0, 13, "data-register=\"\"");
        EXPECT_NE(page.find(spelled), std::string::npos) << spelled;
    }
}

TEST(EventPage, HasItsTwinsInTheHead)
{
    auto const page = page_of(spring(), "ru");

    for (auto const* piece :
         {"rel=\"canonical\" href=\"https://kutsu.example.org/ru/events/ev-sem-spring\"",
          "rel=\"alternate\" hreflang=\"fi\" href=\"https://kutsu.example.org/fi/events/ev-sem-spring\"",
          "rel=\"alternate\" hreflang=\"x-default\" "
          "href=\"https://kutsu.example.org/fi/events/ev-sem-spring\"",
          "rel=\"alternate\" type=\"text/calendar\" href=\"/calendar/events/ev-sem-spring.ics?lang=ru\"",
          "property=\"og:title\" content=\"Весенний семинар", "<html lang=\"ru\">"})
        EXPECT_NE(page.find(piece), std::string::npos) << piece;
}

TEST(EventPage, TellsSearchEnginesWhatItIs)
{
    auto const data = json_ld(around("en"), spring());

    EXPECT_EQ(data.at("startDate"), "2027-05-27T08:30:00+03:00");
    EXPECT_EQ(data.at("eventStatus"), "https://schema.org/EventScheduled");
    EXPECT_EQ(data.at("location").at("address").at("addressLocality"), "Joensuu");
    EXPECT_EQ(data.at("offers").at("availability"), "https://schema.org/InStock");
    EXPECT_EQ(data.at("inLanguage"), boost::json::array({"fi", "ru", "en"}));
    EXPECT_EQ(data.at("performer").as_array().size(), 1U);
}

struct StateCase
{
    char const* what;
    void (*change)(Event&);
    char const* code;
    char const* words;
    bool has_form;
};

TEST(EventPage, ShowsEveryState)
{
    StateCase const cases[] = {
        {"open", [](Event&) {}, "open", "20 paikkaa vapaana", true},
        {"few", [](Event& event) { event.seats = {60, 57, 0, 3}; }, "open", "Enää 3 paikkaa jäljellä", true},
        {"waitlist", [](Event& event) { event.seats = {60, 60, 4, 0}; }, "waitlist", "Liity jonoon", true},
        {"full",
         [](Event& event) {
             event.seats = {60, 60, 0, 0};
             event.form->waitlist = false;
         },
         "full", "Kaikki paikat on varattu", false},
        {"opens at", [](Event& event) { event.form->opens = samples::moment("2027-05-10T09:00"); },
         "not_open_yet", "avautuu 10.5.2027 klo 9.00 Joensuu / 11.00 Petropavl", false},
        {"closed", [](Event& event) { event.form->closes = samples::moment("2027-05-01T16:00"); }, "closed",
         "Ilmoittautuminen päättyi 1.5.2027 klo 16.00 Joensuu", false},
        {"cancelled", [](Event& event) { event.status = "cancelled"; }, "cancelled", "Tapahtuma on peruttu",
         false},
        {"postponed", [](Event& event) { event.status = "postponed"; }, "postponed",
         "Tapahtumaa on siirretty", false},
        {"no registration", [](Event& event) { event.form.reset(); }, "none",
         "ei ilmoittauduta tällä sivustolla", false},
        {"over", [](Event& event) { event.span = samples::span("2027-05-02T08:00", "2027-05-02T09:00"); },
         "over", "Tapahtuma on päättynyt", false},
        {"approval", [](Event& event) { event.form->admission = "approval"; }, "open", "Lähetä hakemus",
         true},
    };
    for (auto const& each : cases) {
        auto event = spring();
        each.change(event);

        auto const page = page_of(event);

        EXPECT_EQ(pages::faults(page), "") << each.what;
        EXPECT_NE(page.find("data-registration=\"" + std::string(each.code) + "\""), std::string::npos)
            << each.what;
        EXPECT_NE(pages::text_of(page).find(each.words), std::string::npos) << each.what;
        EXPECT_EQ(page.find("<form class=\"form\"") != std::string::npos, each.has_form) << each.what;
    }
}

TEST(EventPage, PutsTheBannerOfACancelledEventFirst)
{
    auto event = spring();
    event.status = "cancelled";
    event.cancel_reason = Text({{"fi", "Puhuja on sairastunut.", TextStatus::approved}});

    auto const page = page_of(event, "ru");

    EXPECT_LT(page.find("Событие отменено"), page.find("<h1"));
    EXPECT_NE(page.find("<p lang=\"fi\">Puhuja on sairastunut.</p>"), std::string::npos);
    EXPECT_NE(page.find("https://schema.org/EventCancelled"), std::string::npos);
}

TEST(EventPage, MarksMissingTranslations)
{
    auto event = spring();
    event.title = Text({{"en", "Only English", TextStatus::approved}});
    event.sessions[0].title = Text();

    auto const page = page_of(event, "fi");

    EXPECT_NE(page.find("<h1 lang=\"en\">Only English</h1><p class=\"translation-note\">Saatavilla vain "
                        "englanniksi.</p>"),
              std::string::npos);
    EXPECT_NE(page.find("(ei vielä tekstiä)"), std::string::npos);
}

TEST(EventPage, HidesDraftsOfTheProgramme)
{
    auto event = spring();
    event.sessions[1].status = "draft";
    event.sessions[2].status = "cancelled";

    auto const page = page_of(event);

    EXPECT_EQ(page.find("s-spr-04"), std::string::npos);
    EXPECT_NE(page.find("data-live=\"mark\">Peruttu</strong>"), std::string::npos);
}

TEST(EventPage, TellsItsAgeWhileTheDatabaseIsAway)
{
    auto in = around("fi");
    in.as_of = in.now - std::chrono::minutes(12);

    auto const page = render_event_page({in, spring(), {}});

    EXPECT_NE(page.find("Näytetyt tiedot ovat 12 minuutin vanhoja."), std::string::npos);
}

TEST(EventPage, LetsNoTextBecomeMarkup)
{
    auto event = spring();
    pages::poison(event);

    for (auto const* language : {"fi", "en", "ru"}) {
        auto const page = page_of(event, language);
        EXPECT_EQ(pages::faults(page), "") << language;
        EXPECT_EQ(page.find("<img"), std::string::npos);
        EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
    }
}

TEST(EventPage, IsKeptUntilTheEventOrItsStateChanges)
{
    PageMemory memory;
    auto const event = shared(spring());

    auto const first = memory.event_page(around("fi"), event);
    auto const again = memory.event_page(around("fi", "2027-05-03T07:00:00Z"), event);
    auto const later = memory.event_page(around("fi", "2027-05-22T06:00:00Z"), event);
    auto const replaced = memory.event_page(around("fi"), shared(spring()));

    EXPECT_EQ(first.page, again.page);
    EXPECT_TRUE(first.has_form);
    EXPECT_FALSE(later.has_form);
    EXPECT_NE(first.page, replaced.page);
}

TEST(EventList, GroupsByMonthWithOneLinkPerCard)
{
    auto june = spring();
    june.slug = "june";
    june.span = samples::span("2027-06-07T09:00", "2027-06-09T12:00");

    auto const page = list_of({shared(spring()), shared(june)});

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(pages::count(page, "<h1"), 1U);
    EXPECT_NE(page.find("toukokuu 2027"), std::string::npos);
    EXPECT_NE(page.find("kesäkuu 2027"), std::string::npos);
    EXPECT_EQ(pages::count(page, "href=\"/fi/events/june\""), 1U);
    EXPECT_NE(pages::text_of(page).find("Alkaa 7.6.2027 klo 9.00 Joensuu / 11.00 Petropavl."),
              std::string::npos);
}

TEST(EventList, SaysWhatToDoWhenEmpty)
{
    Filter filter;
    filter.kind = "seminar";
    filter.q = "<b>\"";

    auto const nothing = list_of({});
    auto const no_hits = list_of({}, filter);

    EXPECT_NE(nothing.find("Ei tulevia tapahtumia"), std::string::npos);
    EXPECT_NE(nothing.find("href=\"/fi/?past=1\""), std::string::npos);
    EXPECT_NE(no_hits.find("Mikään tapahtuma ei vastaa rajauksia"), std::string::npos);
    EXPECT_NE(no_hits.find("href=\"/fi/?q=%3Cb%3E%22\""), std::string::npos)
        << "a chip takes one condition away";
    EXPECT_NE(no_hits.find("href=\"/ru/?kind=seminar&amp;q=%3Cb%3E%22\""), std::string::npos);
    EXPECT_EQ(pages::faults(no_hits), "");
}

TEST(EventList, FiltersByEveryField)
{
    auto const event = spring();
    auto const text = search_text(event);
    auto const matching = [&](std::vector<std::pair<std::string, std::string>> query) {
        return matches(filter_from(net::Fields(std::move(query))), event,
                       [&]() -> std::string const& { return text; });
    };

    EXPECT_TRUE(matching({}));
    EXPECT_TRUE(
        matching({{"kind", "seminar"}, {"city", "joensuu"}, {"language", "ru"}, {"project", "prj-silta2"}}));
    EXPECT_FALSE(matching({{"kind", "workshop"}}));
    EXPECT_FALSE(matching({{"city", "petropavl"}}));
    EXPECT_FALSE(matching({{"language", "sv"}}));
    EXPECT_FALSE(matching({{"project", "other"}}));
    EXPECT_TRUE(matching({{"from", "2027-05-27"}, {"to", "2027-05-27"}}));
    EXPECT_FALSE(matching({{"from", "2027-05-28"}}));
    EXPECT_FALSE(matching({{"to", "2027-05-26"}}));
    EXPECT_TRUE(matching({{"from", "nonsense"}}));
    EXPECT_TRUE(matching({{"q", "KEVATSEMINAARI kasvua"}}));
    EXPECT_TRUE(matching({{"q", "щербинина"}}));
    EXPECT_FALSE(matching({{"q", "kevatseminaari olematon"}}));
}

TEST(EventList, LetsNoTextBecomeMarkup)
{
    auto event = spring();
    pages::poison(event);
    Filter filter;
    filter.q = "\"><img src=x onerror=alert(1)>";

    auto const page = list_of({shared(event)}, filter);

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(page.find("<img"), std::string::npos);
}

}
}
