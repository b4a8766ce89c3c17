// From events to calendar entries: one value in one language, from which every face of a calendar is written.
// Pure. Nothing comes back when an id or a time cannot be written; callers leave such an entry out.
#pragma once

#include "base/services.h"
#include "calendars/calendar.h"
#include "events/event.h"
#include "feeds/departures.h"

#include <optional>
#include <string_view>

namespace kutsu::feeds
{

std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         events::Event const& event);
std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         events::Event const& event, events::Session const& session);
// What has left: cancelled, with nothing but its time and, of a session, its title.
std::optional<calendars::Event> entry_of(Site const& site, std::string_view language,
                                         Departure const& departure);
// The only entry of a calendar that would otherwise be empty (R39), on the day it became so; its UID never
// changes.
std::optional<calendars::Event> empty_entry(Site const& site, std::string_view language, Instant since);

// PUBLIC_ID@HOST; a host that a UID cannot hold, such as an IPv6 address, still gives the same each time.
std::optional<calendars::Uid> uid_of(Site const& site, std::string_view id);

// "https://kutsu.example/fi/events/ev-sem-spring"
std::string page_of(Site const& site, std::string_view language, std::string_view slug);

}
