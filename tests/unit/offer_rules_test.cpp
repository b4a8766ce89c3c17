#include "registration/offer_calendar.h"
#include "registration/offer_rules.h"
#include "registration/reminder.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

Instant wall(std::string_view local, std::string_view zone)
{
    return to_instant(*parse_local(local), zone)->at;
}

struct Case
{
    char const* what;
    char const* zone;
    char const* country;
    std::optional<std::int64_t> hours;
    bool working;
    char const* now;
    char const* starts;
    char const* expires; // on the wall; nullptr: the seat is theirs at once
};

std::ostream& operator<<(std::ostream& out, Case const& each)
{
    return out << each.what;
}

constexpr auto helsinki = "Europe/Helsinki";
constexpr auto almaty = "Asia/Almaty";
constexpr auto far = "2027-12-01T09:00";

// Weekdays: 3 May 2027 is a Monday, 6 May Ascension Day.
std::vector<Case> const cases = {
    {"no hours", helsinki, "FI", {}, false, "2027-05-03T10:00", far, nullptr},
    {"a day by the clock", helsinki, "FI", 24, false, "2027-05-04T10:15", far, "2027-05-05T10:15"},
    {"full minutes", helsinki, "FI", 24, false, "2027-05-04T10:15:59", far, "2027-05-05T10:15"},
    {"at night: next morning", helsinki, "FI", 12, false, "2027-05-04T14:00", far, "2027-05-05T09:00"},
    {"after midnight: that morning", helsinki, "FI", 12, false, "2027-05-04T17:30", far, "2027-05-05T09:00"},
    {"22 is night already", helsinki, "FI", 12, false, "2027-05-04T10:00", far, "2027-05-05T09:00"},
    {"21:59 is not", helsinki, "FI", 12, false, "2027-05-04T09:59", far, "2027-05-04T21:59"},
    {"8 is morning", helsinki, "FI", 24, false, "2027-05-04T08:00", far, "2027-05-05T08:00"},

    {"working time within a day", helsinki, "FI", 4, true, "2027-05-04T09:00", far, "2027-05-04T13:00"},
    {"working time over the evening", helsinki, "FI", 4, true, "2027-05-04T16:00", far, "2027-05-05T10:00"},
    {"working time from the night", helsinki, "FI", 2, true, "2027-05-04T03:00", far, "2027-05-04T10:00"},
    {"working time ends with the day", helsinki, "FI", 10, true, "2027-05-04T06:00", far, "2027-05-04T18:00"},
    {"over a weekend", helsinki, "FI", 4, true, "2027-05-07T16:00", far, "2027-05-10T10:00"},
    {"over Ascension", helsinki, "FI", 4, true, "2027-05-05T16:00", far, "2027-05-07T10:00"},
    {"Ascension is a working day in Kazakhstan", almaty, "KZ", 4, true, "2027-05-05T16:00", far,
     "2027-05-06T10:00"},
    {"three days of work", helsinki, "FI", 24, true, "2027-05-10T08:00", far, "2027-05-12T12:00"},
    {"over Easter and the night of the clock change", helsinki, "FI", 4, true, "2027-03-25T16:00", far,
     "2027-03-30T10:00"},
    {"over New Year in Russia", "Europe/Moscow", "RU", 4, true, "2026-12-30T16:00", far, "2027-01-11T10:00"},
    {"over Nauryz", almaty, "KZ", 4, true, "2027-03-19T16:00", far, "2027-03-25T10:00"},

    // 28 March 2027, 03:00 does not exist; 31 October 2027, 03:00 comes twice.
    {"a short night by the clock", helsinki, "FI", 24, false, "2027-03-27T12:00", far, "2027-03-28T13:00"},
    {"a long night by the clock", helsinki, "FI", 24, false, "2027-10-30T12:00", far, "2027-10-31T11:00"},
    {"into the hour that comes twice", helsinki, "FI", 12, false, "2027-10-30T15:30", far,
     "2027-10-31T09:00"},
    // 29 February 2024 had 25 hours in Almaty.
    {"the long day of Almaty", almaty, "KZ", 24, false, "2024-02-29T12:00", "2024-06-03T09:00",
     "2024-03-01T11:00"},
    {"working time over the long night of Almaty", almaty, "KZ", 4, true, "2024-02-29T16:00",
     "2024-06-03T09:00", "2024-03-01T10:00"},

    {"the event tomorrow: half of the time, before the night", helsinki, "FI", 24, false, "2027-05-03T20:00",
     "2027-05-04T10:00", "2027-05-04T03:00"},
    {"the event tomorrow noon, asked at noon", helsinki, "FI", 48, false, "2027-05-04T12:00",
     "2027-05-05T12:00", "2027-05-04T21:00"},
    {"the event in two hours", helsinki, "FI", 24, false, "2027-05-04T10:00", "2027-05-04T12:00",
     "2027-05-04T11:00"},
    {"the event in an hour", helsinki, "FI", 24, false, "2027-05-04T10:00", "2027-05-04T11:00",
     "2027-05-04T10:30"},
    {"less than an hour left", helsinki, "FI", 24, false, "2027-05-04T10:00", "2027-05-04T10:59", nullptr},
    {"the event has begun", helsinki, "FI", 24, false, "2027-05-04T10:00", "2027-05-04T09:00", nullptr},
    {"working time that does not fit", helsinki, "FI", 24, true, "2027-05-07T16:00", "2027-05-10T16:00",
     "2027-05-08T21:00"},
    {"absurdly many hours", helsinki, "FI", 2'000'000'000, true, "2027-05-04T10:00", "2027-05-06T10:00",
     "2027-05-05T10:00"},
    {"no country: only weekends", helsinki, "", 4, true, "2027-05-05T16:00", far, "2027-05-06T10:00"},
};

class OfferExpiry : public ::testing::TestWithParam<Case>
{};

TEST_P(OfferExpiry, IsTheOneOfTheTable)
{
    auto const& each = GetParam();
    OfferTerms const terms{each.hours, each.working, each.zone, each.country, wall(each.starts, each.zone)};
    auto const now = wall(each.now, each.zone);

    auto const expiry = offer_expiry(terms, now);

    ASSERT_EQ(expiry.has_value(), each.expires != nullptr);
    if (expiry) {
        EXPECT_EQ(format_local(to_local(*expiry, each.zone)), each.expires);
    }
}

INSTANTIATE_TEST_SUITE_P(Table, OfferExpiry, ::testing::ValuesIn(cases));

// Whatever the terms: later than now, within the first half of what is left.
TEST(OfferExpiry, IsAlwaysInTheFirstHalf)
{
    auto const start = wall("2027-03-20T00:17", helsinki);
    for (int step = 0; step < 400; ++step) {
        auto const now = start + std::chrono::minutes(197) * step;
        for (std::int64_t const left_hours : {1, 2, 5, 13, 30, 100, 1000}) {
            for (std::int64_t const hours : {1, 12, 24, 72}) {
                for (bool const working : {false, true}) {
                    auto const starts = now + std::chrono::hours(left_hours);
                    auto const expiry = offer_expiry({hours, working, helsinki, "FI", starts}, now);
                    ASSERT_TRUE(expiry);
                    EXPECT_GE(*expiry, now + std::chrono::minutes(14));
                    EXPECT_LE(*expiry, now + std::chrono::minutes(left_hours * 30));
                }
            }
        }
    }
}

TEST(OfferTerms, AreOfTheEventAndItsForm)
{
    events::Event event;
    event.span.starts.time_zone = almaty;
    event.span.starts.at = wall(far, almaty);
    EXPECT_FALSE(offer_terms(event).offer_hours);
    EXPECT_EQ(offer_terms(event).country, "KZ");

    event.venue.emplace();
    event.venue->country = "FI";
    event.form.emplace();
    event.form->offer_hours = 48;
    event.form->offer_working_hours = true;
    auto const terms = offer_terms(event);
    EXPECT_EQ(terms.offer_hours, 48);
    EXPECT_TRUE(terms.working_hours);
    EXPECT_EQ(terms.country, "FI");
    EXPECT_EQ(terms.starts_at, event.span.starts.at);
}

TEST(OfferCalendar, KnowsTheHolidaysOfThreeCountries)
{
    struct Known
    {
        char const* day;
        char const* country;
        bool holiday;
    };
    for (auto const& [day, country, holiday] : std::vector<Known>{
             {"2026-04-03", "FI", true},  {"2027-03-26", "FI", true},  {"2027-03-29", "FI", true},
             {"2026-05-14", "FI", true},  {"2027-05-06", "FI", true},  {"2027-05-16", "FI", true},
             {"2026-06-19", "FI", true},  {"2027-06-25", "FI", true},  {"2027-12-24", "FI", true},
             {"2027-05-05", "FI", false}, {"2027-05-07", "FI", false}, {"2026-01-09", "RU", true},
             {"2026-03-09", "RU", true},  {"2026-05-11", "RU", true},  {"2026-12-31", "RU", true},
             {"2027-11-05", "RU", true},  {"2027-05-03", "RU", true},  {"2027-05-10", "RU", true},
             {"2027-05-11", "RU", false}, {"2027-05-03", "KZ", true},  {"2027-05-10", "KZ", true},
             {"2027-05-07", "KZ", true},  {"2026-05-27", "KZ", true},  {"2026-03-25", "KZ", true},
             {"2027-05-06", "KZ", false}, {"2027-05-03", "FI", false}, {"2027-05-06", "DE", false}}) {
        EXPECT_EQ(is_holiday(*parse_day(day), country), holiday) << day << " " << country;
    }
    EXPECT_FALSE(is_working_day(*parse_day("2027-05-08"), "FI"));
    EXPECT_TRUE(is_working_day(*parse_day("2027-05-07"), "FI"));
}

TEST(OfferNotice, ComesFourHoursBeforeAndNotAtNight)
{
    struct Notice
    {
        char const* made;
        char const* expires;
        char const* told;
    };
    for (auto const& [made, expires, told] :
         std::vector<Notice>{{"2027-05-03T10:00", "2027-05-04T18:00", "2027-05-04T14:00"},
                             {"2027-05-03T10:00", "2027-05-04T10:00", "2027-05-03T20:00"},
                             {"2027-05-03T19:30", "2027-05-04T09:00", "2027-05-03T20:30"},
                             {"2027-05-03T10:00", "2027-05-03T17:59", nullptr}}) {
        auto const at = offer_notice_at(wall(made, helsinki), wall(expires, helsinki), helsinki);
        ASSERT_EQ(at.has_value(), told != nullptr) << expires;
        if (at) {
            EXPECT_EQ(format_local(to_local(*at, helsinki)), told);
        }
    }
}

events::Moment moment(std::string_view local, std::string const& zone)
{
    return {*parse_local(local), zone, wall(local, zone)};
}

TEST(Reminder, IsAtNoonOfTheDayBeforeOnTheEventsWall)
{
    using std::chrono::hours;
    EXPECT_EQ(reminder_at(moment("2027-05-27T08:30", helsinki), hours(12)),
              wall("2027-05-26T12:00", helsinki));
    EXPECT_EQ(reminder_at(moment("2027-05-27T00:30", almaty), hours(12)), wall("2027-05-26T12:00", almaty));
    EXPECT_EQ(reminder_at(moment("2027-03-29T09:00", helsinki), hours(3)),
              wall("2027-03-28T04:00", helsinki));
    EXPECT_EQ(reminder_at(moment("2027-03-29T09:00", helsinki), hours(12)),
              wall("2027-03-28T12:00", helsinki));
}

TEST(EventTimers, FollowTheStateAndTheForm)
{
    events::Event event;
    event.id = "ev-a";
    event.event_id = 7;
    event.version = 3;
    event.status = "published";
    event.span = {moment("2027-05-27T08:30", helsinki), moment("2027-05-27T15:00", helsinki)};
    EXPECT_EQ(event_timers(event, std::chrono::hours(12)).wishes.size(), 1U);

    event.form.emplace();
    event.form->opens = moment("2027-04-01T09:00", helsinki);
    event.form->closes = moment("2027-05-20T16:00", helsinki);
    auto const plan = event_timers(event, std::chrono::hours(12));
    ASSERT_EQ(plan.wishes.size(), 4U);
    EXPECT_EQ(plan.subject, "ev-a");
    EXPECT_EQ(plan.wishes.back().due_at, wall("2027-05-26T12:00", helsinki));
    EXPECT_LT(*plan.wishes.back().useless_after, event.span.starts.at);

    event.form->reminders = false;
    EXPECT_EQ(event_timers(event, std::chrono::hours(12)).wishes.size(), 3U);
    for (auto const* status : {"cancelled", "postponed", "draft", "held"}) {
        event.status = status;
        auto const none = event_timers(event, std::chrono::hours(12));
        EXPECT_TRUE(none.wishes.empty()) << status;
        EXPECT_EQ(none.kinds.size(), 4U);
    }
}

}
}
