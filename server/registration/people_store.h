// SQL of the people of an event (schema: people_matching and the tables beside it).
#pragma once

#include "db/reader.h"
#include "registration/people.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

// Foldings of those who have none, or whose words have changed; gives how many were made.
std::int64_t fold_new_people(db::Transaction& transaction, std::int64_t event_id);

// One more than `query.limit` when there are more.
std::vector<Person> list_people(db::Reader& reader, std::int64_t event_id, PeopleQuery const& query,
                                bool everywhere);
// For each thing the values of those who miss nothing but that thing; "total" and "all" are two more.
// `choices`: keys of questions with few answers; `others`: whose answers are only told from none.
std::vector<FacetCount> count_facets(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                                     std::vector<std::string> const& choices,
                                     std::vector<std::string> const& others, bool everywhere);
std::int64_t count_people(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                          bool everywhere);
// Public ids, by arrival.
std::vector<std::string> matching_ids(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                                      bool everywhere);
std::optional<Person> find_person(db::Reader& reader, std::int64_t event_id, std::string const& id);
// Those that changed at `since` or later, the newest first: for who watches.
std::vector<Person> changed_people(db::Reader& reader, std::int64_t event_id, Instant since,
                                   std::int64_t limit);
std::vector<Happening> timeline(db::Reader& reader, std::int64_t event_id, std::string const& id);
// The public id of who is registered with this address now.
std::optional<std::string> id_of_email(db::Reader& reader, std::int64_t event_id, std::string const& email);
// The public id of what came in under this submission id, unless it only looks like a registration.
std::optional<std::string> id_of_submission(db::Reader& reader, std::string const& submission_id);
// Whoever was erased stays nobody.
bool is_erased(db::Reader& reader, std::int64_t event_id, std::string const& id);
std::int64_t event_version(db::Reader& reader, std::int64_t event_id);

struct Looked
{
    std::int64_t event_id = 0;
    std::optional<std::string> id; // nothing: everybody in a list
    std::string what;
    std::string actor;
    Instant at;
};
void note_look(db::Transaction& transaction, Looked const& looked);

// ── Importing ──
// Addresses in small letters of those who are registered.
std::vector<std::string> registered_emails(db::Reader& reader, std::int64_t event_id);
// Those of these submission ids that have come in.
std::vector<std::string> known_submissions(db::Reader& reader, std::vector<std::string> const& ids);
struct ImportList
{
    std::string people_import_id;
    std::int64_t event_id = 0;
    json::array rows;
    std::string actor;
    Instant at;
};
// Lists that are a day old go.
void keep_import(db::Transaction& transaction, ImportList const& list);
std::optional<json::array> find_import(db::Reader& reader, std::int64_t event_id, std::string const& id);

// ── Changing; the event's counter row is locked before anything else (schema/0002_desk.sql) ──
void lock_event(db::Transaction& transaction, std::int64_t event_id);

struct EditRow
{
    std::int64_t event_id = 0;
    std::string id;
    PersonEdit edit;
    std::int64_t form_version = 1;
    std::string actor;
    Instant at;
};
// Raises the version of the registration.
void edit_person(db::Transaction& transaction, EditRow const& row);
// How many had not (or had) the tag before.
std::int64_t tag_people(db::Transaction& transaction, EditRow const& row, std::vector<std::string> const& ids,
                        std::string const& tag, bool on);
// What the notification of a change of seats says (schema: seats_changes).
json::array seats_changes(db::Reader& reader, std::int64_t event_id);

}
