// libical judges everything the writer makes: it parses, without a single error, into the values that were
// written.
#include "calendars_samples.h"

#include <libical/ical.h>

#include <map>
#include <memory>

namespace kutsu::calendars
{
namespace
{

using namespace samples;

using IcalComponent = std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)>;

// RFC 9253 names, which libical 3 does not know.
std::string without_new_names(std::string const& bytes)
{
    std::string out;
    for (auto const& each : unfolded(bytes)) {
        if (!each.starts_with("CONCEPT") && !each.starts_with("REFID"))
            out += each + "\r\n";
    }
    return out;
}

IcalComponent parsed(std::string const& bytes)
{
    return {icalparser_parse_string(bytes.c_str()), icalcomponent_free};
}

int count_errors(icalcomponent* component)
{
    int errors = icalcomponent_count_properties(component, ICAL_XLICERROR_PROPERTY);
    auto each = icalcomponent_begin_component(component, ICAL_ANY_COMPONENT);
    for (; auto* inner = icalcompiter_deref(&each); icalcompiter_next(&each))
        errors += count_errors(inner);
    return errors;
}

// What libical read, in the order of the file.
std::vector<std::string> read_back(icalcomponent* event)
{
    auto const text = [](char const* value) { return std::string(value ? value : ""); };
    std::vector<std::string> values = {
        text(icalcomponent_get_uid(event)), text(icalcomponent_get_summary(event)),
        text(icalcomponent_get_description(event)), text(icalcomponent_get_location(event))};
    auto* url = icalcomponent_get_first_property(event, ICAL_URL_PROPERTY);
    values.push_back(url ? text(icalproperty_get_url(url)) : "");
    values.push_back(std::to_string(icalcomponent_get_sequence(event)));
    for (auto* each = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY); each;
         each = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY))
        values.push_back(text(icalproperty_get_value_as_string(each)));
    return values;
}

std::vector<std::string> as_written(Event const& event)
{
    auto values = std::vector{event.uid.str(),
                              event.summary.words.str(),
                              event.description ? event.description->words.str() : "",
                              event.location ? event.location->words.str() : "",
                              event.url ? event.url->str() : "",
                              std::to_string(event.sequence)};
    std::string categories = after("CATEGORIES:", write_event(event).bytes);
    if (categories != "(none)")
        values.push_back(categories);
    return values;
}

Utc instant_of(icalcomponent* calendar, icalcomponent* event, icalproperty_kind kind)
{
    auto* property = icalcomponent_get_first_property(event, kind);
    auto time =
        kind == ICAL_DTSTART_PROPERTY ? icalproperty_get_dtstart(property) : icalproperty_get_dtend(property);
    icaltimezone* zone = icaltimezone_get_utc_timezone();
    if (auto* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER))
        zone = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(parameter));
    return Utc(std::chrono::seconds(icaltime_as_timet_with_zone(time, zone)));
}

std::vector<Event> archive_and_future()
{
    std::vector<Event> events;
    std::pair<Utc, char const*> const moments[] = {
        {utc(2003, 1, 15, 9), "Europe/Moscow"},        {utc(2003, 7, 15, 8), "Europe/Moscow"},
        {utc(2011, 12, 15, 8), "Europe/Moscow"},       {utc(2014, 10, 25, 20, 30), "Europe/Moscow"},
        {utc(2014, 10, 25, 22), "Europe/Moscow"},      {utc(2026, 7, 15, 9), "Europe/Moscow"},
        {utc(2003, 7, 15, 9), "Europe/Helsinki"},      {utc(2027, 3, 28, 0, 30), "Europe/Helsinki"},
        {utc(2027, 3, 28, 1), "Europe/Helsinki"},      {utc(2027, 10, 30, 23, 30), "Europe/Helsinki"},
        {utc(2027, 10, 31, 0, 30), "Europe/Helsinki"}, {utc(2027, 10, 31, 2), "Europe/Helsinki"},
        {utc(2024, 2, 29, 18), "Asia/Almaty"},         {utc(2027, 5, 1, 9), "Europe/Istanbul"},
        {utc(2027, 5, 1, 9), "Asia/Tbilisi"},
    };
    for (auto const& [at, zone] : moments)
        events.push_back(event(span(at, zone), "ev-" + std::to_string(events.size())));
    events.push_back(
        event(span(utc(2027, 6, 1, 6), "Europe/Moscow", utc(2027, 6, 1, 9), "Europe/Helsinki"), "leg"));
    return events;
}

Event wordy_event()
{
    auto wordy = event();
    wordy.summary.words = line("Лекция: «Карелия, лес; и \\ вода» \"2027\" ^ 😀");
    wordy.description = {
        text("Ensimmäinen rivi, joka on niin pitkä, että se taitetaan\nвторая строка; и ещё, и ещё раз"),
        language("fi")};
    wordy.location = {line("Metla-talo, Yliopistokatu 6, 80100 Joensuu"), language("fi")};
    wordy.url = Uri::from("https://kutsu.example/fi/events/x?a=1,2;b=3");
    wordy.geo = Geo::from(62.6035, 29.7636);
    wordy.categories = {line("seminar")};
    wordy.color = Color::from("teal");
    wordy.related_to = Uid::from("ev-2@kutsu.example");
    wordy.reference = line("karelia");
    wordy.kind = Uri::from("https://kutsu.example/kinds/seminar");
    wordy.sequence = 7;
    return wordy;
}

void expect_sound(std::string const& bytes)
{
    auto const calendar = parsed(without_new_names(bytes));
    ASSERT_NE(calendar, nullptr);
    EXPECT_EQ(count_errors(calendar.get()), 0);
    EXPECT_EQ(icalrestriction_check(calendar.get()), 1);
    EXPECT_EQ(count_errors(calendar.get()), 0);
    EXPECT_EQ(lint(bytes), std::vector<Violation>());
}

TEST(CalendarOracle, FindsNoErrorInWhatWeWrite)
{
    auto about = head();
    about.description = {text("Всё, что будет"), language("ru")};
    about.source = Uri::from("https://kutsu.example/calendar/events.ics");
    about.color = Color::from("navy");

    expect_sound(write_calendar(Calendar{about, {wordy_event()}}));
    expect_sound(written(archive_and_future()));
    expect_sound(
        written({event(Span::all_day(date::year(2028) / 2 / 28, date::year(2028) / 2 / 29).value())}));
}

TEST(CalendarOracle, ReadsBackTheWordsWeWrote)
{
    auto const calendar = parsed(without_new_names(written({wordy_event()})));
    auto* inner = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);

    EXPECT_EQ(read_back(inner), as_written(wordy_event()));
}

TEST(CalendarOracle, ReadsBackTheInstantsWeMeant)
{
    auto const events = archive_and_future();
    auto const calendar = parsed(written(events));

    std::map<std::string, std::pair<Utc, Utc>> read, meant;
    for (auto* each = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT); each;
         each = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT))
        read[icalcomponent_get_uid(each)] = {instant_of(calendar.get(), each, ICAL_DTSTART_PROPERTY),
                                             instant_of(calendar.get(), each, ICAL_DTEND_PROPERTY)};
    for (auto const& each : events)
        meant[each.uid.str()] = {each.when.timed()->start.at, each.when.timed()->end.at};

    EXPECT_EQ(read, meant);
}

TEST(CalendarOracle, ReadsWholeDaysWithAnExclusiveEnd)
{
    auto const calendar = parsed(
        written({event(Span::all_day(date::year(2027) / 12 / 31, date::year(2027) / 12 / 31).value())}));
    auto* inner = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
    auto const start = icalcomponent_get_dtstart(inner), end = icalcomponent_get_dtend(inner);

    EXPECT_TRUE(start.is_date && end.is_date);
    EXPECT_EQ(std::string(icaltime_as_ical_string(start)), "20271231");
    EXPECT_EQ(std::string(icaltime_as_ical_string(end)), "20280101");
}

}
}
