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
using Pairs = std::vector<std::pair<std::string, std::string>>;

FormView form_of(events::Event const& event, Pairs values = {}, std::vector<FieldError> errors = {},
                 std::string language = "fi")
{
    return {around(language),
            event,
            {language, html::Values(std::move(values)), std::move(errors)},
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "1.x",
            {}};
}

OwnView own_of(Registration const& registration, std::string language = "fi")
{
    return {around(language),
            registration,
            std::make_shared<events::Event const>(spring()),
            {language, values_of(registration), {}},
            {},
            {}};
}

TEST(RegistrationForm, IsWellFormedInEveryLanguage)
{
    auto const event = spring();
    for (auto const* language : {"fi", "en", "ru"}) {
        auto const page = render_form_page(form_of(event, {}, {}, language));
        EXPECT_EQ(pages::faults(page), "") << language;
        EXPECT_EQ(pages::count(page, "<h1"), 1U);
    }
}

TEST(RegistrationForm, AsksTheFieldsOfTheContract)
{
    auto const page = render_form_page(form_of(spring()));

    EXPECT_NE(page.find("method=\"post\" action=\"/fi/events/ev-sem-spring/registrations\""),
              std::string::npos);
    for (auto const* name : {"submission_id", "name", "email", "name_other_script", "organisation",
                             "sessions", "language", "answers.diet", "answers.channel", "answers.company",
                             "answers.size", "companions.0.name", "companions.2.email"})
        EXPECT_NE(page.find("name=\"" + std::string(name) + "\""), std::string::npos) << name;
    EXPECT_EQ(page.find("companions.3"), std::string::npos);
    EXPECT_NE(page.find("value=\"s-spr-07\""), std::string::npos);
    EXPECT_NE(page.find("täynnä, pääset jonoon"), std::string::npos);
}

TEST(RegistrationForm, ShowsConditionalQuestionsWithTheirCondition)
{
    auto const page = render_form_page(form_of(spring()));

    EXPECT_NE(
        page.find(
            "data-visible-if-question=\"company\" data-visible-if-in=\"[true]\"><legend data-if-words=\"\">"
            "Vastaa, jos valitset: Edustan yritystä</legend>"),
        std::string::npos);
    // The browser must not insist on an answer that may not be wanted.
    auto const size = page.find("name=\"answers.size\"");
    EXPECT_EQ(page.substr(size, page.find('>', size) - size).find("required"), std::string::npos);
}

TEST(RegistrationForm, KeepsValuesAndShowsErrors)
{
    Pairs const values = {{"name", "Анна <b>"},          {"email", "nonsense"},
                          {"answers.company", "true"},   {"answers.size", "large"},
                          {"sessions", "s-spr-06"},      {"language", "ru"},
                          {"companions.4.name", "Boris"}};
    auto const event = spring();

    auto const page = render_form_page(form_of(event, values, {{"email", "field.email", {}}}));

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_NE(page.find("<title>Virhe: Ilmoittautuminen – "), std::string::npos);
    EXPECT_NE(page.find("value=\"Анна &lt;b&gt;\""), std::string::npos);
    EXPECT_NE(page.find("value=\"nonsense\""), std::string::npos);
    EXPECT_NE(page.find("<a href=\"#field-email\">Sähköposti: Kirjoita sähköpostiosoite"), std::string::npos);
    EXPECT_NE(page.find("name=\"sessions\" value=\"s-spr-06\" checked"), std::string::npos);
    EXPECT_NE(page.find("value=\"large\" checked"), std::string::npos);
    EXPECT_NE(page.find("<option value=\"ru\" lang=\"ru\" selected>"), std::string::npos);
    EXPECT_NE(page.find("name=\"companions.4.name\""), std::string::npos);
}

TEST(RegistrationForm, SaysTheOutcomeOnItsButton)
{
    auto full = spring();
    full.seats = {60, 60, 2, 0};
    auto approval = spring();
    approval.form->admission = "approval";
    auto invited = spring();
    invited.form->admission = "invitation";

    EXPECT_NE(render_form(form_of(spring())).bytes().find(">Ilmoittaudu</button>"), std::string::npos);
    EXPECT_NE(render_form(form_of(full)).bytes().find(">Liity jonoon</button>"), std::string::npos);
    EXPECT_NE(render_form(form_of(approval)).bytes().find(">Lähetä hakemus</button>"), std::string::npos);
    EXPECT_NE(render_form(form_of(invited)).bytes().find("name=\"invitation\""), std::string::npos);
}

TEST(RegistrationForm, LetsNoTextBecomeMarkup)
{
    auto event = spring();
    pages::poison(event);
    std::string const bad = "\"><img src=x onerror=alert(1)>";
    Pairs const values = {{"name", bad}, {"email", bad}, {"answers.diet", bad}, {"companions.0.name", bad}};

    auto const page = render_form_page(form_of(event, values));

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(page.find("<img"), std::string::npos);
}

TEST(RegistrationForm, NumbersCompanionsWithoutGaps)
{
    Pairs const sent = {{"name", "A"},
                        {"companions.0.name", ""},
                        {"companions.2.name", "C"},
                        {"companions.2.email", "x"},
                        {"companions.7.name", "H"}};

    auto const fields = without_gaps(sent);

    EXPECT_EQ(fields, (Pairs{{"name", "A"},
                             {"companions.0.name", "C"},
                             {"companions.0.email", "x"},
                             {"companions.1.name", "H"}}));
}

TEST(RegistrationForm, IsKeptWithoutIds)
{
    auto const form = blank_form(around("fi"), spring());

    EXPECT_NE(form.bytes().find("name=\"submission_id\" value=\"\""), std::string::npos);
    EXPECT_NE(form.bytes().find("name=\"form_time\" value=\"\""), std::string::npos);
    EXPECT_TRUE(blank_form(around("fi", "2027-05-22T00:00:00Z"), spring()).empty());
}

TEST(RegistrationSignals, OnlyWeighWhatCannotBeAPerson)
{
    Key key{};
    key.fill(7);
    auto const now = parse_instant("2027-05-03T06:00:00Z").value();
    auto const looks = [&](Pairs fields) {
        return looks_automatic(key, html::Values(std::move(fields)), now);
    };

    EXPECT_FALSE(looks({{"name", "A"}})) << "a plain post works";
    EXPECT_FALSE(looks({{"form_time", form_time(key, now - std::chrono::seconds(30))}}));
    EXPECT_FALSE(looks({{"form_time", form_time(key, now)}})) << "haste alone is not enough";
    EXPECT_TRUE(looks({{"website", "http://spam.example"}}));
    EXPECT_TRUE(looks({{"form_time", "1800000000000.forged"}}));
    EXPECT_TRUE(looks({{"form_time", "nonsense"}}));
}

TEST(OwnRegistration, IsWellFormedInEveryStatus)
{
    for (auto const* language : {"fi", "en", "ru"}) {
        for (auto const* status :
             {"confirmed", "waitlisted", "pending", "offered", "cancelled", "declined"}) {
            auto registration = samples::own(status);
            auto const page = render_own_page(own_of(registration, language));
            EXPECT_EQ(pages::faults(page), "") << status;
            EXPECT_EQ(pages::count(page, "<h1"), 1U);
            EXPECT_NE(page.find("name=\"robots\" content=\"noindex\""), std::string::npos);
            EXPECT_EQ(page.find("rel=\"canonical\""), std::string::npos) << "a secret address is not shared";
        }
    }
}

TEST(OwnRegistration, SaysWhereOneStands)
{
    auto waiting = samples::own("waitlisted");
    waiting.receipt.position = 4;
    auto offered = samples::own("offered");
    offered.offer_expires_at = parse_instant("2027-05-04T06:00:00Z");
    auto const confirmed = samples::own();
    auto const cancelled = samples::own("cancelled");

    EXPECT_NE(render_own_page(own_of(waiting)).find("<h1>Olet jonossa, sija 4</h1>"), std::string::npos);
    EXPECT_NE(render_own_page(own_of(confirmed)).find("<h1>Olet mukana</h1>"), std::string::npos);
    auto const offer = render_own_page(own_of(offered));
    EXPECT_NE(pages::text_of(offer).find("Vastaa viimeistään 4.5.2027 klo 9.00 Joensuu / 11.00 Petropavl."),
              std::string::npos);
    EXPECT_NE(offer.find("name=\"action\" value=\"accept-offer\""), std::string::npos);
    EXPECT_NE(offer.find("name=\"action\" value=\"decline-offer\""), std::string::npos);
    EXPECT_NE(render_own_page(own_of(cancelled)).find("Ilmoittaudu uudelleen"), std::string::npos);
}

TEST(OwnRegistration, ShowsTheTicketOnlyToThoseWhoAreIn)
{
    auto const confirmed = samples::own();
    auto const waiting = samples::own("waitlisted");
    auto const address = "https://kutsu.example.org/fi/registrations/" + confirmed.receipt.token;

    auto const ticket = render_own_page(own_of(confirmed));

    EXPECT_NE(ticket.find("class=\"qr\""), std::string::npos);
    EXPECT_NE(ticket.find(address + "\""), std::string::npos);
    EXPECT_EQ(render_own_page(own_of(waiting)).find("class=\"qr\""), std::string::npos);
}

TEST(OwnRegistration, OffersChangesWithWhatIsKnown)
{
    auto const registration = samples::own();

    auto const page = render_own_page(own_of(registration));

    EXPECT_NE(page.find("name=\"action\" value=\"change\""), std::string::npos);
    EXPECT_NE(page.find("value=\"Anna Ivanova\""), std::string::npos);
    EXPECT_NE(page.find("name=\"sessions\" value=\"s-spr-06\" checked"), std::string::npos);
    EXPECT_NE(page.find("name=\"answers.size\" value=\"micro\" checked"), std::string::npos);
    EXPECT_NE(page.find("Boris Petrov"), std::string::npos);
}

TEST(OwnRegistration, CancelsOnlyByAFormOnAPageOfItsOwn)
{
    auto const registration = samples::own();

    auto const page = render_own_page(own_of(registration));
    auto const confirm = render_cancel_page(own_of(registration));

    EXPECT_EQ(page.find("value=\"cancel\""), std::string::npos);
    EXPECT_NE(page.find("?confirm=cancel\""), std::string::npos);
    EXPECT_EQ(pages::faults(confirm), "");
    EXPECT_NE(confirm.find("method=\"post\""), std::string::npos);
    EXPECT_NE(confirm.find("name=\"action\" value=\"cancel\""), std::string::npos);
}

TEST(OwnRegistration, LetsNoTextBecomeMarkup)
{
    auto registration = samples::own();
    std::string const bad = "\"><img src=x onerror=alert(1)></script>";
    registration.name = registration.email = bad;
    registration.organisation = registration.name_other_script = bad;
    registration.companions = {{bad, bad}};
    registration.answers = {{"diet", bad}};
    auto view = own_of(registration);
    view.done = bad;
    view.notes = {bad};

    auto const page = render_own_page(view);

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(page.find("<img"), std::string::npos);
}

TEST(OwnRegistration, WorksWhenTheEventIsNoLongerThere)
{
    auto const registration = samples::own();
    auto view = own_of(registration);
    view.event = nullptr;

    auto const page = render_own_page(view);

    EXPECT_EQ(pages::faults(page), "");
    EXPECT_EQ(pages::count(page, "<h1"), 1U);
}

}
}
