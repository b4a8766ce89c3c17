// Times with their cities: what events_page_parts.h declares about time.
#include "base/messages.h"
#include "events/events_page_parts.h"

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

bool is_same_day(LocalTime a, LocalTime b)
{
    return date::floor<date::days>(a) == date::floor<date::days>(b);
}

// One end of a span on one wall, with its hook.
struct Face
{
    LocalTime local;
    std::string_view zone;
    Instant at;
    std::string_view hook;
};

void add_face(Html& html, std::string_view language, Face const& face)
{
    html.add(Tag::time, {attr::datetime(format_rfc3339(face.at, face.zone)), attr::data("live", face.hook)},
             format_time(language, face.local));
}

// The same span on another city's wall; the day is named where it is another one there.
void add_other_city(Html& html, std::string_view language, Span const& span, std::string const& zone)
{
    auto const starts = to_local(span.starts.at, zone);
    auto const ends = to_local(span.ends.at, zone);
    bool const same_day = is_same_day(starts, span.starts.local);
    std::vector<html::Slot> slots = {
        {"starts", [&] { add_face(html, language, {starts, zone, span.starts.at, "other-starts"}); }},
        {"ends", [&] { add_face(html, language, {ends, zone, span.ends.at, "other-ends"}); }}};
    Arguments arguments = {{"city", zone_city(zone, language)},
                           {"date", format_date_short(language, starts)}};
    html.add(Tag::span, {attr::cls("slash")}, " / ");
    html.add(
        Tag::span, {attr::cls("time-other"), attr::data("live", "other"), attr::data("zone", zone)}, [&] {
            html.sentence(language, same_day ? "time.range_also" : "time.range_also_day", slots, arguments);
        });
}

void add_day_range(Html& html, std::string_view language, Span const& span, Zones const& zones)
{
    auto const& [starts, ends] = span;
    html.add(Tag::span, {attr::cls("time")}, [&] {
        html.sentence(
            language, "time.range",
            {{"starts",
              [&] { add_face(html, language, {starts.local, starts.time_zone, starts.at, "starts"}); }},
             {"ends", [&] { add_face(html, language, {ends.local, ends.time_zone, ends.at, "ends"}); }}},
            {{"city", zone_city(starts.time_zone, language)}});
    });
    for (auto const& other : other_city_times(starts, zones))
        add_other_city(html, language, span, other.time_zone);
}

// Several days or two zones: each end is a moment of its own.
void add_long_range(Html& html, std::string_view language, Span const& span, Zones const& zones)
{
    html.add(Tag::span, {attr::cls("time-long")}, [&] {
        html.sentence(language, "time.starts",
                      {{"moment", [&] { add_moment(html, language, span.starts, zones); }}});
    });
    html.text(" ");
    html.add(Tag::span, {attr::cls("time-long")}, [&] {
        html.sentence(language, "time.ends",
                      {{"moment", [&] { add_moment(html, language, span.ends, zones); }}});
    });
}

}

std::string rfc3339(Moment const& moment)
{
    return format_rfc3339(moment.at, moment.time_zone);
}

std::string moment_words(std::string_view language, Moment const& moment, Zones const& zones)
{
    auto words = message(language, "time.at",
                         {{"date", format_date_short(language, moment.local)},
                          {"time", format_time(language, moment.local)},
                          {"city", zone_city(moment.time_zone, language)}});
    for (auto const& other : other_city_times(moment, zones)) {
        auto const* key = is_same_day(other.local, moment.local) ? "time.at_also" : "time.at_also_day";
        words = message(language, key,
                        {{"moment", words},
                         {"date", format_date_short(language, other.local)},
                         {"time", format_time(language, other.local)},
                         {"city", zone_city(other.time_zone, language)}});
    }
    return words;
}

std::string span_words(std::string_view language, Span const& span, Zones const& zones)
{
    auto const& [starts, ends] = span;
    auto words = message(language, "time.range",
                         {{"starts", format_time(language, starts.local)},
                          {"ends", format_time(language, ends.local)},
                          {"city", zone_city(starts.time_zone, language)}});
    for (auto const& other : other_city_times(starts, zones)) {
        auto const* key = is_same_day(other.local, starts.local) ? "time.range_also" : "time.range_also_day";
        auto const there = message(language, key,
                                   {{"date", format_date_short(language, other.local)},
                                    {"starts", format_time(language, other.local)},
                                    {"ends", format_time(language, to_local(ends.at, other.time_zone))},
                                    {"city", zone_city(other.time_zone, language)}});
        words = message(language, "time.with_other", {{"times", words}, {"other", there}});
    }
    return words;
}

void add_moment(Html& html, std::string_view language, Moment const& moment, Zones const& zones)
{
    html.add(Tag::time, {attr::datetime(rfc3339(moment))}, moment_words(language, moment, zones));
}

void add_times(Html& html, std::string_view language, Span const& span, Zones const& zones)
{
    if (is_one_day(span))
        add_day_range(html, language, span, zones);
    else
        add_long_range(html, language, span, zones);
}

}
