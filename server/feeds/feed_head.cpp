#include "feeds/feed_head.h"

#include "base/messages.h"
#include "feeds/feed_words.h"

#include <fmt/format.h>

namespace kutsu::feeds
{
namespace
{

using calendars::InLanguage;
using calendars::Line;

// Of calendars that hold events of several cities.
constexpr std::string_view usual_zone = "Europe/Helsinki";

struct Name
{
    std::string words;
    std::string language;
};

Name name_of(FeedKey const& key, events::Event const* example)
{
    auto const& language = key.language;
    switch (key.scope) {
    case Scope::all:
    case Scope::personal:
        return {message(language, "calendar.name.events"), language};
    case Scope::event:
        if (auto const* title = example ? example->title.best(language) : nullptr)
            return {title->text, title->language};
        return {message(language, "calendar.name.events"), language};
    case Scope::kind:
        return {message(language, fmt::format("calendar.name.{}", key.name)), language};
    case Scope::city: {
        auto const city = example ? city_name(language, example->venue->city, key.name) : key.name;
        return {message(language, "calendar.name.city", {{"city", city}}), language};
    }
    case Scope::project: {
        auto const& project = example ? example->project->acronym : key.name;
        return {message(language, "calendar.name.project", {{"project", project}}), language};
    }
    }
    return {};
}

calendars::ZoneName zone_of(FeedKey const& key, events::Event const* example)
{
    bool const has_own = example && (key.scope == Scope::event || key.scope == Scope::city);
    auto zone =
        calendars::ZoneName::from(has_own ? std::string_view(example->span.starts.time_zone) : usual_zone);
    return zone ? *zone : calendars::ZoneName::from(usual_zone).value();
}

}

calendars::CalendarHead head_of(Site const& site, FeedKey const& key, events::Event const* example,
                                bool event_day)
{
    auto const name = name_of(key, example);
    auto const own = calendars::LanguageTag::from(key.language).value();
    calendars::CalendarHead head{.name = {Line::from(name.words).value_or(Line()),
                                          calendars::LanguageTag::from(name.language).value_or(own)},
                                 .time_zone = zone_of(key, example)};
    if (auto about = calendars::Text::from(message(key.language, "calendar.about")))
        head.description = InLanguage<calendars::Text>{std::move(*about), own};
    if (event_day)
        head.refresh_interval = std::chrono::minutes(15);
    head.source = calendars::Uri::from(site.base_url + feed_target(key));
    return head;
}

}
