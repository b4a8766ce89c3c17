// Which calendar an address means (contract §4): a path and what the query says. Two addresses of the same
// calendar give the same key, so they share bytes and ETag.
#pragma once

#include "base/problem.h"
#include "events/event.h"
#include "net/http.h"

#include <compare>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::feeds
{

enum class Scope
{
    all = 1,
    event,
    kind,
    city,
    project,
    personal // named by a secret; not on the shelf (personal_feeds.h)
};

// How it is written (contract §4): iCalendar, jCal, xCal, JSCalendar.
enum class Form
{
    ics = 1,
    jcal,
    xcal,
    jscal
};

struct FeedKey
{
    Scope scope = Scope::all;
    std::string name; // slug, kind, city or project; empty for all
    std::string language;
    bool sessions = false;
    bool past_all = false; // always for one event and for projects
    Form form = Form::ics;

    friend auto operator<=>(FeedKey const&, FeedKey const&) = default;
};

// Why there is no such calendar, in words of `language`.
struct FeedRefusal
{
    int status = 404;
    std::string message;
    Arguments arguments;
    std::string language;
};

// A path that names no calendar is 404; a known parameter with an unknown value is 400, never a silently
// different feed. Whether anybody has that city, project or event is not decided here.
std::expected<FeedKey, FeedRefusal> parse_feed_key(std::string_view path, net::Fields const& query,
                                                   std::string_view default_language);

// The name under which a feed is remembered, the same in all languages: "events", "cities/joensuu".
std::string feed_name(Scope scope, std::string_view name);
std::string feed_name(FeedKey const& key);
// Every feed that holds this event while it is public.
std::vector<std::string> feeds_of(events::Event const& event);

// Path and query: "/calendar/cities/joensuu.ics?lang=fi".
std::string feed_target(FeedKey const& key);

// "text/calendar", "application/calendar+json" …
std::string_view media_type(Form form);
// The same with the charset where the type has one.
std::string content_type(Form form);

// Events of these kinds have calendars of their own.
std::span<std::string_view const> feed_kinds();
bool is_feed_kind(std::string_view kind);

}
