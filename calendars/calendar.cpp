#include "calendars/calendar.h"

#include "calendars/calendar_parts.h"

#include <algorithm>
#include <tuple>

namespace kutsu::calendars
{
namespace
{

// Both ends by the wall, or both in UTC: an entry that mixes the two is right for no reader who edits it.
void write_timed(LineWriter& out, Timed const& timed, std::vector<std::string>& zones)
{
    auto const start = wall_of(timed.start), end = wall_of(timed.end);
    if (!start || !end) {
        out.line("DTSTART").utc(timed.start.at);
        out.line("DTEND").utc(timed.end.at);
        return;
    }
    out.line("DTSTART").wall(*start->zone, start->time);
    out.line("DTEND").wall(*end->zone, end->time);
    zones.emplace_back(start->zone->name);
    if (end->zone != start->zone)
        zones.emplace_back(end->zone->name);
}

// DTEND is the first day that no longer belongs to it (RFC 5545 §3.6.1).
void write_days(LineWriter& out, AllDay const& days)
{
    out.line("DTSTART").day(days.first);
    out.line("DTEND").day(Day(date::sys_days(days.last) + date::days(1)));
}

void write_status(LineWriter& out, Status status)
{
    switch (status) {
    case Status::confirmed:
        return out.line("STATUS").word("CONFIRMED");
    case Status::tentative:
        return out.line("STATUS").word("TENTATIVE");
    case Status::cancelled:
        return out.line("STATUS").word("CANCELLED");
    }
}

template <class Words>
void write_words(LineWriter& out, Word name, std::optional<InLanguage<Words>> const& words)
{
    if (words && !words->words.empty())
        out.line(name).language(words->language).text(words->words);
}

void write_content(LineWriter& out, Event const& event)
{
    write_words(out, "SUMMARY", std::optional(event.summary));
    write_words(out, "DESCRIPTION", event.description);
    write_words(out, "LOCATION", event.location);
    if (event.geo)
        out.line("GEO").geo(*event.geo);
    if (event.url)
        out.line("URL").uri(*event.url);
    if (!std::ranges::all_of(event.categories, &Line::empty))
        out.line("CATEGORIES").texts(event.categories);
}

void write_relations(LineWriter& out, Event const& event)
{
    if (event.related_to)
        out.line("RELATED-TO").parameter("RELTYPE", "PARENT").uid(*event.related_to);
    if (event.reference && !event.reference->empty())
        out.line("REFID").text(*event.reference);
    if (event.kind)
        out.line("CONCEPT").uri(*event.kind);
}

void write_look(LineWriter& out, Event const& event)
{
    if (event.color)
        out.line("COLOR").color(*event.color);
    if (event.transparent)
        out.line("TRANSP").word("TRANSPARENT");
    else
        out.line("TRANSP").word("OPAQUE");
}

// The names stand twice: as RFC 7986 has them and as clients really read them (R45).
void write_names(LineWriter& out, CalendarHead const& head)
{
    out.line("NAME").language(head.name.language).text(head.name.words);
    out.line("X-WR-CALNAME").text(head.name.words);
    if (head.description && !head.description->words.empty()) {
        out.line("DESCRIPTION").language(head.description->language).text(head.description->words);
        out.line("X-WR-CALDESC").text(head.description->words);
    }
    out.line("X-WR-TIMEZONE").zone(head.time_zone);
}

std::string write_head(CalendarHead const& head)
{
    LineWriter out;
    write_calendar_frame(out);
    write_names(out, head);
    out.line("REFRESH-INTERVAL").parameter("VALUE", "DURATION").duration(head.refresh_interval);
    out.line("X-PUBLISHED-TTL").duration(head.refresh_interval);
    if (head.source)
        out.line("SOURCE").parameter("VALUE", "URI").uri(*head.source);
    if (head.color)
        out.line("COLOR").color(*head.color);
    return std::move(out).take();
}

bool refers_to(std::span<Fragment const> fragments, std::string_view zone)
{
    return std::ranges::any_of(fragments, [&](Fragment const& each) {
        return std::ranges::find(each.zones, zone) != each.zones.end();
    });
}

std::size_t total_size(std::span<Fragment const> fragments)
{
    std::size_t size = 0;
    for (auto const& fragment : fragments)
        size += fragment.bytes.size();
    return size;
}

std::vector<Fragment const*> in_order(std::span<Fragment const> fragments)
{
    std::vector<Fragment const*> order;
    order.reserve(fragments.size());
    for (auto const& fragment : fragments)
        order.push_back(&fragment);
    std::ranges::sort(order, {}, [](Fragment const* each) { return std::tie(each->start, each->uid); });
    return order;
}

}

void write_event_lines(LineWriter& out, Event const& event, Utc stamp, std::vector<std::string>& zones)
{
    out.line("UID").uid(event.uid);
    out.line("DTSTAMP").utc(stamp);
    out.line("LAST-MODIFIED").utc(event.last_modified);
    out.line("CREATED").utc(event.created);
    out.line("SEQUENCE").number(event.sequence);
    write_status(out, event.status);
    if (auto const* timed = event.when.timed())
        write_timed(out, *timed, zones);
    else
        write_days(out, *event.when.all_day());
    write_content(out, event);
    write_relations(out, event);
    write_look(out, event);
}

void write_calendar_frame(LineWriter& out)
{
    out.begin("VCALENDAR");
    out.line("VERSION").word("2.0");
    out.line("PRODID").word("-//Kutsu//Kutsu//EN");
    out.line("CALSCALE").word("GREGORIAN");
}

std::string finish_calendar(std::string head, std::span<Fragment const> fragments)
{
    head.reserve(head.size() + 2000 + total_size(fragments));
    for (auto const& zone : all_zones()) {
        if (refers_to(fragments, zone.name))
            head += zone.block;
    }
    for (auto const* fragment : in_order(fragments))
        head += fragment->bytes;
    return head += "END:VCALENDAR\r\n";
}

Fragment write_event(Event const& event)
{
    LineWriter out;
    std::vector<std::string> zones;
    out.begin("VEVENT");
    write_event_lines(out, event, event.last_modified, zones);
    out.end("VEVENT");
    return {std::move(out).take(), std::move(zones), event.when.start(), event.uid.str()};
}

std::string write_object(Fragment const& fragment)
{
    LineWriter head;
    write_calendar_frame(head);
    return finish_calendar(std::move(head).take(), {&fragment, 1});
}

std::string write_calendar(CalendarHead const& head, std::span<Fragment const> fragments)
{
    return finish_calendar(write_head(head), fragments);
}

std::string write_calendar(Calendar const& calendar)
{
    std::vector<Fragment> fragments;
    fragments.reserve(calendar.events.size());
    for (auto const& event : calendar.events)
        fragments.push_back(write_event(event));
    return write_calendar(calendar.head, fragments);
}

}
