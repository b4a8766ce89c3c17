#include "calendars/components.h"

#include "calendars/entry_time.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <tuple>

namespace kutsu::calendars
{
namespace
{

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

void add(TypedComponent& to, std::string_view name, ValueType type, std::string value,
         Parameters parameters = {})
{
    to.properties.push_back({name, std::move(parameters), type, {std::move(value)}, {}});
}

template <class Words>
void add_words(TypedComponent& to, std::string_view name, InLanguage<Words> const& words)
{
    if (!words.words.empty())
        add(to, name, ValueType::text, words.words.str(), {{"language", words.language.str()}});
}

void add_time(TypedComponent& to, std::string_view name, WrittenTime const& time)
{
    if (time.zone)
        add(to, name, ValueType::date_time, time.text, {{"tzid", std::string(time.zone->name)}});
    else
        add(to, name, time.is_date ? ValueType::date : ValueType::date_time, time.text);
}

std::string_view status_word(Status status)
{
    switch (status) {
    case Status::confirmed:
        break;
    case Status::tentative:
        return "TENTATIVE";
    case Status::cancelled:
        return "CANCELLED";
    }
    return "CONFIRMED";
}

void add_categories(TypedComponent& to, std::vector<Line> const& categories)
{
    TypedProperty property{"categories", {}, ValueType::text, {}, {}};
    for (auto const& each : categories) {
        if (!each.empty())
            property.values.push_back(each.str());
    }
    if (!property.values.empty())
        to.properties.push_back(std::move(property));
}

void add_content(TypedComponent& to, Event const& event)
{
    add_words(to, "summary", event.summary);
    if (event.description)
        add_words(to, "description", *event.description);
    if (event.location)
        add_words(to, "location", *event.location);
    if (event.geo)
        to.properties.push_back({"geo", {}, ValueType::geo, written_geo(*event.geo), {}});
    if (event.url)
        add(to, "url", ValueType::uri, event.url->str());
    add_categories(to, event.categories);
}

void add_relations(TypedComponent& to, Event const& event)
{
    if (event.related_to)
        add(to, "related-to", ValueType::text, event.related_to->str(), {{"reltype", "PARENT"}});
    if (event.reference && !event.reference->empty())
        add(to, "refid", ValueType::text, event.reference->str());
    if (event.kind)
        add(to, "concept", ValueType::uri, event.kind->str());
}

TypedComponent entry_of(Event const& event)
{
    TypedComponent entry{"vevent", {}, {}};
    add(entry, "uid", ValueType::text, event.uid.str());
    for (auto const* name : {"dtstamp", "last-modified"})
        add(entry, name, ValueType::date_time, written_utc(event.last_modified));
    add(entry, "created", ValueType::date_time, written_utc(event.created));
    add(entry, "sequence", ValueType::integer, std::to_string(event.sequence));
    add(entry, "status", ValueType::text, std::string(status_word(event.status)));
    auto const [starts, ends] = written_ends(event.when);
    add_time(entry, "dtstart", starts);
    add_time(entry, "dtend", ends);
    add_content(entry, event);
    add_relations(entry, event);
    if (event.color)
        add(entry, "color", ValueType::text, event.color->str());
    add(entry, "transp", ValueType::text, event.transparent ? "TRANSPARENT" : "OPAQUE");
    return entry;
}

void add_head(TypedComponent& to, CalendarHead const& head)
{
    add(to, "version", ValueType::text, "2.0");
    add(to, "prodid", ValueType::text, "-//Kutsu//Kutsu//EN");
    add(to, "calscale", ValueType::text, "GREGORIAN");
    add_words(to, "name", head.name);
    if (head.description)
        add_words(to, "description", *head.description);
    add(to, "refresh-interval", ValueType::duration, written_duration(head.refresh_interval));
    if (head.source)
        add(to, "source", ValueType::uri, head.source->str());
    if (head.color)
        add(to, "color", ValueType::text, head.color->str());
}

// "+0200" as these forms write it: "+02:00".
std::string with_colon(std::string_view offset)
{
    return std::string(offset.substr(0, 3)) + ":" + std::string(offset.substr(3));
}

// "19700329T030000" → "1970-03-29T03:00:00".
std::string with_marks(std::string_view basic)
{
    auto const part = [&](std::size_t at, std::size_t size) { return std::string(basic.substr(at, size)); };
    return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) + ":" + part(11, 2) + ":" +
           part(13, 2);
}

void add_rule(TypedComponent& to, std::string_view value)
{
    TypedProperty rule{"rrule", {}, ValueType::recur, {}, {}};
    for (auto const part : std::views::split(value, ';')) {
        std::string text(part.begin(), part.end());
        auto const equals = text.find('=');
        auto name = text.substr(0, equals);
        std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        rule.recur.emplace_back(std::move(name), text.substr(equals + 1));
    }
    to.properties.push_back(std::move(rule));
}

void add_zone_line(TypedComponent& to, std::string_view name, std::string_view value)
{
    if (name == "TZID")
        add(to, "tzid", ValueType::text, std::string(value));
    else if (name == "TZNAME")
        add(to, "tzname", ValueType::text, std::string(value));
    else if (name == "TZOFFSETFROM")
        add(to, "tzoffsetfrom", ValueType::utc_offset, with_colon(value));
    else if (name == "TZOFFSETTO")
        add(to, "tzoffsetto", ValueType::utc_offset, with_colon(value));
    else if (name == "DTSTART")
        add(to, "dtstart", ValueType::date_time, with_marks(value));
    else if (name == "RRULE")
        add_rule(to, value);
}

// The zone's own block, which is ours and has no fold (zones.cpp), taken apart.
TypedComponent zone_of(ZoneRules const& rules)
{
    TypedComponent zone{"vtimezone", {}, {}};
    TypedComponent* current = &zone;
    for (auto const part : std::views::split(rules.block, std::string_view("\r\n"))) {
        std::string_view const line(part.begin(), part.end());
        auto const colon = std::min(line.find(':'), line.size());
        auto const name = line.substr(0, colon);
        auto const value = line.substr(std::min(colon + 1, line.size()));
        if (name == "BEGIN" && value != "VTIMEZONE")
            current = &zone.components.emplace_back(
                TypedComponent{value == "DAYLIGHT" ? "daylight" : "standard", {}, {}});
        else if (name != "BEGIN" && name != "END")
            add_zone_line(*current, name, value);
    }
    return zone;
}

std::set<std::string_view> zones_used(std::vector<Event> const& events)
{
    std::set<std::string_view> names;
    for (auto const& event : events) {
        auto const [starts, ends] = written_ends(event.when);
        for (auto const* zone : {starts.zone, ends.zone}) {
            if (zone)
                names.insert(zone->name);
        }
    }
    return names;
}

}

TypedComponent typed_component(Calendar const& calendar)
{
    TypedComponent whole{"vcalendar", {}, {}};
    add_head(whole, calendar.head);
    for (auto const name : zones_used(calendar.events))
        whole.components.push_back(zone_of(*find_zone(name)));
    for (auto const* event : in_calendar_order(calendar.events))
        whole.components.push_back(entry_of(*event));
    return whole;
}

}
