#include "base/messages.h"
#include "mail/compose.h"
#include "mail/letter.h"
#include "mail_samples.h"

#include <gtest/gtest.h>

#include <regex>
#include <stdexcept>

namespace kutsu::mail
{
namespace
{

Keys const keys;

Mail composed(std::string kind, std::string language)
{
    auto const event = test::seminar();
    return compose(test::row(std::move(kind), std::move(language)), &event, test::site(), keys);
}

bool holds(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

// Where the letter leads, as far as it is the same for everybody.
std::string first_link(std::string_view kind, std::string const& language)
{
    if (kind == "sign_in_link")
        return "app/sign-in/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    if (kind == "transferred_from" || kind == "erased") // nothing is behind the old link
        return language + "/events/ev-sem-spring";
    if (kind.starts_with("invitation"))
        return language + "/events/ev-sem-spring?invitation=";
    if (kind == "allotment")
        return language + "/allotments/";
    return language + "/registrations/" + registration_token(keys.registration, test::submission);
}

TEST(MailCompose, EveryKindInEveryLanguageSaysEnough)
{
    auto const link = "/registrations/" + registration_token(keys.registration, test::submission);
    for (auto const kind : kinds()) {
        for (auto const& language : languages()) {
            SCOPED_TRACE(std::string(kind) + " " + language);
            auto const mail = composed(std::string(kind), language);

            if (kind == "calendar_link")
                continue; // about a calendar: below
            bool const sign_in = kind == "sign_in_link";
            auto const url = "https://kutsu.example/" + first_link(kind, language);
            EXPECT_EQ(holds(mail.text, link), holds(url, link)) << mail.text;
            EXPECT_TRUE(holds(mail.text, url)) << mail.text;
            EXPECT_TRUE(holds(mail.html, "href=\"" + url)) << mail.html;
            EXPECT_TRUE(holds(mail.text, "Anna Ivanova")) << mail.text;
            // A key without words, or a parameter that was not put in, would show.
            EXPECT_FALSE(holds(mail.text, "mail.")) << mail.text;
            EXPECT_FALSE(std::regex_search(mail.text + mail.subject + mail.html, std::regex("[{}]")))
                << mail.text;
            EXPECT_FALSE(mail.subject.empty());
            EXPECT_EQ(mail.language, language);
            auto const event = test::seminar();
            EXPECT_EQ(holds(mail.subject, std::string(*event.title.in(language))),
                      !sign_in && kind != "lost_link")
                << mail.subject;
            EXPECT_NO_THROW(to_bytes(mail));
        }
    }
}

TEST(MailCompose, TheAddressOfAPersonalCalendarIsMadeOnlyForTheMail)
{
    for (auto const& language : languages()) {
        auto row = test::row("calendar_link", language);
        row.params = {{"name", "Anna Ivanova"}, {"calendar", "abc123"}};

        auto const mail = compose(row, nullptr, test::site(), keys);

        auto const secret = registration_token(keys.registration, "calendar abc123");
        EXPECT_TRUE(holds(mail.text, "https://kutsu.example/calendar/personal/" + secret + ".ics"));
        EXPECT_FALSE(holds(mail.text, "mail."));
    }
}

TEST(MailCompose, LostLinksStandUnderTheTitlesOfTheirEvents)
{
    auto const mail = composed("lost_link", "ru");

    EXPECT_TRUE(holds(mail.text, std::string(*test::seminar().title.in("ru")))) << mail.text;
    EXPECT_TRUE(holds(mail.text, registration_token(keys.registration, test::submission)));
    EXPECT_TRUE(holds(mail.text, registration_token(keys.registration, test::other_submission)));
}

TEST(MailCompose, TimesStandWithBothCities)
{
    auto const helsinki = events::zone_city("Europe/Helsinki", "fi");
    auto const almaty = events::zone_city("Asia/Almaty", "fi");

    EXPECT_TRUE(holds(composed("confirmed", "fi").text,
                      format_date_long("fi", test::seminar().span.starts.local) + " klo 8.30–15.40 " +
                          helsinki + " / 10.30–17.40 " + almaty))
        << composed("confirmed", "fi").text;
    EXPECT_TRUE(holds(composed("confirmed", "ru").text,
                      "08:30–15:40 " + events::zone_city("Europe/Helsinki", "ru") + " / 10:30–17:40"));
    EXPECT_TRUE(holds(composed("offered", "fi").text, "klo 16.00 " + helsinki + " / 18.00 " + almaty))
        << composed("offered", "fi").text;
}

TEST(MailCompose, AnotherDayInTheOtherCityIsNamed)
{
    auto event = test::seminar();
    event.span = {test::moment("2027-05-27T22:30", "Europe/Helsinki"),
                  test::moment("2027-05-27T23:30", "Europe/Helsinki")};

    auto const text = compose(test::row("confirmed", "fi"), &event, test::site(), keys).text;

    EXPECT_TRUE(holds(text, "0.30–1.30 " + events::zone_city("Asia/Almaty", "fi") + " (28.5.2027)")) << text;
}

TEST(MailCompose, SeveralDaysHaveAStartAndAnEnd)
{
    auto event = test::seminar();
    event.span.ends = test::moment("2027-05-29T15:00", "Europe/Helsinki");

    auto const text = compose(test::row("confirmed", "en"), &event, test::site(), keys).text;

    EXPECT_TRUE(holds(text, "Starts: Thursday")) << text;
    EXPECT_TRUE(holds(text, "Ends: Saturday")) << text;
}

TEST(MailCompose, EachKindHasItsOwnFacts)
{
    EXPECT_TRUE(holds(composed("waitlisted", "en").text, "Place in the queue: 3"));
    EXPECT_FALSE(holds(composed("confirmed", "en").text, "Place in the queue"));
    EXPECT_TRUE(holds(composed("offered", "en").text, "Accept by: Thursday"));
    EXPECT_TRUE(holds(composed("confirmed", "en").text, "Metal workshop: on the waiting list"));
    EXPECT_TRUE(holds(composed("confirmed", "en").text, "Pielinen Hall"));
    EXPECT_TRUE(holds(composed("confirmed", "ru").text, "80100 Йоэнсуу"));
    EXPECT_TRUE(holds(composed("confirmed", "en").text,
                      "https://kutsu.example/calendar/events/ev-sem-spring.ics?lang=en"));
    EXPECT_TRUE(holds(composed("sign_in_link", "ru").text, "30 минут"));

    auto event = test::seminar();
    event.status = "cancelled";
    event.cancel_reason = test::text("Sairastapaus", "Illness", "Болезнь");
    EXPECT_TRUE(holds(compose(test::row("event_cancelled", "en"), &event, test::site(), keys).text,
                      "Reason: Illness"));
}

TEST(MailCompose, WordsOfAnotherLanguageAreMarked)
{
    auto event = test::seminar();
    event.title = Text();
    event.title.set("fi", "Kevätseminaari");

    auto const mail = compose(test::row("confirmed", "en"), &event, test::site(), keys);

    EXPECT_TRUE(holds(mail.text, "Kevätseminaari (Finnish)")) << mail.text;
    EXPECT_TRUE(holds(mail.html, "<span lang=\"fi\">Kevätseminaari (Finnish)</span>")) << mail.html;
}

TEST(MailCompose, WhatPeopleTypedStaysText)
{
    auto event = test::seminar();
    event.title = test::text("a", "<script>alert(1)</script> {name} ''x'' & co", "a");
    auto row = test::row("confirmed", "en");
    row.params["name"] = "Anna <b>\r\nBcc: b@example.org";

    auto const mail = compose(row, &event, test::site(), keys);

    EXPECT_FALSE(holds(mail.html, "<script>")) << mail.html;
    EXPECT_TRUE(holds(mail.html, "&lt;script&gt;alert(1)")) << mail.html;
    EXPECT_TRUE(holds(mail.text, "{name} ''x'' & co")) << mail.text;
    EXPECT_NO_THROW(to_bytes(mail));
    EXPECT_FALSE(holds(to_bytes(mail), "\r\nBcc"));
}

TEST(MailCompose, ANameThatIsAnAdvertisementIsLeftOut)
{
    for (auto const* name : {"Win now at https://evil.example", "www.evil.example", "evil.com is great",
                             "a@evil.example", "x/y", ""}) {
        auto row = test::row("already_registered", "en");
        row.params["name"] = name;
        auto const event = test::seminar();
        EXPECT_TRUE(compose(row, &event, test::site(), keys).text.starts_with("Hello,\n")) << name;
    }
    for (auto const* name : {"J.R.R. Tolkien", "Светлана Щербинина", "Dr. Anna O'Neill", "Li"}) {
        auto row = test::row("confirmed", "en");
        row.params["name"] = name;
        auto const event = test::seminar();
        EXPECT_TRUE(
            compose(row, &event, test::site(), keys).text.starts_with("Hello " + std::string(name) + ",\n"))
            << name;
    }
}

TEST(MailCompose, MissingParametersDoNotStopAMail)
{
    auto event = test::seminar();
    event.venue.reset();
    event.room.reset();
    event.project.reset();
    for (auto const kind : kinds()) {
        auto row = test::row(std::string(kind), "xx");
        row.params = {{"position", "three"}, {"sessions", 7}, {"offer_expires_at_ms", "soon"}, {"name", 5}};

        auto const mail = compose(row, &event, test::site(), keys);

        EXPECT_EQ(mail.language, "fi");
        bool const about_event = kind != "sign_in_link" && kind != "calendar_link" && kind != "lost_link";
        if (about_event && kind != "allotment") {
            EXPECT_TRUE(holds(mail.text, "https://kutsu.example/fi/events/ev-sem-spring")) << mail.text;
        }
        EXPECT_NO_THROW(to_bytes(mail));
    }
}

TEST(MailCompose, WhatCannotBeWrittenIsRefused)
{
    auto const event = test::seminar();
    EXPECT_THROW(compose(test::row("gossip", "fi"), &event, test::site(), keys), std::invalid_argument);
    EXPECT_THROW(compose(test::row("confirmed", "fi"), nullptr, test::site(), keys), std::invalid_argument);
    EXPECT_NO_THROW(compose(test::row("sign_in_link", "fi"), nullptr, test::site(), keys));
}

TEST(MailCompose, PlainTextOfAConfirmation)
{
    auto const token = registration_token(keys.registration, test::submission);
    EXPECT_EQ(composed("confirmed", "en").text,
              "Hello Anna Ivanova,\n\n"
              "We have received your registration and your seat is confirmed.\n\n"
              "Spring seminar\n\n"
              "When: Thursday, 27 May 2027, 08:30–15:40 " +
                  events::zone_city("Europe/Helsinki", "en") + " / 10:30–17:40 " +
                  events::zone_city("Asia/Almaty", "en") +
                  "\n"
                  "Where: Jokiranta House, Joensuu\n"
                  "Room: Pielinen Hall\n"
                  "Address: Rantakatu 3, 80100 Joensuu\n"
                  "Session: Metal workshop: on the waiting list\n\n"
                  "Your registration:\nhttps://kutsu.example/en/registrations/" +
                  token +
                  "\n\n"
                  "Add to calendar:\nhttps://kutsu.example/calendar/events/ev-sem-spring.ics?lang=en\n\n"
                  "-- \nThis is an automatic message. The link is personal: please do not pass it on.\n");
}

}
}
