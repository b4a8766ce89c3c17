// Letters that the clock writes.
#include "base/messages.h"
#include "mail/compose.h"
#include "mail_samples.h"

#include <gtest/gtest.h>

namespace kutsu::mail
{
namespace
{

Keys const keys;

bool holds(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

Mail written(std::string kind, std::string language, std::string_view at)
{
    auto const event = test::seminar();
    auto row = test::row(std::move(kind), std::move(language));
    row.created_at = *parse_instant(at);
    return compose(row, &event, test::site(), keys);
}

// The seminar begins on 27 May at 8.30 in Joensuu.
TEST(MailReminder, SaysWhichDayItIsInEachLanguage)
{
    auto const noon = "2027-05-26T09:00:00Z";
    EXPECT_EQ(written("reminder", "en", noon).subject, "Reminder, tomorrow: Spring seminar");
    EXPECT_TRUE(holds(written("reminder", "fi", noon).text, "Tilaisuus on huomenna."));
    EXPECT_TRUE(holds(written("reminder", "ru", noon).text, "Мероприятие состоится завтра."));
    // Late, because nobody ran at noon: the day is that of the event's wall, not of UTC.
    auto const night = "2027-05-26T21:30:00Z";
    EXPECT_TRUE(holds(written("reminder", "en", night).text, "The event is today."));
    EXPECT_TRUE(holds(written("reminder", "ru", "2027-05-22T09:00:00Z").text, "через 5 дней"));
    EXPECT_TRUE(holds(written("reminder", "ru", "2027-05-25T09:00:00Z").text, "через 2 дня"));
    EXPECT_TRUE(holds(written("reminder", "en", "2027-05-28T09:00:00Z").text, "The event is today."));
}

TEST(MailReminder, SaysTimesInBothCitiesPlaceSessionsAndTheOwnLink)
{
    auto const text = written("reminder", "en", "2027-05-26T09:00:00Z").text;

    EXPECT_TRUE(holds(text, "08:30–15:40 " + events::zone_city("Europe/Helsinki", "en") + " / 10:30–17:40 " +
                                events::zone_city("Asia/Almaty", "en")))
        << text;
    EXPECT_TRUE(holds(text, "Jokiranta House, Joensuu")) << text;
    EXPECT_TRUE(holds(text, "Rantakatu 3, 80100 Joensuu")) << text;
    EXPECT_TRUE(holds(text, "Metal workshop: on the waiting list")) << text;
    EXPECT_TRUE(holds(text, "/en/registrations/" + registration_token(keys.registration, test::submission)))
        << text;
    EXPECT_TRUE(holds(text, "/calendar/events/ev-sem-spring.ics?lang=en")) << text;
}

TEST(MailReminder, AnOfferThatExpiresSaysWhenAndWhereToAnswer)
{
    for (auto const& language : languages()) {
        auto const text = written("offer_expiring", language, "2027-05-20T09:00:00Z").text;
        EXPECT_TRUE(holds(text, message(language, "mail.label.offer_until"))) << text;
        EXPECT_TRUE(holds(text, message(language, "mail.action.offer"))) << text;
        EXPECT_TRUE(holds(text, "/registrations/")) << text;
    }
    EXPECT_TRUE(holds(written("offer_expiring", "fi", "2027-05-20T09:00:00Z").text, "klo 16.00"));
}

}
}
