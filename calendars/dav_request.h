// What a CalDAV client asks: bodies of PROPFIND (RFC 4918 §9.1) and REPORT (RFC 4791 §7, RFC 6578 §3.2), read
// strictly enough that nothing is answered which was not asked.
#pragma once

#include "calendars/values.h"
#include "calendars/xml_reader.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kutsu::calendars::dav
{

inline constexpr std::string_view dav_space = "DAV:";
inline constexpr std::string_view caldav_space = "urn:ietf:params:xml:ns:caldav";
inline constexpr std::string_view server_space = "http://calendarserver.org/ns/";
inline constexpr std::string_view apple_space = "http://apple.com/ns/ical/";

enum class Wanted
{
    named = 1,
    all,  // allprop
    names // propname
};

struct Properties
{
    Wanted wanted = Wanted::all;
    std::vector<XmlName> names;
};

// Half-open; either end may be missing, not both.
struct TimeRange
{
    std::optional<Utc> start, end;
};

struct Query
{
    Properties properties;
    bool none = false; // asks for something calendars here never hold, such as VTODO
    std::optional<TimeRange> range;
    std::optional<std::string> uid; // contains this, letters of either case (i;ascii-casemap)
};

struct Multiget
{
    Properties properties;
    std::vector<std::string> hrefs;
};

struct SyncCollection
{
    Properties properties;
    std::string token; // empty: from the beginning
    std::optional<std::size_t> limit;
};

using Report = std::variant<Query, Multiget, SyncCollection>;

// Why a body is refused: the element of RFC 4791 or RFC 6578 that says so, with its namespace, or none.
struct Refusal
{
    int status = 400;
    std::optional<XmlName> condition;
};

// An empty body asks for all properties.
std::expected<Properties, Refusal> read_propfind(std::string_view body);
std::expected<Report, Refusal> read_report(std::string_view body);

// Whether an entry is within the range (RFC 4791 §9.9: starts before its end and ends after its start).
bool overlaps(TimeRange const& range, Span const& when);

}
