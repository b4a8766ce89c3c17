#include "events/event.h"

#include "base/messages.h"
#include "events/form_json.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::events
{
namespace
{

constexpr std::array<std::string_view, 3> not_yet_public = {"idea", "draft", "in_review"};

std::string joined(PersonName const& name)
{
    if (name.family.empty() || name.given.empty())
        return name.family + name.given;
    return name.given + " " + name.family;
}

RegistrationState state_of_seats(Event const& event)
{
    auto const& seats = event.seats;
    bool const free = !seats.capacity || (seats.free.value_or(0) > 0 && seats.waitlisted == 0);
    if (free)
        return RegistrationState::open;
    return event.form->waitlist ? RegistrationState::waitlist : RegistrationState::full;
}

boost::json::array strings(std::vector<std::string> const& values)
{
    boost::json::array array;
    for (auto const& value : values)
        array.emplace_back(value);
    return array;
}

boost::json::array speakers_json(Session const& session)
{
    boost::json::array speakers;
    for (auto const& person : session.speakers) {
        boost::json::object speaker{{"id", person.id}, {"name", display_name(person, "en")}};
        if (person.cyrillic)
            speaker["name_cyrillic"] = display_name(person, "ru");
        speaker["organisation"] = to_plain(person.organisation);
        speakers.push_back(std::move(speaker));
    }
    return speakers;
}

std::string_view state_name(RegistrationState state)
{
    constexpr std::array<std::string_view, 9> names = {
        "none", "not-open-yet", "open", "waitlist", "full", "closed", "cancelled", "postponed", "over"};
    return names.at(static_cast<std::size_t>(state) - 1);
}

// The form as anybody reads it, with how things stand. Without wall times: opens_at and closes_at say it.
boost::json::object form_json(Event const& event, Instant now)
{
    auto object = form_definition(*event.form, Reader::anyone);
    object["state"] = state_name(registration_state(event, now));
    for (auto const* name : {"opens_at", "closes_at", "offer_hours"}) {
        if (object.at(name).is_null())
            object.erase(name);
    }
    for (auto const* name : {"opens", "closes", "time_zone"})
        object.erase(name);
    return object;
}

boost::json::object venue_json(Venue const& venue)
{
    boost::json::object object{{"id", venue.id},
                               {"name", to_plain(venue.name)},
                               {"city", venue.city},
                               {"city_slug", venue.city_slug},
                               {"country", venue.country},
                               {"address", venue.address_latin},
                               {"time_zone", venue.time_zone}};
    if (venue.latitude && venue.longitude) {
        object["latitude"] = *venue.latitude;
        object["longitude"] = *venue.longitude;
    }
    return object;
}

}

std::string display_name(Person const& person, std::string_view language)
{
    bool const cyrillic_first = language == "ru" || language == "kk";
    if (cyrillic_first && person.cyrillic)
        return joined(*person.cyrillic);
    if (person.latin)
        return joined(*person.latin);
    return person.cyrillic ? joined(*person.cyrillic) : person.id;
}

bool is_public(Event const& event)
{
    return event.visibility == "public" &&
           std::ranges::find(not_yet_public, event.status) == not_yet_public.end();
}

RegistrationState registration_state(Event const& event, Instant now)
{
    if (event.status == "cancelled")
        return RegistrationState::cancelled;
    if (event.status == "postponed")
        return RegistrationState::postponed;
    if (event.span.ends.at <= now)
        return RegistrationState::over;
    if (!event.form)
        return RegistrationState::none;
    if (event.status != "published" && event.status != "rescheduled" && event.status != "running")
        return RegistrationState::closed;
    if (event.form->opens && now < event.form->opens->at)
        return RegistrationState::not_open_yet;
    if (event.form->closes && now >= event.form->closes->at)
        return RegistrationState::closed;
    return state_of_seats(event);
}

std::vector<OtherCityTime> other_city_times(Moment const& moment,
                                            std::vector<std::string> const& other_time_zones)
{
    std::vector<OtherCityTime> times;
    for (auto const& zone : other_time_zones) {
        if (!is_known_zone(zone) || zone == moment.time_zone)
            continue;
        auto const local = to_local(moment.at, zone);
        if (local != moment.local)
            times.push_back({zone, local});
    }
    return times;
}

std::string zone_city(std::string_view time_zone, std::string_view language)
{
    auto const key = fmt::format("zone.{}", time_zone);
    if (has_message(language, key))
        return message(language, key);
    auto city = std::string(time_zone.substr(time_zone.rfind('/') + 1));
    std::ranges::replace(city, '_', ' ');
    return city;
}

boost::json::object to_json(Seats const& seats)
{
    boost::json::object object{{"capacity", nullptr},
                               {"confirmed", seats.confirmed},
                               {"waitlisted", seats.waitlisted},
                               {"free", nullptr}};
    if (seats.capacity)
        object["capacity"] = *seats.capacity;
    if (seats.free)
        object["free"] = *seats.free;
    return object;
}

boost::json::object to_json(Session const& session)
{
    boost::json::object object{
        {"id", session.id},
        {"version", session.version},
        {"kind", session.kind},
        {"title", to_plain(session.title)},
        {"starts_at", format_rfc3339(session.span.starts.at, session.span.starts.time_zone)},
        {"ends_at", format_rfc3339(session.span.ends.at, session.span.ends.time_zone)},
        {"time_zone", session.span.starts.time_zone},
        {"room", nullptr},
        {"speakers", speakers_json(session)},
        {"language", nullptr},
        {"interpretation", strings(session.interpretation)},
        {"status", session.status}};
    if (session.room)
        object["room"] = {{"id", session.room->id}, {"name", to_plain(session.room->name)}};
    if (!session.language.empty())
        object["language"] = session.language;
    if (session.sign_up && session.capacity) {
        object["capacity"] = *session.capacity;
        object["free"] = session.free.value_or(0);
    }
    if (session.sign_up)
        object["sign_up"] = true;
    return object;
}

boost::json::object agenda_json(Event const& event)
{
    boost::json::array sessions;
    for (auto const& session : event.sessions)
        sessions.push_back(to_json(session));
    return {{"version", event.agenda_version}, {"sessions", std::move(sessions)}};
}

boost::json::object snapshot_json(Event const& event)
{
    return {{"event", event.slug},
            {"version", event.version},
            {"status", event.status},
            {"seats", to_json(event.seats)},
            {"agenda", agenda_json(event)}};
}

boost::json::object item_json(Event const& event)
{
    boost::json::object item{{"id", event.id},
                             {"slug", event.slug},
                             {"kind", event.kind},
                             {"status", event.status},
                             {"title", to_plain(event.title)},
                             {"starts_at", format_rfc3339(event.span.starts.at, event.span.starts.time_zone)},
                             {"ends_at", format_rfc3339(event.span.ends.at, event.span.ends.time_zone)},
                             {"time_zone", event.span.starts.time_zone},
                             {"city", nullptr},
                             {"seats", to_json(event.seats)}};
    if (event.venue)
        item["city"] = event.venue->city_slug;
    return item;
}

boost::json::object detail_json(Event const& event, Instant now)
{
    auto detail = item_json(event);
    detail["version"] = event.version;
    detail["description"] = to_plain(event.description);
    detail["other_time_zones"] = strings(event.other_time_zones);
    detail["floor_languages"] = strings(event.floor_languages);
    detail["interpretation"] = strings(event.interpretation_languages);
    if (event.venue)
        detail["venue"] = venue_json(*event.venue);
    if (event.project) {
        detail["project"] = {{"id", event.project->id},
                             {"acronym", event.project->acronym},
                             {"number", event.project->number},
                             {"title", to_plain(event.project->title)},
                             {"funding_statement", to_plain(event.project->programme.funding_statement)}};
    }
    if (event.form)
        detail["registration"] = form_json(event, now);
    if (!event.cancel_reason.empty())
        detail["cancel_reason"] = to_plain(event.cancel_reason);
    detail["agenda"] = agenda_json(event);
    return detail;
}

}
