// What an organiser may make of a form: read from the definition's own JSON (events/form_json.h), judged
// before anything is stored. Every mistake at once, by path: "questions.3.visible_if.question". Pure.
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

constexpr std::size_t question_limit = 100;
// Answers about health and the like are kept no longer than this after the event where nothing is said.
constexpr std::int64_t special_category_days = 30;

struct FormEdit
{
    events::RegistrationForm form; // as it would be
    bool archive = false;          // questions with answers may go: they are kept as no longer asked
};

// `sent` is laid over the form as it stands: absent members stay. Members that only the server says (version,
// opens_at, archived …) are passed over, so that what was read may be sent back.
Result<FormEdit> edited_form(json::object const& sent, events::RegistrationForm const& present);

// What is wrong with questions as a whole: keys, options, bounds, conditions.
std::vector<FieldError> check_questions(std::vector<events::Question> const& questions);

// What answers that exist forbid: removing a question without `archive`, turning one into another type.
// `answered` are the keys that have answers. On the way, questions get the versions in which they came and
// went.
std::vector<FieldError> settle_with_answers(FormEdit& edit, events::RegistrationForm const& present,
                                            std::set<std::string> const& answered);

// A condition as import and API know it, for whom it has the same flaws.
struct Condition
{
    std::string_view key;
    std::string_view depends_on; // empty: always asked
};
enum class ConditionFlaw
{
    none = 1,
    unknown, // depends on no question of this form
    circle   // depends, directly or not, on itself
};
// One for each condition, in their order.
std::vector<ConditionFlaw> condition_flaws(std::vector<Condition> const& conditions);

// For how many days after the event's end answers are kept; null: as long as the registration.
std::optional<std::int64_t> days_kept(events::Question const& question);

}
