// The nouns of an event as the public, the feeds and the organisers' screens read them: immutable values,
// loaded from the database as a whole and replaced as a whole when the event changes (events/catalogue.h).
// Pure rules beside them. Times: LocalTime is what the clock on the wall shows in time_zone; the Instant
// beside it is derived from it.
#pragma once

#include "base/clock.h"
#include "base/local_time.h"
#include "base/text.h"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::events
{

// A wall time in a zone and its instant.
struct Moment
{
    LocalTime local;
    std::string time_zone;
    Instant at;
};

struct Span
{
    Moment starts;
    Moment ends;
};

struct Programme
{
    std::string id;
    Text name;
    Text funding_statement;
};

struct Project
{
    std::string id; // also its slug in /calendar/projects/SLUG.ics
    std::string acronym;
    std::string number;
    Text title;
    Text summary;
    Programme programme;
};

struct Venue
{
    std::string id;
    Text name;
    std::string city;      // as in the file: "Joensuu"
    std::string city_slug; // "joensuu"
    std::string country;   // "FI"
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string time_zone;
    std::string address_latin;
    std::string address_cyrillic;
};

struct Room
{
    std::string id;
    Text name;
    std::optional<std::int64_t> capacity;
    bool accessible = false;
    bool induction_loop = false;
};

// A name in one script, in its natural order for display.
struct PersonName
{
    std::string family;
    std::string given;
    std::string additional; // patronymic
};

struct Person
{
    std::string id;
    std::optional<PersonName> latin;
    std::optional<PersonName> cyrillic;
    Text organisation;
};

// "Светлана Щербинина" for readers of Russian when the person has a Cyrillic name, else the Latin one, else
// what is there.
std::string display_name(Person const& person, std::string_view language);

struct Session
{
    std::string id;
    std::int64_t version = 1;
    std::string kind;   // "talk", "break", …
    std::string status; // draft, confirmed, cancelled, removed
    Text title;
    Span span;
    std::optional<Room> room;
    std::vector<Person> speakers;
    std::string language; // floor language; empty: not said
    std::vector<std::string> interpretation;
    std::string track;
    std::string linked_city; // the other city of a live link
    bool sign_up = false;
    std::optional<std::int64_t> capacity;
    std::optional<std::int64_t> free; // seats left, for sign_up with a capacity
    std::int64_t calendar_sequence = 0;
    Instant calendar_modified;
    Instant created_at;
};

struct QuestionOption
{
    std::string value;
    Text label;
};

struct Question
{
    std::string key;
    std::string type; // text, long_text, number, choice, multi_choice, boolean, date, country, email, phone,
                      // file, consent
    Text label;
    bool required = false;
    std::vector<QuestionOption> options;
    std::string visible_if_question;               // empty: always asked
    std::vector<boost::json::value> visible_if_in; // asked only if the other answer is one of these
    bool special_category = false;
    Text help;
    std::string purpose;                        // what the answer is for; organisers read it
    std::optional<std::int64_t> retention_days; // after the event's end; then the answers are deleted
    // Integers: the value of a number, the characters of a text, how many choices. Days: of a date. Null: no
    // bound.
    boost::json::value min;
    boost::json::value max;
    std::int64_t step = 1; // 2: asked on the registration's own page afterwards
    std::int64_t added_in_version = 1;
    std::optional<std::int64_t> archived_in_version; // no longer asked; its answers are still shown
};

// Seats for one kind of participant or one way of attending, inside the event's capacity.
struct SeatPool
{
    std::string key;
    std::string by; // participant_type, attendance
    Text label;
    std::optional<std::int64_t> capacity; // null: only the event's own
    std::optional<std::int64_t> free;
};

struct RegistrationForm
{
    std::int64_t version = 1;
    std::optional<Moment> opens;
    std::optional<Moment> closes;
    std::string admission = "open"; // open, approval, invitation
    bool waitlist = false;
    std::optional<std::int64_t> offer_hours;
    std::vector<Question> questions;
    std::string time_zone;                  // of opens and closes
    std::string group_policy = "hold";      // hold, skip: a party that does not fit holds the queue or not
    std::string session_overlap = "refuse"; // refuse, warn
    bool hybrid = false;                    // asks whether one comes or follows from afar
    bool offer_working_hours = false;
    bool reminders = true;
    bool reapprove_on_edit = false;
    std::vector<SeatPool> pools;
    std::vector<Question> archived; // have answers, are no longer asked
};

struct Seats
{
    std::optional<std::int64_t> capacity; // null: as many as come
    std::int64_t confirmed = 0;           // people with a seat, companions included
    std::int64_t waitlisted = 0;          // parties on the waiting list
    std::optional<std::int64_t> free;
};

struct LinkedEvent
{
    std::string slug;
    Text title;
};

struct Event
{
    std::int64_t event_id = 0; // the key inside; never shown
    std::string id;
    std::string slug;
    std::string kind; // seminar, press-conference, study-trip, workshop
    std::string status;
    std::string visibility;
    Text title;
    Text description;
    Span span;
    std::vector<std::string> other_time_zones;
    std::optional<Instant> embargo_until;
    Text cancel_reason;
    std::shared_ptr<Project const> project;
    std::optional<Venue> venue;
    std::optional<Room> room;
    std::vector<LinkedEvent> pair; // the same activity in the other city
    std::vector<std::string> floor_languages;
    std::vector<std::string> interpretation_languages;
    std::vector<Session> sessions; // by start; removed ones and drafts are left out
    std::vector<Session> drafts;   // what organisers have not published; in nothing that is public
    std::optional<RegistrationForm> form;
    Seats seats;
    std::int64_t version = 1;
    std::int64_t agenda_version = 1;
    std::int64_t calendar_sequence = 0;
    Instant calendar_modified;
    Instant created_at;
};

// In public lists, pages and feeds: public and past the drafts.
bool is_public(Event const& event);

enum class RegistrationState
{
    none = 1,     // nobody can register here
    not_open_yet, // opens later
    open,         // seats are free
    waitlist,     // full, with a queue
    full,         // full, without one
    closed,       // the deadline has passed
    cancelled,
    postponed,
    over // the event has ended
};
RegistrationState registration_state(Event const& event, Instant now);

// Deadlines and starts as words need them: the same instant on another city's wall, only where it differs.
struct OtherCityTime
{
    std::string time_zone;
    LocalTime local;
};
std::vector<OtherCityTime> other_city_times(Moment const& moment,
                                            std::vector<std::string> const& other_time_zones);

// "Europe/Helsinki" → the message key of the city people know: "zone.Europe/Helsinki" when the catalogue has
// one.
std::string zone_city(std::string_view time_zone, std::string_view language);

// ── The wire's forms (contract §6, §7) ──
boost::json::object to_json(Seats const& seats);
boost::json::object to_json(Session const& session);
boost::json::object agenda_json(Event const& event);
// Snapshot of event.watch: {"event","version","status","seats","agenda"}.
boost::json::object snapshot_json(Event const& event);
// An item of GET /api/v1/events.
boost::json::object item_json(Event const& event);
// GET /api/v1/events/SLUG: the item plus description, venue, form with questions, agenda.
boost::json::object detail_json(Event const& event, Instant now);

}
