// The pages around one's own registration: my programme, what asks before it acts, lost links, hybrid events.
#include "pages_checks.h"
#include "pages_samples.h"
#include "registration/registration_pages.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

using samples::around;
using samples::spring;

OwnView own_of(Registration const& registration, std::string language = "fi",
               std::string_view now = "2027-05-03T06:00:00Z")
{
    return {around(language, now),
            registration,
            std::make_shared<events::Event const>(spring()),
            {language, values_of(registration), {}},
            {},
            {}};
}

bool holds(std::string const& page, std::string_view part)
{
    return page.find(part) != std::string::npos;
}

TEST(OwnPages, AskBeforeTheyAct)
{
    auto const registration = samples::own();
    for (auto const* language : {"fi", "en", "ru"}) {
        auto const view = own_of(registration, language);
        for (auto const& [page, action] : {std::pair{render_cancel_page(view), "cancel"},
                                           std::pair{render_transfer_page(view), "transfer"},
                                           std::pair{render_erase_page(view), "erase"}}) {
            EXPECT_EQ(pages::faults(page), "") << action;
            EXPECT_EQ(pages::count(page, "<h1"), 1U);
            EXPECT_TRUE(holds(page, "name=\"action\" value=\"" + std::string(action) + "\""));
            EXPECT_TRUE(holds(page, "name=\"robots\" content=\"noindex\""));
        }
        auto const own = render_own_page(view);
        for (auto const* action : {"cancel", "transfer", "erase"}) {
            EXPECT_TRUE(holds(own, "?confirm=" + std::string(action) + "\"")) << action;
            EXPECT_FALSE(holds(own, "value=\"" + std::string(action) + "\"")) << action;
        }
        EXPECT_TRUE(holds(own, "/export\""));
    }
}

TEST(OwnPages, TheTransferFormKeepsWhatWasTypedAndSaysWhatIsWrong)
{
    auto const registration = samples::own();
    auto view = own_of(registration);
    view.change = {
        "fi", html::Values({{"name", "Boris <b>"}, {"email", "nobody"}}), {{"email", "field.email", {}}}};

    auto const page = render_transfer_page(view);

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_TRUE(holds(page, "value=\"Boris &lt;b&gt;\""));
    EXPECT_TRUE(holds(page, "<a href=\"#field-email\">Uuden osallistujan sähköposti: "));
    EXPECT_TRUE(holds(page, "<title>Virhe: "));
}

TEST(OwnPages, MyProgrammeShowsWhenWhereAndWhetherThereIsASeat)
{
    auto registration = samples::own();
    registration.receipt.sessions = {{"s-spr-07", "waitlisted"}, {"s-spr-06", "confirmed"}};

    auto const page = render_own_page(own_of(registration));
    auto const words = page.substr(page.find("id=\"my-programme\""));

    auto const first = words.find("Työpaja A");
    auto const second = words.find("Työpaja B");
    ASSERT_NE(first, std::string::npos);
    ASSERT_NE(second, std::string::npos);
    EXPECT_LT(first, second) << "in the order of the programme";
    EXPECT_TRUE(holds(words, "Sali Pielinen"));
    EXPECT_TRUE(holds(words, "Paikka varattu"));
    EXPECT_TRUE(holds(words, "Jonossa"));
    EXPECT_TRUE(holds(page, "data-session=\"s-spr-07\" data-status=\"waitlisted\""));
    EXPECT_TRUE(holds(page, "name=\"action\" value=\"sessions\""));
}

TEST(OwnPages, TheProgrammeSaysWhatIsOnAndWhatComesNext)
{
    auto registration = samples::own();
    registration.receipt.sessions = {{"s-spr-06", "confirmed"}};
    auto const page = render_programme_page(own_of(registration, "fi", "2027-05-27T07:15:00Z"));

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(pages::count(page, "<h1"), 1U);
    auto const now = page.find("<h2>Nyt</h2>");
    auto const next = page.find("<h2>Seuraavaksi</h2>");
    auto const day = page.find("<h2>torstai 27. toukokuuta 2027</h2>");
    ASSERT_NE(now, std::string::npos);
    ASSERT_NE(next, std::string::npos);
    ASSERT_NE(day, std::string::npos);
    EXPECT_TRUE(holds(page.substr(now, next - now), "data-session=\"s-spr-04\""));
    EXPECT_TRUE(holds(page.substr(next, day - next), "data-session=\"s-spr-06\""));
    EXPECT_TRUE(holds(page.substr(day), "data-session=\"s-spr-01\"")) << "what is open to everybody is there";
    EXPECT_FALSE(holds(page, "s-spr-07")) << "not mine";
    EXPECT_TRUE(holds(page, "Sali Pielinen"));

    registration.receipt.sessions.clear();
    for (auto const* language : {"fi", "en", "ru"}) {
        auto const whole = render_programme_page(own_of(registration, language));
        EXPECT_EQ(pages::faults(whole), "");
        EXPECT_TRUE(holds(whole, "data-session=\"s-spr-07\"")) << "who has chosen nothing sees everything";
    }
}

TEST(OwnPages, NothingIsLeftToDoOnceTheEventIsOver)
{
    for (auto const* status : {"confirmed", "waitlisted", "offered"}) {
        auto registration = samples::own(status);
        registration.offer_expires_at = parse_instant("2027-05-04T06:00:00Z");
        auto const page = render_own_page(own_of(registration, "fi", "2027-06-03T06:00:00Z"));

        EXPECT_EQ(pages::faults(page), "");
        EXPECT_TRUE(holds(page, "<h1>Tilaisuus on ohi</h1>")) << status;
        for (auto const* left : {"confirm=cancel", "confirm=transfer", "value=\"change\"",
                                 "value=\"sessions\"", "value=\"accept-offer\"", "class=\"qr\""})
            EXPECT_FALSE(holds(page, left)) << left;
        EXPECT_TRUE(holds(page, "confirm=erase"));
        EXPECT_TRUE(holds(page, "/export\""));
    }
}

TEST(OwnPages, WhoWaitsIsKeptUpToDateByTheScript)
{
    auto waiting = samples::own("waitlisted");
    waiting.receipt.position = 4;

    auto const page = render_own_page(own_of(waiting));

    EXPECT_TRUE(holds(page, "data-position=\"4\""));
    EXPECT_TRUE(holds(page, "data-live=\"own\""));
    EXPECT_TRUE(holds(page, "id=\"standing\""));
    EXPECT_TRUE(holds(page, "/assets/live.abc.js"));
}

TEST(OwnPages, LostLinksAreAskedForWithAnAddress)
{
    for (auto const* language : {"fi", "en", "ru"}) {
        LostLinkView view{around(language),
                          {language, {}, {}},
                          std::make_shared<events::Event const>(spring()),
                          "lost-link",
                          {}};
        auto const page = render_lost_link_page(view);
        EXPECT_EQ(pages::faults(page), "");
        EXPECT_TRUE(holds(page, "method=\"post\" action=\"/" + std::string(language) + "/registrations/\""));
        EXPECT_TRUE(holds(page, "name=\"event\" value=\"ev-sem-spring\""));
        EXPECT_TRUE(holds(page, "role=\"status\""));
        view.done = "\"><script>";
        EXPECT_FALSE(holds(render_lost_link_page(view), "role=\"status\""));
    }
}

TEST(OwnPages, AHybridEventAsksHowOneTakesPart)
{
    auto event = spring();
    event.form->hybrid = true;
    event.form->pools = {{"on_site", "attendance", samples::text("Paikalla", "On site", "Очно"), 40, 3},
                         {"remote", "attendance", samples::text("Etänä", "Remote", "Онлайн"), 10, 0}};
    FormView const view{around("fi"), event, {"fi", {}, {}}, "id", "1.x", {}};

    auto const form = render_form(view).bytes();

    EXPECT_TRUE(holds(form, "name=\"attendance\" value=\"on_site\" checked"));
    EXPECT_TRUE(holds(form, "name=\"attendance\" value=\"remote\""));
    EXPECT_TRUE(holds(form, "3 paikkaa vapaana"));
    EXPECT_TRUE(holds(form, "paikat täynnä, pääset jonoon"));

    auto registration = samples::own();
    registration.attendance = "remote";
    auto own = own_of(registration);
    own.event = std::make_shared<events::Event const>(event);
    auto const page = render_own_page(own);
    EXPECT_EQ(pages::faults(page), "");
    EXPECT_TRUE(holds(page, "name=\"attendance\" value=\"remote\" checked"));
    EXPECT_TRUE(holds(page, "<dt>Osallistumistapa</dt><dd>Etänä</dd>"));

    EXPECT_FALSE(holds(render_form({around("fi"), spring(), {"fi", {}, {}}, "id", "1.x", {}}).bytes(),
                       "name=\"attendance\""));
}

}
}
