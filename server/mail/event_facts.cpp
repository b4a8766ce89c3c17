#include "mail/event_facts.h"

#include "base/messages.h"

#include <algorithm>
#include <optional>

namespace kutsu::mail
{
namespace
{

using date::floor;

struct CityTime
{
    std::string time_zone;
    LocalTime local;
};

// The wall the agreement was made on comes first.
std::vector<CityTime> city_times(events::Moment const& moment,
                                 std::vector<std::string> const& other_time_zones)
{
    std::vector<CityTime> times{{moment.time_zone, moment.local}};
    for (auto const& other : events::other_city_times(moment, other_time_zones))
        times.push_back({other.time_zone, other.local});
    return times;
}

bool same_day(LocalTime a, LocalTime b)
{
    return floor<date::days>(a) == floor<date::days>(b);
}

std::string in_city(std::string time, CityTime const& at, LocalTime date_said, std::string_view language)
{
    auto const city = events::zone_city(at.time_zone, language);
    if (same_day(at.local, date_said))
        return message(language, "mail.time_in_city", {{"time", time}, {"city", city}});
    return message(language, "mail.time_in_city_on",
                   {{"time", time}, {"city", city}, {"date", format_date_short(language, at.local)}});
}

std::string when_words(LocalTime date, std::vector<std::string> const& times, std::string_view language)
{
    std::string all;
    for (auto const& time : times)
        all += all.empty() ? time : " / " + time;
    return message(language, "mail.when", {{"date", format_date_long(language, date)}, {"times", all}});
}

// From and to in each city, when both lie on one day of every city.
std::optional<std::string> day_words(events::Event const& event, std::string_view language)
{
    auto const starts = city_times(event.span.starts, event.other_time_zones);
    auto const ends = city_times(event.span.ends, event.other_time_zones);
    if (starts.size() != ends.size())
        return std::nullopt;
    std::vector<std::string> times;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (starts[i].time_zone != ends[i].time_zone || !same_day(starts[i].local, ends[i].local))
            return std::nullopt;
        auto range = message(
            language, "mail.time_range",
            {{"from", format_time(language, starts[i].local)}, {"to", format_time(language, ends[i].local)}});
        times.push_back(in_city(std::move(range), starts[i], event.span.starts.local, language));
    }
    return when_words(event.span.starts.local, times, language);
}

}

std::string moment_words(events::Moment const& moment, std::vector<std::string> const& other_time_zones,
                         std::string_view language)
{
    std::vector<std::string> times;
    for (auto const& at : city_times(moment, other_time_zones))
        times.push_back(in_city(format_time(language, at.local), at, moment.local, language));
    return when_words(moment.local, times, language);
}

std::vector<Fact> when_facts(events::Event const& event, std::string_view language)
{
    if (auto day = day_words(event, language))
        return {{message(language, "mail.label.when"), std::move(*day), {}}};
    return {{message(language, "mail.label.starts"),
             moment_words(event.span.starts, event.other_time_zones, language),
             {}},
            {message(language, "mail.label.ends"),
             moment_words(event.span.ends, event.other_time_zones, language),
             {}}};
}

Fact text_fact(std::string label, Text const& text, std::string_view language)
{
    auto const* words = text.best(language);
    return words ? Fact{std::move(label), words->text, words->language} : Fact{std::move(label), {}, {}};
}

std::vector<Fact> where_facts(events::Event const& event, std::string_view language)
{
    std::vector<Fact> facts;
    if (event.venue) {
        facts.push_back(text_fact(message(language, "mail.label.where"), event.venue->name, language));
        bool const cyrillic = (language == "ru" && !event.venue->address_cyrillic.empty()) ||
                              event.venue->address_latin.empty();
        auto const& address = cyrillic ? event.venue->address_cyrillic : event.venue->address_latin;
        facts.push_back({message(language, "mail.label.address"), address, {}});
    }
    if (event.room)
        facts.insert(facts.begin() + static_cast<std::ptrdiff_t>(facts.empty() ? 0 : 1),
                     text_fact(message(language, "mail.label.room"), event.room->name, language));
    std::erase_if(facts, [](Fact const& fact) { return fact.value.empty(); });
    return facts;
}

}
