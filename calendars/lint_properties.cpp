#include "calendars/lint_parts.h"

#include <algorithm>
#include <array>

namespace kutsu::calendars::lint_parts
{
namespace
{

enum class Kind
{
    text = 1,
    text_list,
    uri,
    utc,
    date_or_time,
    wall,
    number,
    duration,
    geo,
    other
};

// RFC 5545 §3.6.1 and §3.6.5, RFC 7986 §4, and no property but those we mean to write: what stands in none of
// these rows was smuggled in.
struct Row
{
    std::string_view component, property;
    Kind kind;
    std::size_t least, most; // 0: any number
};

constexpr auto rows = std::to_array<Row>({
    {"VCALENDAR", "VERSION", Kind::other, 1, 1},
    {"VCALENDAR", "PRODID", Kind::text, 1, 1},
    {"VCALENDAR", "CALSCALE", Kind::other, 1, 1},
    {"VCALENDAR", "NAME", Kind::text, 1, 0},
    {"VCALENDAR", "X-WR-CALNAME", Kind::text, 1, 1},
    {"VCALENDAR", "DESCRIPTION", Kind::text, 0, 0},
    {"VCALENDAR", "X-WR-CALDESC", Kind::text, 0, 1},
    {"VCALENDAR", "X-WR-TIMEZONE", Kind::text, 1, 1},
    {"VCALENDAR", "REFRESH-INTERVAL", Kind::duration, 0, 1},
    {"VCALENDAR", "X-PUBLISHED-TTL", Kind::duration, 0, 1},
    {"VCALENDAR", "SOURCE", Kind::uri, 0, 1},
    {"VCALENDAR", "URL", Kind::uri, 0, 1},
    {"VCALENDAR", "LAST-MODIFIED", Kind::utc, 0, 1},
    {"VCALENDAR", "COLOR", Kind::text, 0, 1},
    {"VCALENDAR", "CATEGORIES", Kind::text_list, 0, 0},
    {"VEVENT", "UID", Kind::text, 1, 1},
    {"VEVENT", "DTSTAMP", Kind::utc, 1, 1},
    {"VEVENT", "LAST-MODIFIED", Kind::utc, 1, 1},
    {"VEVENT", "CREATED", Kind::utc, 0, 1},
    {"VEVENT", "SEQUENCE", Kind::number, 1, 1},
    {"VEVENT", "STATUS", Kind::other, 1, 1},
    {"VEVENT", "DTSTART", Kind::date_or_time, 1, 1},
    {"VEVENT", "DTEND", Kind::date_or_time, 1, 1},
    {"VEVENT", "SUMMARY", Kind::text, 0, 1},
    {"VEVENT", "DESCRIPTION", Kind::text, 0, 1},
    {"VEVENT", "LOCATION", Kind::text, 0, 1},
    {"VEVENT", "GEO", Kind::geo, 0, 1},
    {"VEVENT", "URL", Kind::uri, 0, 1},
    {"VEVENT", "CATEGORIES", Kind::text_list, 0, 0},
    {"VEVENT", "RELATED-TO", Kind::text, 0, 0},
    {"VEVENT", "REFID", Kind::text, 0, 0},
    {"VEVENT", "CONCEPT", Kind::uri, 0, 0},
    {"VEVENT", "IMAGE", Kind::uri, 0, 0},
    {"VEVENT", "CONFERENCE", Kind::uri, 0, 0},
    {"VEVENT", "LINK", Kind::uri, 0, 0},
    {"VEVENT", "COLOR", Kind::text, 0, 1},
    {"VEVENT", "TRANSP", Kind::other, 1, 1},
    {"VTIMEZONE", "TZID", Kind::text, 1, 1},
    {"STANDARD", "TZOFFSETFROM", Kind::other, 1, 1},
    {"STANDARD", "TZOFFSETTO", Kind::other, 1, 1},
    {"STANDARD", "TZNAME", Kind::text, 0, 1},
    {"STANDARD", "DTSTART", Kind::wall, 1, 1},
    {"STANDARD", "RRULE", Kind::other, 0, 1},
});

constexpr auto with_value_parameter =
    std::to_array<std::string_view>({"REFRESH-INTERVAL", "SOURCE", "IMAGE", "CONFERENCE", "LINK"});

std::string_view table_name(std::string_view component)
{
    return component == "DAYLIGHT" ? "STANDARD" : component;
}

bool is_digits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_date(std::string_view text)
{
    return text.size() == 8 && is_digits(text);
}

bool is_wall_time(std::string_view text)
{
    return text.size() == 15 && is_date(text.substr(0, 8)) && text[8] == 'T' && is_digits(text.substr(9));
}

bool is_utc_time(std::string_view text)
{
    return text.ends_with('Z') && is_wall_time(text.substr(0, text.size() - 1));
}

bool is_escaped(std::string_view text, bool is_list)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ';' || (text[i] == ',' && !is_list))
            return false;
        if (text[i] != '\\')
            continue;
        ++i;
        if (i == text.size() || !std::string_view("\\;,n").contains(text[i]))
            return false;
    }
    return true;
}

bool is_uri(std::string_view text)
{
    static constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%";
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.contains(c);
    };
    auto const colon = text.find(':');
    return colon != text.npos && colon > 1 && colon + 1 < text.size() && std::ranges::all_of(text, fits);
}

bool is_geo(std::string_view text)
{
    auto const is_degrees = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789.-") == part.npos;
    };
    auto const middle = text.find(';');
    return middle != text.npos && is_degrees(text.substr(0, middle)) && is_degrees(text.substr(middle + 1));
}

bool is_duration(std::string_view text)
{
    return text.size() > 2 && text.starts_with('P') &&
           text.find_first_not_of("PTWDHMS0123456789") == text.npos;
}

void judge_date_or_time(Property const& property, Report& report)
{
    auto const* value = property.parameter("VALUE");
    auto const* zone = property.parameter("TZID");
    if (value && value->value == "DATE") {
        if (!is_date(property.value) || zone)
            report.add("R25", property.line, "a whole day is a date without TZID");
    } else if (is_utc_time(property.value)) {
        if (zone)
            report.add("R24", property.line, "both TZID and Z");
    } else if (!is_wall_time(property.value) || !zone) {
        report.add("R24", property.line, "neither UTC nor in a zone: " + property.value);
    }
    if (zone && (zone->quoted || zone->value.starts_with('/') || zone->value.contains(' ')))
        report.add("R18", property.line, "TZID is not a bare IANA name");
}

void judge_value(Kind kind, Property const& property, Report& report)
{
    auto const& value = property.value;
    auto const must = [&](bool holds, std::string_view rule, char const* what) {
        if (!holds)
            report.add(rule, property.line, property.name + ": " + what);
    };
    switch (kind) {
    case Kind::text:
        return must(is_escaped(value, false), "R6", "not escaped as TEXT");
    case Kind::text_list:
        return must(is_escaped(value, true), "R10", "not escaped as a list of TEXT");
    case Kind::uri:
        return must(is_uri(value), "R8", "not an RFC 3986 URI");
    case Kind::utc:
        return must(is_utc_time(value), "R24", "not in UTC");
    case Kind::date_or_time:
        return judge_date_or_time(property, report);
    case Kind::wall:
        return must(is_wall_time(value) && property.parameters.empty(), "R20", "not a plain local time");
    case Kind::number:
        return must(is_digits(value), "R14", "not a number");
    case Kind::duration:
        return must(is_duration(value), "R15", "not a duration");
    case Kind::geo:
        return must(is_geo(value), "R48", "not latitude;longitude");
    case Kind::other:
        return;
    }
}

// Properties that would be sound elsewhere, with the rule that keeps them out of feeds.
std::string_view rule_against(std::string_view component, std::string_view property)
{
    if (property == "METHOD")
        return "R72";
    if (property == "ATTENDEE" || property == "ORGANIZER")
        return "R67";
    if (component == "VCALENDAR" && property == "UID")
        return "R16";
    if (property == "DURATION")
        return "R26";
    return component == "VTIMEZONE" || component == "STANDARD" ? "R20" : "R8";
}

void judge_property(std::string_view component, Property const& property, Report& report)
{
    auto const row = std::ranges::find_if(
        rows, [&](Row const& each) { return each.component == component && each.property == property.name; });
    if (row == rows.end())
        return report.add(rule_against(component, property.name), property.line,
                          "not allowed: " + property.name);

    judge_value(row->kind, property, report);
    if (std::ranges::find(with_value_parameter, property.name) != with_value_parameter.end() &&
        !property.parameter("VALUE"))
        report.add("R15", property.line, property.name + " without VALUE");
    auto const speaks =
        property.name == "SUMMARY" || property.name == "DESCRIPTION" || property.name == "LOCATION";
    if (speaks && !property.parameter("LANGUAGE"))
        report.add("R44", property.line, property.name + " without LANGUAGE");
    if (property.name == "LOCATION" && property.value.contains("\\n"))
        report.add("R48", property.line, "LOCATION of several lines");
}

}

void judge_properties(Component const& component, Report& report)
{
    auto const name = table_name(component.name);
    for (auto const& property : component.properties)
        judge_property(name, property, report);
    for (auto const& row : rows) {
        if (row.component != name)
            continue;
        auto const count =
            static_cast<std::size_t>(std::ranges::count(component.properties, row.property, &Property::name));
        if (count < row.least || (row.most != 0 && count > row.most))
            report.add("R14", component.line,
                       std::string(row.property) + " stands " + std::to_string(count) + " times");
    }
    for (auto const& each : component.components)
        judge_properties(each, report);
}

}
