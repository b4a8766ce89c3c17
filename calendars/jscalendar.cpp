#include "calendars/entry_time.h"
#include "calendars/forms.h"

#include <boost/json.hpp>

#include <map>

namespace kutsu::calendars
{
namespace
{

namespace json = boost::json;

std::string_view status_word(Status status)
{
    switch (status) {
    case Status::confirmed:
        break;
    case Status::tentative:
        return "tentative";
    case Status::cancelled:
        return "cancelled";
    }
    return "confirmed";
}

std::string without_z(std::string text)
{
    if (text.ends_with('Z'))
        text.pop_back();
    return text;
}

// Start by the wall of its zone and how long it lasts really; an end in another zone is a place of its own
// (RFC 8984 §4.2.5, relativeTo).
void add_time(json::object& to, json::object& places, Span const& when)
{
    auto const [starts, ends] = written_ends(when);
    if (auto const* days = when.all_day()) {
        to["start"] = starts.text + "T00:00:00";
        to["timeZone"] = nullptr;
        auto const count = (date::sys_days(days->last) - date::sys_days(days->first)).count() + 1;
        to["duration"] = "P" + std::to_string(count) + "D";
        to["showWithoutTime"] = true;
        return;
    }
    to["start"] = without_z(starts.text);
    to["timeZone"] = starts.zone ? json::value(starts.zone->name) : json::value("Etc/UTC");
    to["duration"] = written_duration(when.timed()->end.at - when.timed()->start.at);
    if (starts.zone != ends.zone)
        places["end"] = {{"@type", "Location"}, {"relativeTo", "end"}, {"timeZone", ends.zone->name}};
}

void add_place(json::object& places, Event const& event)
{
    bool const named = event.location && !event.location->words.empty();
    if (!named && !event.geo)
        return;
    json::object place{{"@type", "Location"}};
    if (named)
        place["name"] = event.location->words.str();
    if (event.geo) {
        auto const at = written_geo(*event.geo);
        place["coordinates"] = "geo:" + at.front() + "," + at.back();
    }
    places["place"] = std::move(place);
}

json::object set_of(std::vector<Line> const& words)
{
    json::object set;
    for (auto const& word : words) {
        if (!word.empty())
            set[word.str()] = true;
    }
    return set;
}

void add_look(json::object& to, Event const& event)
{
    if (event.url)
        to["links"] =
            json::object{{"page", {{"@type", "Link"}, {"href", event.url->str()}, {"rel", "describedby"}}}};
    if (auto keywords = set_of(event.categories); !keywords.empty())
        to["keywords"] = std::move(keywords);
    if (event.kind)
        to["categories"] = json::object{{event.kind->str(), true}};
    if (event.color)
        to["color"] = event.color->str();
    if (event.related_to)
        to["relatedTo"] = json::object{
            {event.related_to->str(), {{"@type", "Relation"}, {"relation", {{"parent", true}}}}}};
    to["freeBusyStatus"] = event.transparent ? "free" : "busy";
}

template <class Words>
bool says_more(std::optional<InLanguage<Words>> const& own, std::optional<InLanguage<Words>> const& other,
               LanguageTag const& language)
{
    return other && other != own && other->language == language && !other->words.empty();
}

// What a reader of another language sees instead (PatchObject, section 1.4.9).
json::object patch(Event const& own, Event const& other, LanguageTag const& language)
{
    json::object patch;
    if (says_more(std::optional(own.summary), std::optional(other.summary), language))
        patch["title"] = other.summary.words.str();
    if (says_more(own.description, other.description, language))
        patch["description"] = other.description->words.str();
    bool const has_place = own.location && !own.location->words.empty();
    if (has_place && says_more(own.location, other.location, language))
        patch["locations/place/name"] = other.location->words.str();
    return patch;
}

struct OtherWords
{
    LanguageTag language;
    std::map<std::string_view, Event const*> events; // by UID
};

std::vector<OtherWords> words_of(std::span<Translation const> others)
{
    std::vector<OtherWords> all;
    for (auto const& [language, calendar] : others) {
        auto& words = all.emplace_back(OtherWords{language, {}});
        for (auto const& event : calendar.events)
            words.events[event.uid.str()] = &event;
    }
    return all;
}

json::object localizations_of(Event const& event, std::vector<OtherWords> const& translations)
{
    json::object all;
    for (auto const& [language, events] : translations) {
        auto const other = events.find(event.uid.str());
        if (other == events.end())
            continue;
        if (auto words = patch(event, *other->second, language); !words.empty())
            all[language.str()] = std::move(words);
    }
    return all;
}

json::object entry_of(Event const& event, std::vector<OtherWords> const& translations)
{
    json::object entry{{"@type", "Event"},
                       {"uid", event.uid.str()},
                       {"created", written_utc(event.created)},
                       {"updated", written_utc(event.last_modified)},
                       {"sequence", event.sequence},
                       {"status", status_word(event.status)},
                       {"locale", event.summary.language.str()},
                       {"title", event.summary.words.str()}};
    if (event.description && !event.description->words.empty())
        entry["description"] = event.description->words.str();
    json::object places;
    add_time(entry, places, event.when);
    add_place(places, event);
    if (!places.empty())
        entry["locations"] = std::move(places);
    add_look(entry, event);
    if (auto words = localizations_of(event, translations); !words.empty())
        entry["localizations"] = std::move(words);
    return entry;
}

json::object head_patch(CalendarHead const& own, CalendarHead const& other, LanguageTag const& language)
{
    json::object patch;
    if (says_more(std::optional(own.name), std::optional(other.name), language))
        patch["title"] = other.name.words.str();
    if (says_more(own.description, other.description, language))
        patch["description"] = other.description->words.str();
    return patch;
}

}

std::string write_jscalendar(Calendar const& calendar, Uid const& group, std::span<Translation const> others)
{
    json::object whole{{"@type", "Group"},
                       {"uid", group.str()},
                       {"prodId", "-//Kutsu//Kutsu//EN"},
                       {"locale", calendar.head.name.language.str()},
                       {"title", calendar.head.name.words.str()}};
    if (calendar.head.description && !calendar.head.description->words.empty())
        whole["description"] = calendar.head.description->words.str();
    if (calendar.head.source)
        whole["source"] = calendar.head.source->str();
    if (calendar.head.color)
        whole["color"] = calendar.head.color->str();
    json::object localizations;
    for (auto const& [language, other] : others) {
        if (auto words = head_patch(calendar.head, other.head, language); !words.empty())
            localizations[language.str()] = std::move(words);
    }
    if (!localizations.empty())
        whole["localizations"] = std::move(localizations);
    auto const translations = words_of(others);
    json::array entries;
    for (auto const* event : in_calendar_order(calendar.events))
        entries.push_back(entry_of(*event, translations));
    whole["entries"] = std::move(entries);
    return json::serialize(whole);
}

}
