// The one model every face of a calendar is written from, and its iCalendar writer (RFC 5545, 7986, 9253).
//
// What always holds: the same value gives the same bytes in every process; lines end in CRLF, have at most 75
// octets and never begin inside a text; no METHOD, ORGANIZER or ATTENDEE; no UID on the calendar, which
// vdirsyncer would take for the only entry. Writing cannot fail: what could be wrong was refused by values.h.
//
// A feed is a head, the zones its entries refer to, and their fragments. Fragments may be kept and joined
// again.
#pragma once

#include "calendars/values.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kutsu::calendars
{

// Part of every ETag: raise it when the writer gives other bytes for the same value.
inline constexpr int writer_revision = 1;

enum class Status
{
    confirmed = 1,
    tentative,
    cancelled
};

// One event, session or leg of a trip, in one language. Empty words are not written.
struct Event
{
    Uid uid;
    Utc created;
    Utc last_modified; // also DTSTAMP, which without a METHOD means "last revised" and never "now" (R33)
    std::uint32_t sequence = 0;
    Status status = Status::confirmed;
    Span when;
    InLanguage<Line> summary;
    std::optional<InLanguage<Text>> description = {};
    std::optional<InLanguage<Line>> location = {};
    std::optional<Uri> url = {};
    std::optional<Geo> geo = {};
    std::vector<Line> categories = {};
    std::optional<Color> color = {};
    std::optional<Uid> related_to = {}; // what it is part of
    std::optional<Line> reference = {}; // REFID: all entries of one project share it
    std::optional<Uri> kind = {};       // CONCEPT: what kind of event this is
    bool transparent = true;            // does not make its reader busy; false for what they attend (R41)

    friend bool operator==(Event const&, Event const&) = default;
};

struct CalendarHead
{
    InLanguage<Line> name;
    std::optional<InLanguage<Text>> description = {};
    ZoneName time_zone;
    std::chrono::minutes refresh_interval = std::chrono::hours(1);
    std::optional<Uri> source = {}; // where the feed is fetched from
    std::optional<Color> color = {};

    friend bool operator==(CalendarHead const&, CalendarHead const&) = default;
};

struct Calendar
{
    CalendarHead head;
    std::vector<Event> events;
};

// A written VEVENT and what a calendar must know of it.
struct Fragment
{
    std::string bytes;
    std::vector<std::string> zones; // TZIDs it refers to, each once
    Utc start;
    std::string uid;

    friend bool operator==(Fragment const&, Fragment const&) = default;
};

Fragment write_event(Event const& event);
// One entry as a calendar object of its own, with its zones (RFC 4791 §4.1).
std::string write_object(Fragment const& fragment);
// Entries come out by (start, uid), whatever their order here. A feed must not be empty (R39): readers would
// keep showing what was there before.
std::string write_calendar(CalendarHead const& head, std::span<Fragment const> fragments);
std::string write_calendar(Calendar const& calendar);

}
