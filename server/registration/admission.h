// Ways in: who may come by which door, and what organisers say about it. Pure. The database decides about
// seats and codes (schema: admission_gate, deed_decide).
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"
#include "registration/seats.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

// What an organiser decides about somebody who waits for approval.
struct Verdict
{
    Decision decision;
    bool or_waitlist = false; // when there is no seat: the waiting list instead
};

constexpr std::size_t most_decisions = 500;
constexpr std::size_t reason_limit = 1000;

// {"items": [{"registration", "to", "reason"?, "template"?, "notify"?, "if_full"?}]}. `reason` is a text or
// one for each language, `template` one of reason_templates(); own words win over the template's. All
// mistakes at once.
Result<std::vector<Verdict>> decode_verdicts(json::object const& object);

// Reasons ready to choose, in all languages: not_target, too_many, incomplete, late.
std::vector<std::string> const& reason_templates();
Text reason_of(std::string_view reason_template, Text const& own_words);

struct Decided
{
    std::string registration;
    std::string outcome; // done, or the name of the problem: full, conflict, gone, not-found, overloaded
    std::string status;  // of the registration now; empty: unknown
};
json::object to_json(std::vector<Decided> const& results);

// A refusal as the guest hears it: when registration opens or closed, in the event's city and the other;
// which field a code that does not work is in.
Problem explained(Problem problem, events::Event const& event, std::string_view language);

}
