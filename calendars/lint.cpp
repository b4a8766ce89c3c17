#include "calendars/lint.h"

#include "calendars/lint_parts.h"

#include <algorithm>
#include <tuple>

namespace kutsu::calendars
{

std::vector<Violation> lint(std::string_view bytes)
{
    using namespace lint_parts;
    Report report;
    judge_bytes(bytes, report);
    auto const calendars = parse(bytes, report);
    if (calendars.size() != 1 || calendars.front().name != "VCALENDAR")
        report.add("R11", 1, "not exactly one VCALENDAR");
    for (auto const& calendar : calendars) {
        judge_properties(calendar, report);
        judge_head(calendar, report);
        judge_zones(calendar, report);
        judge_events(calendar, report);
    }

    auto violations = std::move(report).take();
    std::ranges::sort(violations, {},
                      [](Violation const& each) { return std::tie(each.line, each.rule, each.what); });
    return violations;
}

namespace lint_parts
{

Parameter const* Property::parameter(std::string_view wanted) const
{
    auto const found = std::ranges::find(parameters, wanted, &Parameter::name);
    return found == parameters.end() ? nullptr : &*found;
}

Property const* Component::property(std::string_view wanted) const
{
    auto const found = std::ranges::find(properties, wanted, &Property::name);
    return found == properties.end() ? nullptr : &*found;
}

std::string_view Component::value(std::string_view wanted) const
{
    auto const* found = property(wanted);
    return found ? std::string_view(found->value) : std::string_view();
}

void judge_head(Component const& calendar, Report& report)
{
    auto const starts_well = calendar.properties.size() > 2 && calendar.properties[0].name == "VERSION" &&
                             calendar.value("VERSION") == "2.0" &&
                             calendar.value("PRODID") == "-//Kutsu//Kutsu//EN" &&
                             calendar.value("CALSCALE") == "GREGORIAN";
    if (!starts_well)
        report.add("R11", calendar.line, "VERSION:2.0 first, then our PRODID and CALSCALE:GREGORIAN");

    auto const* name = calendar.property("NAME");
    if (!name || !name->parameter("LANGUAGE") || calendar.value("X-WR-CALNAME").empty() ||
        calendar.value("X-WR-TIMEZONE").empty())
        report.add("R45", calendar.line, "NAME with LANGUAGE, X-WR-CALNAME and X-WR-TIMEZONE are wanted");
    if ((calendar.property("DESCRIPTION") == nullptr) != (calendar.property("X-WR-CALDESC") == nullptr))
        report.add("R45", calendar.line, "DESCRIPTION and X-WR-CALDESC come together");
    if (calendar.value("REFRESH-INTERVAL") != calendar.value("X-PUBLISHED-TTL"))
        report.add("R54", calendar.line, "REFRESH-INTERVAL and X-PUBLISHED-TTL differ");
    if (std::ranges::find(calendar.components, "VEVENT", &Component::name) == calendar.components.end())
        report.add("R39", calendar.line, "a feed without entries: readers would keep the old ones");
}

}

}
