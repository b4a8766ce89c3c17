// The nouns and rules of registration: what somebody sends in, what is answered. Pure; the desk (desk.h)
// decides seats in the database. One vocabulary for socket, HTTP and form (contract §5).
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"
#include "registration/answer_rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

struct Companion
{
    std::string name;
    std::optional<std::string> email;
};

struct Submission
{
    std::string submission_id; // UUID, lower case
    std::string event;         // slug
    std::string name;
    std::string email;
    std::string language;
    std::optional<std::string> organisation;
    std::optional<std::string> name_other_script;
    std::optional<std::string> attendance;       // on_site, remote
    std::optional<std::string> participant_type; // key of a pool of the form
    json::object answers;
    std::vector<std::string> sessions;
    std::vector<Companion> companions;
    std::optional<std::string> invitation;
    // form; import, walk_in, organiser: entered by those who run the event, to whom its opening, closing and
    // way in do not apply. Guests cannot say it.
    std::string source = "form";

    std::int64_t seats() const { return 1 + static_cast<std::int64_t>(companions.size()); }
};

struct SessionChoice
{
    std::string id;
    std::string status; // confirmed, waitlisted
};

// What is answered, on every door.
struct Receipt
{
    std::string token;
    std::string status; // confirmed, waitlisted, pending, offered, cancelled, declined
    std::optional<std::int64_t> position;
    std::string event; // slug
    events::Seats seats;
    std::vector<SessionChoice> sessions;
    std::vector<std::string> warnings; // what the guest may want to look at again: sessions_overlap
    bool seen_before = false;          // the same submission id with the same contents
    std::int64_t event_version = 0;    // at which the event shows it
};
json::object to_json(Receipt const& receipt);

// A registration as its owner sees it.
struct Registration
{
    Receipt receipt;
    std::string name;
    std::string email;
    std::string language;
    std::optional<std::string> organisation;
    std::optional<std::string> name_other_script;
    std::optional<std::string> attendance;
    std::optional<std::string> participant_type;
    json::object answers;
    std::vector<Companion> companions;
    std::optional<Instant> offer_expires_at;
    std::int64_t version = 1;
};
json::object to_json(Registration const& registration);

// What the owner may change afterwards; absent: left as it is.
struct Change
{
    std::optional<std::string> name;
    std::optional<std::string> name_other_script;
    std::optional<std::string> organisation;
    std::optional<std::string> language;
    std::optional<std::string> attendance;
    std::optional<std::string> participant_type;
    std::optional<json::object> answers;
    std::optional<std::vector<std::string>> sessions;
};

// Reads the members of section 5. `page_language` is used when none is given; a missing submission_id is an
// error only where `id_required`. All mistakes at once; text is tidied (NFC, blanks).
Result<Submission> decode_submission(json::object const& object, std::string_view page_language,
                                     bool id_required);
// What could be read, with the mistakes beside it: whoever checks more can report everything at once.
Submission decode_submission(json::object const& object, std::string_view page_language, bool id_required,
                             std::vector<FieldError>& errors);
// The same from the form of section 3: answers.KEY, sessions (repeated), companions.N.name,
// companions.N.email.
json::object object_from_form(std::vector<std::pair<std::string, std::string>> const& fields,
                              events::Event const& event);
// The same for a whole submission, with whatever else was sent: unknown fields are refused as at other doors.
json::object submission_from_form(std::vector<std::pair<std::string, std::string>> const& fields,
                                  events::Event const& event);
Result<Change> decode_change(json::object const& object);

// Checks against the event's form: questions, sessions that can be chosen, attendance. Removes answers of
// questions that are not asked. A BOOLEAN question without an answer counts as "no", as an unticked box in a
// form does.
std::vector<FieldError> check(Submission& submission, events::Event const& event);

void check_sessions(std::vector<std::string> const& ids, events::Event const& event,
                    std::vector<FieldError>& errors);
// Where the form has pools of participants, everybody is of one of them; elsewhere nobody is.
void check_participant_type(std::optional<std::string> const& type, events::Event const& event,
                            std::vector<FieldError>& errors);
// Sessions at the same time, where the event lets them be chosen: for Receipt::warnings.
std::vector<std::string> warnings_of(std::vector<std::string> const& session_ids, events::Event const& event);

// Two submissions with one id are the same exactly when these bytes are equal.
std::string canonical_contents(Submission const& submission);

}
