// What a calendar entry says of an event: time in both cities, place, description. Words of one language at a
// time: what is missing in the reader's language is given in the best other one and marked so, never mixed.
#pragma once

#include "calendars/values.h"
#include "events/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::feeds
{

// "8.30–15.00 Joensuu (EET) · 11.30–18.00 Petropavl (+05)"; days are named where they differ.
std::string times_line(std::string_view language, events::Event const& event, events::Span const& span);

// "Room, Venue, street address, city" with the language it is really in; nothing without a venue.
std::optional<calendars::InLanguage<calendars::Line>> location_words(std::string_view language,
                                                                     events::Event const& event,
                                                                     std::optional<events::Room> const& room);

// Plain text; the first line is times_line().
std::optional<calendars::InLanguage<calendars::Text>>
event_words(std::string_view language, events::Event const& event, std::string_view page);
std::optional<calendars::InLanguage<calendars::Text>> session_words(std::string_view language,
                                                                    events::Event const& event,
                                                                    events::Session const& session,
                                                                    std::string_view page);

// The name people know a city by, in this language if the catalogue has one.
std::string city_name(std::string_view language, std::string_view city, std::string_view city_slug);

}
