// The event for search engines, in schema.org's words.
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace kutsu::events
{
namespace
{

namespace json = boost::json;
using html::Url;

std::string_view status_of(Event const& event)
{
    if (event.status == "cancelled")
        return "https://schema.org/EventCancelled";
    if (event.status == "postponed")
        return "https://schema.org/EventPostponed";
    if (event.status == "rescheduled")
        return "https://schema.org/EventRescheduled";
    return "https://schema.org/EventScheduled";
}

json::object place(std::string_view language, Venue const& venue)
{
    json::object address{{"@type", "PostalAddress"},
                         {"streetAddress", address_words(language, venue)},
                         {"addressLocality", city_words(language, venue.city, venue.city_slug)},
                         {"addressCountry", venue.country}};
    json::object object{{"@type", "Place"},
                        {"name", html::shown(venue.name, language).words},
                        {"address", std::move(address)}};
    if (venue.latitude && venue.longitude)
        object["geo"] = {
            {"@type", "GeoCoordinates"}, {"latitude", *venue.latitude}, {"longitude", *venue.longitude}};
    return object;
}

std::string_view availability(RegistrationState state)
{
    switch (state) {
    case RegistrationState::open:
        return "https://schema.org/InStock";
    case RegistrationState::waitlist:
        return "https://schema.org/BackOrder";
    case RegistrationState::not_open_yet:
        return "https://schema.org/PreOrder";
    default:
        return "https://schema.org/SoldOut";
    }
}

json::object offer(html::Surroundings const& in, Event const& event)
{
    auto const& form = *event.form;
    json::object object{{"@type", "Offer"},
                        {"availability", availability(registration_state(event, in.now))},
                        {"url", Url::absolute(in.base_url, event_url(in.language, event)).text()}};
    if (form.opens)
        object["validFrom"] = rfc3339(*form.opens);
    if (form.closes)
        object["availabilityEnds"] = rfc3339(*form.closes);
    return object;
}

json::array performers(std::string_view language, Event const& event)
{
    json::array people;
    for (auto const& session : event.sessions) {
        if (session.status == "draft")
            continue;
        for (auto const& person : session.speakers) {
            json::object one{{"@type", "Person"}, {"name", display_name(person, language)}};
            if (std::ranges::find(people, json::value(one)) == people.end())
                people.push_back(std::move(one));
        }
    }
    return people;
}

json::array strings(std::vector<std::string> const& values)
{
    json::array array;
    for (auto const& value : values)
        array.emplace_back(value);
    return array;
}

}

json::object json_ld(html::Surroundings const& in, Event const& event)
{
    auto const& language = in.language;
    auto const url = Url::absolute(in.base_url, event_url(language, event)).text();
    json::object object{{"@context", "https://schema.org"},
                        {"@type", "Event"},
                        {"@id", url},
                        {"url", url},
                        {"name", html::shown(event.title, language).words},
                        {"startDate", rfc3339(event.span.starts)},
                        {"endDate", rfc3339(event.span.ends)},
                        {"eventStatus", status_of(event)},
                        {"eventAttendanceMode", "https://schema.org/OfflineEventAttendanceMode"}};
    if (!event.description.empty())
        object["description"] = html::shown(event.description, language).words;
    if (event.venue)
        object["location"] = place(language, *event.venue);
    if (event.project)
        object["organizer"] = {{"@type", "Organization"}, {"name", event.project->acronym}};
    if (event.form)
        object["offers"] = offer(in, event);
    if (!event.floor_languages.empty())
        object["inLanguage"] = strings(event.floor_languages);
    if (auto people = performers(language, event); !people.empty())
        object["performer"] = std::move(people);
    if (event.seats.capacity)
        object["maximumAttendeeCapacity"] = *event.seats.capacity;
    return object;
}

}
