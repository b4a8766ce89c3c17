#include "events/events_page_parts.h"

#include "base/messages.h"
#include "base/unicode.h"
#include "events/catalogue.h"

#include <fmt/format.h>

#include <array>

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

void add_venue(Html& html, std::string_view language, Event const& event)
{
    html::add_words(html, event.venue->name, language);
    if (event.room && !event.room->name.empty()) {
        html.text(", ");
        html::add_words(html, event.room->name, language);
    }
}

}

html::Surroundings surroundings(Services& services, html::Assets const& assets, std::string_view language)
{
    html::Surroundings in;
    in.language = language;
    in.default_language = services.site.default_language;
    in.base_url = services.site.base_url;
    in.assets = assets;
    in.now = services.clock.now();
    if (services.catalogue.away())
        in.as_of = services.catalogue.picture()->as_of;
    return in;
}

Moment on_clock_of(Event const& event, Instant at)
{
    auto const& zone = event.span.starts.time_zone;
    return {to_local(at, zone), zone, at};
}

std::string date_words(std::string_view language, Span const& span)
{
    return format_date_range(language, span.starts.local, span.ends.local);
}

bool is_one_day(Span const& span)
{
    return span.starts.time_zone == span.ends.time_zone && is_same_day(span.starts.local, span.ends.local);
}

std::string city_words(std::string_view language, std::string_view city, std::string_view city_slug)
{
    auto const key = fmt::format("city.{}", city_slug);
    return has_message(language, key) ? message(language, key) : std::string(city);
}

std::string kind_in_city(std::string_view language, Event const& event)
{
    auto const kind_key = fmt::format("kind.{}", event.kind);
    auto const kind = has_message(language, kind_key) ? message(language, kind_key) : event.kind;
    if (!event.venue || event.venue->city.empty())
        return kind;
    auto const key = fmt::format("city_in.{}", event.venue->city_slug);
    if (has_message(language, key))
        return message(language, "event.kind_in_city", {{"kind", kind}, {"in_city", message(language, key)}});
    return message(language, "event.kind_and_city", {{"kind", kind}, {"city", event.venue->city}});
}

std::string language_names(std::string_view language, std::vector<std::string> const& codes)
{
    std::string names;
    for (auto const& code : codes)
        names += (names.empty() ? "" : ", ") + language_name(language, code);
    return names;
}

std::string_view address_words(std::string_view language, Venue const& venue)
{
    bool const cyrillic = language == "ru" && !venue.address_cyrillic.empty();
    return cyrillic || venue.address_latin.empty() ? venue.address_cyrillic : venue.address_latin;
}

html::Funding funding_of(Event const& event)
{
    if (!event.project)
        return {};
    return {event.project->programme.funding_statement, event.project->programme.name};
}

void add_fact(Html& html, std::string_view term, std::function<void()> const& value)
{
    html.add(Tag::div, [&] {
        html.add(Tag::dt, term);
        html.add(Tag::dd, value);
    });
}

void add_facts(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const& language = in.language;
    html.add(Tag::dl, {attr::cls("facts")}, [&] {
        add_fact(html, message(language, "event.when"), [&] {
            html.add(Tag::p, {attr::cls("fact-main")}, date_words(language, event.span));
            html.add(Tag::p, [&] { add_times(html, language, event.span, event.other_time_zones); });
        });
        if (event.venue)
            add_fact(html, message(language, "event.where"), [&] { add_venue(html, language, event); });
        if (!event.floor_languages.empty())
            add_fact(html, message(language, "event.languages"),
                     [&] { html.text(language_names(language, event.floor_languages)); });
        if (!event.interpretation_languages.empty())
            add_fact(html, message(language, "event.interpretation"),
                     [&] { html.text(language_names(language, event.interpretation_languages)); });
    });
}

}
