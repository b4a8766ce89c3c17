// The practical end of an event's page: how to get there, calendars, who stands behind it and who pays.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

void add_map_link(Html& html, std::string_view language, Venue const& venue)
{
    if (!venue.latitude || !venue.longitude)
        return;
    // Plain links only: no tiles of others, no cookies.
    auto const place = fmt::format("{:.5f}/{:.5f}", *venue.latitude, *venue.longitude);
    auto const map =
        Url::parse(fmt::format("https://www.openstreetmap.org/?mlat={:.5f}&mlon={:.5f}#map=17/{}",
                               *venue.latitude, *venue.longitude, place));
    html.add(Tag::p, [&] {
        html.add(Tag::a, {attr::href(map), attr::rel("external noopener")}, message(language, "event.map"));
    });
}

// Rooms in use, each once.
std::vector<Room const*> rooms_of(Event const& event)
{
    std::vector<Room const*> rooms;
    auto const put = [&](Room const& room) {
        if (std::ranges::none_of(rooms, [&](auto const* known) { return known->id == room.id; }))
            rooms.push_back(&room);
    };
    if (event.room)
        put(*event.room);
    for (auto const& session : event.sessions) {
        if (session.room && session.status != "draft")
            put(*session.room);
    }
    return rooms;
}

void add_access(Html& html, std::string_view language, Event const& event)
{
    auto const rooms = rooms_of(event);
    if (rooms.empty())
        return;
    html.add(Tag::h3, message(language, "event.access"));
    html.add(Tag::ul, [&] {
        for (auto const* room : rooms) {
            auto const* key = room->accessible && room->induction_loop ? "event.room_step_free_loop"
                              : room->accessible                       ? "event.room_step_free"
                              : room->induction_loop                   ? "event.room_loop"
                                                                       : "event.room_unknown";
            html.add(Tag::li, [&] {
                html.sentence(language, key, {{"room", [&] { add_words(html, room->name, language); }}});
            });
        }
    });
}

// 20270527T053000Z
std::string compact_utc(Instant at)
{
    auto text = format_utc(at);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

std::string place_line(std::string_view language, Event const& event)
{
    if (!event.venue)
        return {};
    return message(language, "calendar.place",
                   {{"venue", html::shown(event.venue->name, language).words},
                    {"address", std::string(address_words(language, *event.venue))}});
}

Url google_url(html::Surroundings const& in, Event const& event)
{
    return Url::parse("https://calendar.google.com/calendar/render")
        .with("action", "TEMPLATE")
        .with("text", html::shown(event.title, in.language).words)
        .with("dates", compact_utc(event.span.starts.at) + "/" + compact_utc(event.span.ends.at))
        .with("ctz", event.span.starts.time_zone)
        .with("location", place_line(in.language, event))
        .with("details", Url::absolute(in.base_url, event_url(in.language, event)).text());
}

Url outlook_url(html::Surroundings const& in, Event const& event)
{
    return Url::parse("https://outlook.office.com/calendar/0/deeplink/compose")
        .with("rru", "addevent")
        .with("subject", html::shown(event.title, in.language).words)
        .with("startdt", format_utc(event.span.starts.at))
        .with("enddt", format_utc(event.span.ends.at))
        .with("location", place_line(in.language, event))
        .with("body", Url::absolute(in.base_url, event_url(in.language, event)).text());
}

}

void add_practical(Html& html, html::Surroundings const& in, Event const& event)
{
    if (!event.venue)
        return;
    auto const& language = in.language;
    html.add(Tag::section, {attr::cls("practical"), attr::aria("labelledby", "practical-title")}, [&] {
        html.add(Tag::h2, {attr::id("practical-title")}, message(language, "event.practical"));
        add_words(html, Tag::h3, event.venue->name, language);
        if (auto const address = address_words(language, *event.venue); !address.empty())
            html.add(Tag::p, {attr::cls("address")}, address);
        add_map_link(html, language, *event.venue);
        add_access(html, language, event);
    });
}

void add_calendar_links(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const& language = in.language;
    auto const file = calendar_url(event, language);
    auto const link = [&](Url const& url, char const* key) {
        if (!url.empty())
            html.add(Tag::li, [&] { html.add(Tag::a, {attr::href(url)}, message(language, key)); });
    };
    html.add(Tag::section, {attr::cls("calendar"), attr::aria("labelledby", "calendar-title")}, [&] {
        html.add(Tag::h2, {attr::id("calendar-title")}, message(language, "calendar.title"));
        html.add(Tag::ul, {attr::cls("plain-links")}, [&] {
            link(file, "calendar.file");
            link(Url::webcal(in.base_url, file), "calendar.subscribe_programme");
        });
        html.add(Tag::details, [&] {
            html.add(Tag::summary, message(language, "calendar.others"));
            html.add(Tag::ul, {attr::cls("plain-links")}, [&] {
                link(google_url(in, event), "calendar.google");
                link(outlook_url(in, event), "calendar.outlook");
            });
        });
        html.add(Tag::p, {attr::cls("quiet")}, message(language, "calendar.delay"));
    });
}

void add_organisers(Html& html, html::Surroundings const& in, Event const& event)
{
    if (!event.project)
        return;
    auto const& language = in.language;
    auto const& project = *event.project;
    html.add(Tag::section, {attr::cls("organisers"), attr::aria("labelledby", "organisers-title")}, [&] {
        html.add(Tag::h2, {attr::id("organisers-title")}, message(language, "event.organisers"));
        html.add(Tag::h3, project.acronym);
        add_words(html, Tag::p, project.title, language);
        html.add(Tag::dl, {attr::cls("facts")}, [&] {
            if (!project.programme.name.empty())
                add_fact(html, message(language, "funding.programme"),
                         [&] { add_words(html, project.programme.name, language); });
            if (!project.number.empty())
                add_fact(html, message(language, "funding.number"), [&] { html.text(project.number); });
        });
        add_funding(html, funding_of(event), language);
    });
}

}
