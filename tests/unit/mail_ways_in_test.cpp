// What letters about ways in say: codes and links that the tables do not hold, deadlines in both cities,
// reasons.
#include "base/code.h"
#include "mail/compose.h"
#include "mail_samples.h"

#include <gtest/gtest.h>

namespace kutsu::mail
{
namespace
{

Keys const keys;

Mail composed(std::string kind, std::string language, boost::json::object params)
{
    auto const event = test::seminar();
    auto row = test::row(std::move(kind), std::move(language));
    row.params = std::move(params);
    return compose(row, &event, test::site(), keys);
}

bool holds(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

auto const until = to_ms(*parse_instant("2027-05-20T13:00:00Z"));

TEST(MailWaysIn, AnInvitationHasItsCodeItsLinkAndItsDeadline)
{
    for (auto const* kind : {"invitation", "invitation_reminder"}) {
        auto const mail =
            composed(kind, "fi", {{"name", "Anna"}, {"invitation", "inv-1"}, {"expires_at_ms", until}});
        auto const code = typed_code(keys.registration, "invitation inv-1");

        EXPECT_TRUE(holds(mail.text, "https://kutsu.example/fi/events/ev-sem-spring?invitation=" + code))
            << mail.text;
        EXPECT_TRUE(holds(mail.text, "klo 16.00 " + events::zone_city("Europe/Helsinki", "fi") + " / 18.00"))
            << mail.text;
        EXPECT_FALSE(holds(mail.text, "inv-1"));
    }
}

TEST(MailWaysIn, AnAllotmentHasItsSeatsItsDeadlineAndItsSecretLink)
{
    auto const mail = composed("allotment", "ru",
                               {{"name", "Майя"},
                                {"allotment", "al-1"},
                                {"organisation", "Silta ry"},
                                {"seats", 12},
                                {"until_ms", until}});

    EXPECT_TRUE(holds(mail.text, "https://kutsu.example/ru/allotments/" +
                                     registration_token(keys.registration, "allotment al-1")))
        << mail.text;
    EXPECT_TRUE(holds(mail.text, "Silta ry"));
    EXPECT_TRUE(holds(mail.text, "12"));
    EXPECT_TRUE(holds(mail.text, "16:00"));
}

TEST(MailWaysIn, ADecisionSaysItsReasonWhenThereIsOne)
{
    boost::json::object params{{"name", "Anna"}, {"submission_id", test::submission}};
    for (auto const* kind : {"declined", "cancelled_by_organiser", "approved"}) {
        EXPECT_FALSE(holds(composed(kind, "en", params).text, "Reason")) << kind;
        auto with_reason = params;
        with_reason["reason"] = "There were more applications\nthan seats.";
        EXPECT_TRUE(holds(composed(kind, "en", with_reason).text, "There were more applications than seats."))
            << kind;
    }
}

}
}
