// Fields of forms: label, hint and error belong together and are told to assistive programs as such; all
// errors of a form stand once more at its top, as links to their fields.
#pragma once

#include "base/problem.h"
#include "html/html.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::html
{

// What has been entered, by the names of the fields; shown again when a form comes back.
class Values
{
public:
    Values() = default;
    explicit Values(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {}

    std::string_view first(std::string_view name) const; // "" when absent
    bool has(std::string_view name, std::string_view value) const;
    bool has_any(std::string_view name) const;
    std::vector<std::pair<std::string, std::string>> const& pairs() const { return pairs_; }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// A form while it is written: the reader's language, what was entered, what was wrong with it.
struct FormState
{
    std::string language;
    Values values;
    std::vector<FieldError> errors;

    std::vector<std::string> errors_of(std::string_view field) const; // in words
};

struct Option
{
    std::string value;
    std::string label;
    std::string lang; // of the label, when not the reader's
    std::string note; // beside the label
    bool is_disabled = false;
};

struct Field
{
    std::string name; // as in the contract: "answers.size"
    std::string label;
    std::string label_lang; // when not the reader's
    std::string hint;
    std::string hint_lang;       // when not the reader's
    std::string note;            // a second hint
    bool required = false;       // says so beside the label if not, and marks it for the browser
    bool native_required = true; // false: required only under a condition that the browser does not know
    std::string autocomplete;
    std::string inputmode;
    std::string type = "text";
    std::int64_t maxlength = 0;
    std::string min; // of a date
    std::string max;
    std::string missing; // words when empty
    std::string invalid; // words when malformed
};

void add_input(Html& html, FormState const& form, Field const& field);
// A file to send. `sent` is what was sent before: its id goes along again, its words are shown.
struct SentBefore
{
    std::string id;
    std::string words;
};
void add_file(Html& html, FormState const& form, Field const& field, std::string_view accept,
              SentBefore const& sent);
void add_textarea(Html& html, FormState const& form, Field const& field);
void add_select(Html& html, FormState const& form, Field const& field, std::vector<Option> const& options);
// One box that means yes.
void add_checkbox(Html& html, FormState const& form, Field const& field);
// A group in a fieldset; radios or, with several, checkboxes.
void add_choices(Html& html, FormState const& form, Field const& field, std::vector<Option> const& options,
                 bool several);
void add_hidden(Html& html, std::string_view name, std::string_view value);

// The box at the top: present always, hidden when nothing is wrong, so that the browser's module can fill it.
// Entries read "label: error"; `label_of` gives a field's label or "". `notes` are about the form as a whole.
void add_error_summary(Html& html, FormState const& form,
                       std::function<std::string(std::string_view field)> const& label_of,
                       std::vector<std::string> const& notes = {});

// "answers.size" → "field-answers-size".
std::string field_id(std::string_view name);

}
