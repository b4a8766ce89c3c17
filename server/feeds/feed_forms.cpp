#include "feeds/feed_forms.h"

#include "base/messages.h"
#include "calendars/forms.h"
#include "feeds/feed_head.h"
#include "feeds/feed_model.h"

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

void add(std::vector<calendars::Event>& to, std::optional<calendars::Event> entry)
{
    if (entry)
        to.push_back(std::move(*entry));
}

std::vector<calendars::Translation> translations_of(Site const& site, FeedKey const& key,
                                                    Contents const& contents)
{
    std::vector<calendars::Translation> translations;
    for (auto const& language : languages()) {
        auto const tag = calendars::LanguageTag::from(language);
        if (language == key.language || !tag)
            continue;
        auto other = key;
        other.language = language;
        translations.push_back({*tag, calendar_of(site, other, contents)});
    }
    return translations;
}

// "calendar.kinds.seminar@kutsu.example": no event's id begins so.
calendars::Uid group_of(Site const& site, FeedKey const& key)
{
    auto name = "calendar." + feed_name(key);
    std::ranges::replace(name, '/', '.');
    return uid_of(site, name).value();
}

}

calendars::Calendar calendar_of(Site const& site, FeedKey const& key, Contents const& contents)
{
    calendars::Calendar calendar{head_of(site, key, contents.example.get(), contents.event_day), {}};
    for (auto const& event : contents.events) {
        add(calendar.events, entry_of(site, key.language, *event));
        if (!key.sessions)
            continue;
        for (auto const& session : event->sessions)
            add(calendar.events, entry_of(site, key.language, *event, session));
    }
    for (auto const* departure : contents.departures)
        add(calendar.events, entry_of(site, key.language, *departure));
    if (calendar.events.empty())
        add(calendar.events, empty_entry(site, key.language, contents.modified));
    return calendar;
}

std::string write_form(Site const& site, FeedKey const& key, Contents const& contents)
{
    auto const calendar = calendar_of(site, key, contents);
    if (key.form == Form::jcal)
        return calendars::write_jcal(calendar);
    if (key.form == Form::xcal)
        return calendars::write_xcal(calendar);
    return calendars::write_jscalendar(calendar, group_of(site, key), translations_of(site, key, contents));
}

}
