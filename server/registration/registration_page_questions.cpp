// The organiser's own questions as fields of a form.
#include "base/messages.h"
#include "registration/countries.h"
#include "registration/registration_pages.h"
#include "registration/uploaded_file.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using events::Event;
using events::Question;
using html::attr;
using html::Field;
using html::FormState;
using html::Html;
using html::Option;
using html::Tag;

struct Kind
{
    std::string_view question;
    std::string_view input;
    std::string_view inputmode;
    std::string_view invalid; // message key
};

constexpr std::array kinds = {
    Kind{"number", "text", "numeric", "field.expected_number"},
    Kind{"date", "date", "", "field.date"},
    Kind{"email", "email", "email", "field.email"},
    Kind{"phone", "tel", "tel", "field.phone"},
};

// Words that help, as far as the question has some.
void put_help(Field& field, FormState const& form, Question const& question)
{
    auto const help = html::shown(question.help, form.language);
    if (!question.help.empty()) {
        field.hint = help.words;
        field.hint_lang = help.other_language;
    }
    if (question.special_category)
        field.note = message(form.language, "form.special_category");
    else if (question.type == "file")
        field.note = message(form.language, "form.file_kinds");
    else if (question.type == "multi_choice" && question.max.is_int64())
        field.note = message(form.language, "form.choose_at_most", {{"limit", question.max.get_int64()}});
}

Field field_of(FormState const& form, Question const& question)
{
    auto const label = html::shown(question.label, form.language);
    Field field;
    field.name = "answers." + question.key;
    field.label = label.words;
    field.label_lang = label.other_language;
    field.required = question.required;
    // The browser cannot know whether a question counts that depends on another.
    field.native_required = question.visible_if_question.empty() && question.type != "boolean";
    put_help(field, form, question);
    if (question.required)
        field.missing =
            message(form.language, question.type == "consent" ? "field.consent" : "field.missing");
    if (auto const* kind = std::ranges::find(kinds, std::string_view(question.type), &Kind::question);
        kind != kinds.end()) {
        field.type = kind->input;
        field.inputmode = kind->inputmode;
        field.invalid = message(form.language, kind->invalid);
    }
    if (question.type == "date") {
        field.min = question.min.is_string() ? std::string(question.min.get_string()) : "";
        field.max = question.max.is_string() ? std::string(question.max.get_string()) : "";
    }
    return field;
}

std::vector<Option> options_of(FormState const& form, Question const& question)
{
    std::vector<Option> options;
    for (auto const& option : question.options) {
        auto const label = html::shown(option.label, form.language);
        options.push_back({option.value, label.words, label.other_language, {}, false});
    }
    return options;
}

// A choice one need not make gets a list with an empty entry: radios cannot be taken back.
void add_choice(Html& html, FormState const& form, Question const& question)
{
    constexpr std::size_t few = 6;
    auto options = options_of(form, question);
    if (question.required && options.size() <= few)
        return html::add_choices(html, form, field_of(form, question), options, false);
    options.insert(options.begin(), Option{"", message(form.language, "form.choose"), {}, {}, false});
    html::add_select(html, form, field_of(form, question), options);
}

void add_country(Html& html, FormState const& form, Question const& question)
{
    std::vector<Option> options = {{"", message(form.language, "form.choose"), {}, {}, false}};
    for (auto const& country : countries(form.language))
        options.push_back({country.code, country.name, {}, {}, false});
    html::add_select(html, form, field_of(form, question), options);
}

// The words of the file that was sent before come along beside its id: name and size.
void add_file_question(Html& html, FormState const& form, Question const& question)
{
    auto const field = field_of(form, question);
    html::SentBefore sent;
    if (auto const id = form.values.first(field.name); is_file_id(id)) {
        sent.id = id;
        auto const name = form.values.first("file-name." + sent.id);
        sent.words = name.empty()
                         ? message(form.language, "form.file_sent")
                         : message(form.language, "form.file_sent_name", {{"name", std::string(name)}});
    }
    html::add_file(html, form, field, accepted_files(), sent);
}

void add_question(Html& html, FormState const& form, Question const& question)
{
    auto const field = field_of(form, question);
    if (question.type == "choice")
        add_choice(html, form, question);
    else if (question.type == "multi_choice")
        html::add_choices(html, form, field, options_of(form, question), true);
    else if (question.type == "boolean" || question.type == "consent")
        html::add_checkbox(html, form, field);
    else if (question.type == "long_text")
        html::add_textarea(html, form, field);
    else if (question.type == "country")
        add_country(html, form, question);
    else if (question.type == "file")
        add_file_question(html, form, question);
    else
        html::add_input(html, form, field);
}

// The labels of the answers that make a question count.
std::string answers_that_count(FormState const& form, Question const& other, Question const& question)
{
    std::string list;
    for (auto const& value : question.visible_if_in) {
        auto const option = std::ranges::find_if(other.options, [&](auto const& each) {
            return value.is_string() && std::string_view(value.get_string()) == each.value;
        });
        auto const words =
            option == other.options.end()
                ? (value.is_string() ? std::string(value.get_string()) : json::serialize(value))
                : html::shown(option->label, form.language).words;
        list += (list.empty() ? "" : ", ") + words;
    }
    return list;
}

std::string condition_words(FormState const& form, Event const& event, Question const& question)
{
    auto const& questions = event.form->questions;
    auto const other = std::ranges::find(questions, question.visible_if_question, &Question::key);
    if (other == questions.end())
        return {};
    auto const label = html::shown(other->label, form.language).words;
    if (other->type != "boolean" && other->type != "consent")
        return message(form.language, "form.if_answer",
                       {{"question", label}, {"answers", answers_that_count(form, *other, question)}});
    bool const yes =
        std::ranges::find(question.visible_if_in, json::value(true)) != question.visible_if_in.end();
    return message(form.language, yes ? "form.if_yes" : "form.if_no", {{"question", label}});
}

}

void add_one_question(Html& html, FormState const& form, Event const& event, Question const& question)
{
    if (question.visible_if_question.empty())
        return add_question(html, form, question);
    json::array const in(question.visible_if_in.begin(), question.visible_if_in.end());
    html.add(Tag::fieldset,
             {attr::cls("conditional"), attr::data("visible-if-question", question.visible_if_question),
              attr::data("visible-if-in", json::serialize(in))},
             [&] {
                 html.add(Tag::legend, {attr::data("if-words")}, condition_words(form, event, question));
                 add_question(html, form, question);
             });
}

void add_bare_question(Html& html, FormState const& form, Question const& question)
{
    auto alone = question;
    alone.visible_if_question.clear();
    add_question(html, form, alone);
}

void add_questions(Html& html, FormState const& form, Event const& event)
{
    if (!event.form)
        return;
    for (auto const& question : event.form->questions) {
        if (question.step == 1)
            add_one_question(html, form, event, question);
    }
}

bool asks_for_files(events::Event const& event)
{
    return event.form && std::ranges::any_of(event.form->questions, [](Question const& question) {
               return question.type == "file" && question.step == 1;
           });
}

}
