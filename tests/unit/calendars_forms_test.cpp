// The forms beside iCalendar. What they say of real events is compared with foreign readers in
// tests/calendars; here are the corners.
#include "calendars/forms.h"
#include "calendars_samples.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace kutsu::calendars
{
namespace
{

namespace json = boost::json;
using namespace samples;

Calendar holding(Event event)
{
    return {head(), {std::move(event)}};
}

// [name, parameters, type, value…] of the only entry.
json::array jcal_property(Calendar const& calendar, std::string_view name)
{
    auto const whole = json::parse(write_jcal(calendar));
    for (auto const& component : whole.at(2).as_array()) {
        if (component.at(0) != "vevent")
            continue;
        for (auto const& property : component.at(1).as_array()) {
            if (property.at(0).as_string() == name)
                return property.as_array();
        }
    }
    return {};
}

json::object jscalendar_entry(Calendar const& calendar, std::span<Translation const> others = {})
{
    auto const group = Uid::from("calendar.events", "kutsu.example").value();
    return json::parse(write_jscalendar(calendar, group, others)).at("entries").at(0).as_object();
}

TEST(CalendarForms, AnyWordsComeBackAsTheyWere)
{
    std::string const words = R"(<b>"Kasvua" & \ ; , ^ ]]> 😀 Щербинина)";
    auto const calendar = holding(event(span(utc(2027, 5, 27, 9), "Europe/Helsinki"), "ev-1", words));

    EXPECT_EQ(jcal_property(calendar, "summary").at(3).as_string(), words);
    EXPECT_EQ(jscalendar_entry(calendar).at("title").as_string(), words);
    EXPECT_TRUE(write_xcal(calendar).contains(
        R"(<text>&lt;b&gt;&quot;Kasvua&quot; &amp; \ ; , ^ ]]&gt; 😀 Щербинина</text>)"));
}

TEST(CalendarForms, XmlHoldsNoCodePointItForbids)
{
    auto const calendar = holding(event(span(utc(2027, 5, 27, 9), "Europe/Helsinki"), "ev-1", "a\uFFFFb"));

    EXPECT_TRUE(write_xcal(calendar).contains("<text>ab</text>"));
}

TEST(CalendarForms, ALegEndsInAnotherZone)
{
    auto const calendar =
        holding(event(span(utc(2027, 6, 6, 9), "Europe/Helsinki", utc(2027, 6, 6, 15), "Asia/Almaty")));

    EXPECT_EQ(json::serialize(jcal_property(calendar, "dtstart")),
              R"(["dtstart",{"tzid":"Europe/Helsinki"},"date-time","2027-06-06T12:00:00"])");
    EXPECT_EQ(json::serialize(jcal_property(calendar, "dtend")),
              R"(["dtend",{"tzid":"Asia/Almaty"},"date-time","2027-06-06T20:00:00"])");
    EXPECT_EQ(json::parse(write_jcal(calendar)).at(2).as_array().size(), 3U) << "two zones, one entry";
    auto const entry = jscalendar_entry(calendar);
    EXPECT_EQ(entry.at("duration"), "PT6H");
    EXPECT_EQ(entry.at("locations").at("end").at("timeZone"), "Asia/Almaty");
    EXPECT_EQ(entry.at("locations").at("end").at("relativeTo"), "end");
}

TEST(CalendarForms, WhatTheZoneCannotSayIsInUtc)
{
    // Moscow before its last change of rule.
    auto const calendar = holding(event(span(utc(2005, 3, 15, 7), "Europe/Moscow")));

    EXPECT_EQ(json::serialize(jcal_property(calendar, "dtstart")),
              R"(["dtstart",{},"date-time","2005-03-15T07:00:00Z"])");
    EXPECT_EQ(jscalendar_entry(calendar).at("timeZone"), "Etc/UTC");
    EXPECT_EQ(jscalendar_entry(calendar).at("start"), "2005-03-15T07:00:00");
}

TEST(CalendarForms, WholeDaysHaveNoZone)
{
    using namespace date::literals;
    auto const calendar = holding(event(Span::all_day(2027_y / 6 / 6, 2027_y / 6 / 12).value()));

    EXPECT_EQ(json::serialize(jcal_property(calendar, "dtend")), R"(["dtend",{},"date","2027-06-13"])");
    auto const entry = jscalendar_entry(calendar);
    EXPECT_EQ(entry.at("duration"), "P7D");
    EXPECT_TRUE(entry.at("timeZone").is_null());
    EXPECT_EQ(entry.at("showWithoutTime"), true);
}

TEST(CalendarForms, WordsBorrowedFromAnotherLanguageAreNoTranslation)
{
    auto const calendar = holding(event());
    auto finnish = event();
    finnish.summary = {line("Seminaari"), language("fi")};
    auto missing = event(); // the Russian title is missing: what stands there is English
    missing.summary = {line("Another title"), language("en")};
    std::vector<Translation> const others = {{language("fi"), holding(finnish)},
                                             {language("ru"), holding(missing)}};

    EXPECT_EQ(json::serialize(jscalendar_entry(calendar, others).at("localizations")),
              R"({"fi":{"title":"Seminaari"}})");
}

TEST(CalendarForms, EntriesComeInOneOrder)
{
    auto const early = event(span(utc(2027, 5, 27, 7), "Europe/Helsinki"), "b");
    auto const late = event(span(utc(2027, 5, 27, 9), "Europe/Helsinki"), "a");

    EXPECT_EQ(write_jcal({head(), {early, late}}), write_jcal({head(), {late, early}}));
    EXPECT_EQ(write_xcal({head(), {early, late}}), write_xcal({head(), {late, early}}));
}

}
}
