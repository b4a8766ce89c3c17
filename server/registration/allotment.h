// Seats kept for an organisation until a deadline: its contact fills them with names by a secret link, and
// may swap names until then. Pure; seats are decided under the event's counter (schema/0006_ways_in.sql).
#pragma once

#include "base/json.h"
#include "base/secret.h"
#include "events/event.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct Allotment
{
    std::int64_t allotment_id = 0;
    std::int64_t event_id = 0;
    std::string id;
    std::string organisation;
    std::string contact_name;
    std::string contact_email;
    std::string language;
    std::int64_t seats = 0;
    std::int64_t named = 0; // with a name
    std::string state;      // open, released, withdrawn
    LocalTime until_local;
    std::string time_zone;
    Instant until_at;
    std::int64_t version = 1;
    Instant created_at;
    std::optional<Instant> sent_at;
};
BOOST_DESCRIBE_STRUCT(Allotment, (),
                      (allotment_id, event_id, id, organisation, contact_name, contact_email, language, seats,
                       named, state, until_local, time_zone, until_at, version, created_at, sent_at))

std::string allotment_token(Key const& key, std::string_view id);
// "/fi/allotments/TOKEN"
std::string allotment_path(std::string_view language, std::string_view token);
events::Moment until_of(Allotment const& allotment);
// The contact may fill and swap names now.
bool can_be_filled(Allotment const& allotment, events::Event const& event, Instant now);
json::object to_json(Allotment const& allotment, Key const& key, std::string_view base_url);

// Somebody on one of its seats.
struct SeatedGuest
{
    std::string id;
    std::string name;
    std::string email;
    std::string language;
    std::string status; // duplicate reads as confirmed: the contact is not told who is registered already
};
BOOST_DESCRIBE_STRUCT(SeatedGuest, (), (id, name, email, language, status))
json::object to_json(SeatedGuest const& guest);

struct NewAllotment
{
    std::string organisation;
    std::string contact_name;
    std::string contact_email;
    std::string language;
    std::int64_t seats = 0;
    events::Moment until;
    bool send = false; // the link to the contact
};
constexpr std::int64_t most_seats = 1000;
// `until` is a local time in the event's zone, or the end of a day.
Result<NewAllotment> decode_allotment(json::object const& object, events::Event const& event,
                                      std::string_view language);

// Absent: left as it is.
struct AllotmentEdit
{
    std::optional<std::string> organisation;
    std::optional<std::string> contact_name;
    std::optional<std::string> contact_email;
    std::optional<std::string> language;
    std::optional<std::int64_t> seats;
    std::optional<events::Moment> until;
};
Result<AllotmentEdit> decode_allotment_edit(json::object const& object, events::Event const& event);

// A name for a seat.
struct GuestName
{
    std::string name;
    std::string email;
    std::string language;
};
Result<GuestName> decode_guest_name(json::object const& object, std::string_view language);

}
