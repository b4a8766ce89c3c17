// Messages between calendars, judged by libical, which knows the tables of RFC 5546.
#include "calendars/itip.h"
#include "calendars_samples.h"

#include <gtest/gtest.h>
#include <libical/ical.h>

namespace kutsu::calendars
{
namespace
{

using namespace samples;

Invitation invitation(Method method = Method::request)
{
    auto told = event();
    told.sequence = 3;
    told.transparent = false;
    if (method == Method::cancel)
        told.status = Status::cancelled;
    return {method,
            std::move(told),
            {line("SILTA II"), Uri::from("mailto:kutsu@example.org").value()},
            {line("Светлана \"Sveta\" Щербинина; x"), Uri::from("mailto:sveta@example.org").value()},
            false,
            utc(2027, 5, 3, 6)};
}

struct Free
{
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};

TEST(Itip, LibicalFindsItRight)
{
    for (auto const method : {Method::request, Method::cancel}) {
        auto const bytes = write_invitation(invitation(method));
        std::unique_ptr<icalcomponent, Free> const parsed(icalparser_parse_string(bytes.c_str()));

        ASSERT_TRUE(parsed) << bytes;
        EXPECT_TRUE(icalrestriction_check(parsed.get())) << bytes;
        EXPECT_EQ(icalcomponent_count_errors(parsed.get()), 0) << bytes;
        EXPECT_EQ(icalcomponent_get_method(parsed.get()),
                  method == Method::request ? ICAL_METHOD_REQUEST : ICAL_METHOD_CANCEL);
    }
}

TEST(Itip, SaysWhoIsAskedAndWhenItWasSent)
{
    auto asked = invitation();
    auto const bytes = write_invitation(asked);
    EXPECT_EQ(after("DTSTAMP:", bytes), "20270503T060000Z");
    EXPECT_EQ(after("ORGANIZER;CN=SILTA II:", bytes), "mailto:kutsu@example.org");
    EXPECT_EQ(after("ATTENDEE", bytes),
              ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=\"Светлана ^'Sveta^' Щербинина; "
              "x\":mailto:sveta@example.org");
    EXPECT_EQ(after("METHOD:", bytes), "REQUEST");

    asked.asks_for_reply = true;
    EXPECT_NE(write_invitation(asked).find("RSVP=TRUE"), std::string::npos);
    EXPECT_EQ(write_invitation(invitation(Method::cancel)).find("PARTSTAT"), std::string::npos);
}

}
}
