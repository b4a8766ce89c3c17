// The pieces of the organisers' page of a form: what it shows, and what its forms say.
#pragma once

#include "base/json.h"
#include "events/catalogue.h"
#include "html/forms.h"
#include "html/frame.h"
#include "net/http.h"
#include "registration/form_store.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

struct FormPage
{
    html::Surroundings in;
    events::EventPtr event;
    events::RegistrationForm form; // as it stands; version 0: there is none yet
    std::string preview;           // language
    html::FormState settings;
    std::optional<html::FormState> question; // the one being edited
    std::string editing;                     // its key; empty: a new one
    std::vector<store::FormVersion> versions;
    std::optional<json::object> old; // the version that is looked at
    std::string done;
    std::vector<std::string> notes;
};
void add_form_page(html::Html& html, FormPage const& page);

// ── What is missing ──
struct Untranslated
{
    std::string key;                    // of the question
    std::vector<std::string> languages; // of ours, in which some of its words are missing
};
std::vector<Untranslated> untranslated(events::RegistrationForm const& form,
                                       std::vector<std::string> const& languages);

// ── Forms and definitions ──
html::Values settings_values(events::RegistrationForm const& form);
html::Values question_values(events::Question const& question);
// What a form means, as members of the definition.
json::object settings_from(net::Fields const& fields);
json::object question_from(net::Fields const& fields, events::RegistrationForm const& present);
// The definition's questions with one of them put (in place of `before`, or last), moved or taken away.
json::array with_question(events::RegistrationForm const& form, std::string_view before,
                          json::object question);
json::array with_moved(events::RegistrationForm const& form, std::string_view key, bool up);
json::array without_question(events::RegistrationForm const& form, std::string_view key);
// The place of a question among them; after the last when it is new.
std::size_t place_of(events::RegistrationForm const& form, std::string_view key);
// Errors of the definition as errors of the form's fields: "questions.3.label.fi" → "label.fi".
std::vector<FieldError> errors_of_question(std::vector<FieldError> const& errors, std::size_t place);
std::vector<FieldError> errors_of_settings(std::vector<FieldError> const& errors);

}
