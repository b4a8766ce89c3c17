#include "calendars/dav_request.h"

#include <algorithm>
#include <charconv>

namespace kutsu::calendars::dav
{
namespace
{

constexpr std::size_t most_hrefs = 5'000;

Refusal bad()
{
    return {400, {}};
}

// A filter that is well formed but not supported (RFC 4791 §7.8, precondition).
Refusal unsupported()
{
    return {403, XmlName{std::string(caldav_space), "supported-filter"}};
}

std::string trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Properties properties_of(XmlElement const& asked)
{
    if (asked.child(dav_space, "propname"))
        return {Wanted::names, {}};
    auto const* prop = asked.child(dav_space, "prop");
    if (!prop)
        return {Wanted::all, {}};
    Properties properties{Wanted::named, {}};
    for (auto const& each : prop->children)
        properties.names.push_back(each.name);
    return properties;
}

// "20270527T053000Z" (RFC 4791 §9.9: always UTC).
std::optional<Utc> instant(std::string_view text)
{
    auto const number = [&](std::size_t at, std::size_t size) {
        int value = -1;
        auto const* end = text.data() + at + size;
        return std::from_chars(text.data() + at, end, value).ptr == end ? value : -1;
    };
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z')
        return std::nullopt;
    date::year_month_day const day{date::year(number(0, 4)), date::month(static_cast<unsigned>(number(4, 2))),
                                   date::day(static_cast<unsigned>(number(6, 2)))};
    int const hour = number(9, 2), minute = number(11, 2), second = number(13, 2);
    if (number(0, 4) < 0 || !day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return std::nullopt;
    return date::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

std::expected<TimeRange, Refusal> range_of(XmlElement const& element)
{
    TimeRange range;
    auto const start = element.attribute("start"), end = element.attribute("end");
    if (!start && !end)
        return std::unexpected(bad());
    if (start && !(range.start = instant(*start)))
        return std::unexpected(bad());
    if (end && !(range.end = instant(*end)))
        return std::unexpected(bad());
    if (range.start && range.end && *range.end <= *range.start)
        return std::unexpected(bad());
    return range;
}

// Of properties only the UID can be asked for, and that it is defined, which it always is.
std::expected<void, Refusal> add_property_filter(Query& query, XmlElement const& filter)
{
    auto const name = filter.attribute("name").value_or("");
    if (name != "UID")
        return std::unexpected(unsupported());
    for (auto const& each : filter.children) {
        if (each.is(caldav_space, "is-not-defined")) {
            query.none = true;
        } else if (each.is(caldav_space, "text-match") && each.attribute("negate-condition") != "yes") {
            query.uid = each.text;
        } else {
            return std::unexpected(unsupported());
        }
    }
    return {};
}

std::expected<void, Refusal> add_event_filter(Query& query, XmlElement const& filter)
{
    for (auto const& each : filter.children) {
        if (each.is(caldav_space, "is-not-defined")) {
            query.none = true;
        } else if (each.is(caldav_space, "time-range")) {
            auto range = range_of(each);
            if (!range)
                return std::unexpected(range.error());
            query.range = *range;
        } else if (each.is(caldav_space, "prop-filter")) {
            if (auto added = add_property_filter(query, each); !added)
                return added;
        } else if (each.is(caldav_space, "comp-filter")) {
            query.none = true; // no entry holds an alarm
        } else {
            return std::unexpected(unsupported());
        }
    }
    return {};
}

std::expected<Report, Refusal> query_of(XmlElement const& asked)
{
    Query query{properties_of(asked), false, {}, {}};
    auto const* filter = asked.child(caldav_space, "filter");
    auto const* whole = filter ? filter->child(caldav_space, "comp-filter") : nullptr;
    if (!whole || whole->attribute("name") != "VCALENDAR")
        return std::unexpected(Refusal{403, XmlName{std::string(caldav_space), "valid-filter"}});
    for (auto const& each : whole->children) {
        if (!each.is(caldav_space, "comp-filter"))
            return std::unexpected(unsupported());
        if (each.attribute("name") != "VEVENT") {
            query.none = query.none || !each.child(caldav_space, "is-not-defined");
            continue;
        }
        if (auto added = add_event_filter(query, each); !added)
            return std::unexpected(added.error());
    }
    return query;
}

std::expected<Report, Refusal> multiget_of(XmlElement const& asked)
{
    Multiget multiget{properties_of(asked), {}};
    for (auto const& each : asked.children) {
        if (each.is(dav_space, "href"))
            multiget.hrefs.push_back(trimmed(each.text));
    }
    if (multiget.hrefs.empty() || multiget.hrefs.size() > most_hrefs)
        return std::unexpected(bad());
    return multiget;
}

std::expected<Report, Refusal> sync_of(XmlElement const& asked)
{
    SyncCollection sync{properties_of(asked), {}, {}};
    auto const* token = asked.child(dav_space, "sync-token");
    if (!token)
        return std::unexpected(bad());
    sync.token = trimmed(token->text);
    if (auto const* level = asked.child(dav_space, "sync-level"); level && trimmed(level->text) != "1")
        return std::unexpected(bad()); // a calendar has no collection inside
    auto const* limit = asked.child(dav_space, "limit");
    if (auto const* count = limit ? limit->child(dav_space, "nresults") : nullptr) {
        auto const text = trimmed(count->text);
        std::size_t value = 0;
        auto const* end = text.data() + text.size();
        if (std::from_chars(text.data(), end, value).ptr != end || text.empty() || value == 0)
            return std::unexpected(bad());
        sync.limit = value;
    }
    return sync;
}

// Where an entry ends, for comparing; whole days end at 00:00 UTC of the day after.
Utc end_of(Span const& when)
{
    if (auto const* timed = when.timed())
        return timed->end.at;
    return date::sys_days(when.all_day()->last) + date::days(1);
}

}

std::expected<Properties, Refusal> read_propfind(std::string_view body)
{
    if (body.find_first_not_of(" \t\r\n") == body.npos)
        return Properties{};
    auto const root = read_xml(body);
    if (!root || !root->is(dav_space, "propfind"))
        return std::unexpected(bad());
    return properties_of(*root);
}

std::expected<Report, Refusal> read_report(std::string_view body)
{
    auto const root = read_xml(body);
    if (!root)
        return std::unexpected(bad());
    if (root->is(caldav_space, "calendar-query"))
        return query_of(*root);
    if (root->is(caldav_space, "calendar-multiget"))
        return multiget_of(*root);
    if (root->is(dav_space, "sync-collection"))
        return sync_of(*root);
    return std::unexpected(Refusal{403, XmlName{std::string(dav_space), "supported-report"}});
}

bool overlaps(TimeRange const& range, Span const& when)
{
    return (!range.end || when.start() < *range.end) && (!range.start || end_of(when) > *range.start);
}

}
