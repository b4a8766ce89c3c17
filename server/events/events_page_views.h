// The renderers behind events_pages.h: values in, bytes out; no clock, no database, so that tests render any
// state.
#pragma once

#include "events/catalogue.h"
#include "events/events_page_filter.h"
#include "html/frame.h"
#include "html/html.h"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::events
{

// ── The list ──
struct Choice
{
    std::string value;
    std::string label;
};

// What there is to filter by, from all public events.
struct Choices
{
    std::vector<Choice> kinds;
    std::vector<Choice> cities;
    std::vector<Choice> languages;
    std::vector<Choice> projects;
};
Choices choices_from(std::vector<EventPtr> const& events, std::string_view language);

struct ListView
{
    html::Surroundings in;
    Filter filter;
    std::vector<EventPtr> events; // what matches, in the order to show
    Choices choices;
};
std::string render_list_page(ListView const& view);
void add_filter(html::Html& html, ListView const& view);

// ── One event ──
struct EventView
{
    html::Surroundings in;
    Event const& event;
    // The form with everything in it; empty where nobody can register now.
    html::SafeHtml form;
};
std::string render_event_page(EventView const& view);

// Title, description, search engines' data, modules: the same for the event's page and the form alone.
html::Head event_head(html::Surroundings const& in, Event const& event, std::string_view step);
// The hooks on <main>.
std::vector<html::Attr> event_main(Event const& event, Instant now);
boost::json::object json_ld(html::Surroundings const& in, Event const& event);

// Parts of the page, in its order.
void add_banner(html::Html& html, html::Surroundings const& in, Event const& event);
void add_registration_card(html::Html& html, EventView const& view);
void add_programme(html::Html& html, html::Surroundings const& in, Event const& event);
void add_speakers(html::Html& html, html::Surroundings const& in, Event const& event);
void add_practical(html::Html& html, html::Surroundings const& in, Event const& event);
void add_calendar_links(html::Html& html, html::Surroundings const& in, Event const& event);
void add_organisers(html::Html& html, html::Surroundings const& in, Event const& event);

html::Url event_url(std::string_view language, Event const& event);
html::Url calendar_url(Event const& event, std::string_view language);

}
