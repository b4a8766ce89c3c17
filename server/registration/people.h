// The people of an event as its organisers work with them: who they are, how a list of them is narrowed and
// sorted, what of it somebody may see. Pure; the same words in the address of the page, in the API and in
// bulk deeds: status=confirmed&status=pending&answer.size=micro&q=щерб&sort=-name.
#pragma once

#include "accounts/accounts.h"
#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"
#include "net/http.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

// What somebody may see and do. Names and status are the least; an event of which they may not even see that
// does not exist for them.
struct Sight
{
    bool people = false;   // names and status
    bool contacts = false; // everything else, to take away too
    bool manage = false;   // change it
};
Sight sight_of(accounts::Actor const& actor, events::Event const& event);

struct Person
{
    std::string id;
    std::int64_t arrival = 0;
    std::string name;
    std::optional<std::string> name_other_script;
    std::optional<std::string> email;
    std::string language;
    std::optional<std::string> organisation;
    std::string status;
    std::optional<std::int64_t> position; // in the queue
    std::string role;
    std::optional<std::string> participant_type;
    std::string source;
    std::optional<std::string> attendance;
    std::int64_t seats = 1; // with companions
    json::array companions; // {"name", "email"?}
    json::array sessions;   // {"id", "status"}
    json::object answers;
    std::vector<std::string> tags;
    std::optional<std::string> note;
    std::optional<Instant> offer_expires_at;
    Instant created_at;
    Instant changed_at;
    std::int64_t version = 1;
    std::string sort_value; // what the list is sorted by, for the cursor
};
BOOST_DESCRIBE_STRUCT(Person, (),
                      (id, arrival, name, name_other_script, email, language, organisation, status, position,
                       role, participant_type, source, attendance, seats, companions, sessions, answers, tags,
                       note, offer_expires_at, created_at, changed_at, version, sort_value))

// Answers of a special category are masked unless they were asked for by name.
struct Shown
{
    Sight sight;
    std::set<std::string, std::less<>> revealed; // keys of questions
};
json::object to_json(Person const& person, events::Event const& event, Shown const& shown);
bool is_masked(events::Question const& question, Shown const& shown);

// What a list is narrowed by: each thing with its accepted values, "" for none. Things: `facets()` and
// answer.KEY.
struct PeopleFilter
{
    std::string q;
    std::map<std::string, std::vector<std::string>, std::less<>> choices;

    bool has(std::string_view thing, std::string_view value) const;
    bool is_empty() const { return q.empty() && choices.empty(); }
    friend bool operator==(PeopleFilter const&, PeopleFilter const&) = default;
};
// status, role, participant_type, source, attendance, language, organisation, tag, session.
std::vector<std::string_view> const& facets();
// As people_matching() of the schema reads it.
json::object to_question(PeopleFilter const& filter, bool everywhere);
// As it stands in an address.
std::vector<std::pair<std::string, std::string>> pairs_of(PeopleFilter const& filter);

struct Cursor
{
    std::string value;
    std::int64_t arrival = 0;
};

struct PeopleQuery
{
    PeopleFilter filter;
    std::string sort = "arrival"; // arrival, name, organisation, status, changed
    bool descending = true;
    std::string language; // whose alphabet names are sorted by
    std::int64_t limit = 100;
    std::optional<Cursor> cursor;
    std::set<std::string, std::less<>> reveal;
};
constexpr std::int64_t most_people = 500; // on a page

// Unknown names are errors except those in `others`, which belong to the caller.
Result<PeopleQuery> read_people_query(net::Fields const& fields, events::Event const& event,
                                      Sight const& sight, std::string_view language,
                                      std::set<std::string_view> const& others = {});
// The members of a JSON object as the same pairs: {"status": ["confirmed"], "answer.size": ["micro"], "q":
// "…"}.
Result<net::Fields> fields_of(json::object const& object, std::string_view path);
std::string sort_words(PeopleQuery const& query); // "-name"
std::string cursor_after(PeopleQuery const& query, Person const& last);

struct FacetCount
{
    std::string facet;
    std::string value;
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(FacetCount, (), (facet, value, count))

struct PeopleList
{
    std::vector<Person> people;
    std::optional<std::string> next;
    std::int64_t total = 0; // that match
    std::int64_t all = 0;   // of the event
    std::vector<FacetCount> facets;
    std::int64_t version = 0; // of the event, not newer than the list
};

// What has happened to one registration, oldest first.
struct Happening
{
    std::string kind;   // registered, edited, looked, mail, cancelled
    std::string detail; // source, fields, question, kind of mail
    std::string state;  // of a mail
    std::string actor;  // name of a user, else what acted
    Instant at;
};
BOOST_DESCRIBE_STRUCT(Happening, (), (kind, detail, state, actor, at))

struct PersonFile
{
    Person person;
    std::vector<Happening> timeline;
};

// What an organiser changes on a registration; absent: left as it is.
struct PersonEdit
{
    std::optional<std::string> name;
    std::optional<std::string> name_other_script; // empty: none
    std::optional<std::string> organisation;
    std::optional<std::string> email;
    std::optional<std::string> language;
    std::optional<json::object> answers; // all of them
    std::optional<std::vector<std::string>> tags;
    std::optional<std::string> note;

    std::vector<std::string> fields() const; // the names of what is changed
};
Result<PersonEdit> decode_person_edit(json::object const& object, events::Event const& event);
// Trimmed, without doubles, sorted; an error message or "".
std::string tidy_tags(std::vector<std::string>& tags);

}
