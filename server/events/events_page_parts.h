// Pieces that several public pages show of an event, in the reader's language: times with their cities,
// places, states.
#pragma once

#include "base/services.h"
#include "events/event.h"
#include "html/drawings.h"
#include "html/frame.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::events
{

using Zones = std::vector<std::string>;

// How a page is asked for: the reader, the site, the age of what we know.
html::Surroundings surroundings(Services& services, html::Assets const& assets, std::string_view language);

// ── Time ──
// "21.5.2027 klo 16.00 Joensuu / 18.00 Petropavl"
std::string moment_words(std::string_view language, Moment const& moment, Zones const& zones);
// The same in <time>.
void add_moment(html::Html& html, std::string_view language, Moment const& moment, Zones const& zones);
// An instant that belongs to no city of its own, on the clock of the event's city and the others.
Moment on_clock_of(Event const& event, Instant at);
// "torstai 27. toukokuuta 2027" or "7.–13. kesäkuuta 2027"
std::string date_words(std::string_view language, Span const& span);
// "klo 8.30–9.00 Joensuu / 10.30–11.00 Petropavl", with the hooks of events_pages.h
void add_times(html::Html& html, std::string_view language, Span const& span, Zones const& zones);
// The same as text.
std::string span_words(std::string_view language, Span const& span, Zones const& zones);
bool is_one_day(Span const& span);
std::string rfc3339(Moment const& moment);

// ── Place, language, kind ──
std::string city_words(std::string_view language, std::string_view city, std::string_view city_slug);
// "Seminaari Joensuussa"
std::string kind_in_city(std::string_view language, Event const& event);
std::string language_names(std::string_view language, std::vector<std::string> const& codes);
// The address in the script the reader reads.
std::string_view address_words(std::string_view language, Venue const& venue);
html::Funding funding_of(Event const& event);

// ── State ──
bool is_few(Seats const& seats);
struct StateWords
{
    std::string words; // empty: nothing to say
    html::Sign sign = html::Sign::info;
    std::string_view css;
};
StateWords state_words(std::string_view language, Event const& event, Instant now);
std::string seats_words(std::string_view language, Event const& event, RegistrationState state);
// The value of data-registration: "not_open_yet".
std::string_view state_code(RegistrationState state);
void add_state(html::Html& html, StateWords const& state);

// dt and dd of a list of facts.
void add_fact(html::Html& html, std::string_view term, std::function<void()> const& value);

// When, where, languages: on the event's page and on a registration's.
void add_facts(html::Html& html, html::Surroundings const& in, Event const& event);

}
