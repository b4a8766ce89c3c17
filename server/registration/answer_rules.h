// Which questions are asked and which answers fit: the rules behind every door. The browser follows the same
// ones (client-web/public/form_rules.ts); tests/forms/cases.json holds both to them.
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct Wrong
{
    std::string message;
    Arguments arguments;
};

// Null when the answer fits; text is tidied on the way. Whether a file exists is not asked here.
std::optional<Wrong> wrong_answer(events::Question const& question, json::value& value);
// Nothing said: null, blank text, an empty list.
bool is_blank(json::value const& value);
// "file-" and 32 hex digits: how the answer to a file question names its file.
bool is_file_id(std::string_view text);

events::Question const* find_question(std::vector<events::Question> const& questions, std::string_view key);
// Which questions are asked, given these answers: the one it depends on is asked, and its answer (any of its
// answers) is listed. A box without an answer counts as unticked.
bool is_asked(events::Question const& question, events::RegistrationForm const& form,
              json::object const& answers);

// The answers of a registration when it arrives. Removes answers of questions that are not asked. Questions
// of the second step may be answered now but are never missing.
std::vector<FieldError> check_answers(json::object& answers, events::Event const& event);

// What the owner changes afterwards: `wanted` becomes all answers there will be. Answers of the first step
// are replaced as a whole; those of the second step, and of questions that are no longer asked, stay unless
// they are named (null empties one). What stands as it stood is not judged again: the form may have changed
// meanwhile.
std::vector<FieldError> check_changed_answers(json::object& wanted, json::object const& present,
                                              events::Event const& event);

// Two chosen sessions that are at the same time.
bool overlap(std::vector<std::string> const& session_ids, events::Event const& event);

}
