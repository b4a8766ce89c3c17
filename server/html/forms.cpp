#include "html/forms.h"

#include "base/messages.h"

#include <algorithm>

namespace kutsu::html
{
namespace
{

std::string id_of(std::string_view kind, std::string_view name)
{
    std::string id(kind);
    id += '-';
    for (char const c : name)
        id += c == '.' ? '-' : c;
    return id;
}

// The ids of hints and error, as far as they exist.
std::string described_by(Field const& field)
{
    std::string ids;
    if (!field.hint.empty())
        ids += id_of("hint", field.name) + " ";
    if (!field.note.empty())
        ids += id_of("note", field.name) + " ";
    return ids + id_of("error", field.name);
}

void add_label_words(Html& html, FormState const& form, Field const& field)
{
    if (field.label_lang.empty())
        html.text(field.label);
    else
        html.add(Tag::span, {attr::lang(field.label_lang)}, field.label);
    if (!field.required) {
        html.text(" ");
        html.add(Tag::span, {attr::cls("optional")}, message(form.language, "form.optional"));
    }
}

void add_hint(Html& html, Field const& field)
{
    if (!field.hint.empty())
        html.add(Tag::p,
                 {attr::cls("hint"), attr::id(id_of("hint", field.name)), attr::lang(field.hint_lang)},
                 field.hint);
    if (!field.note.empty())
        html.add(Tag::p, {attr::cls("hint"), attr::id(id_of("note", field.name))}, field.note);
}

void add_errors(Html& html, FormState const& form, Field const& field)
{
    auto const errors = form.errors_of(field.name);
    html.add(Tag::p, {attr::cls("error"), attr::id(id_of("error", field.name)), attr::hidden(errors.empty())},
             [&] {
                 for (auto const& error : errors)
                     html.text(error);
             });
}

// What input, select and textarea have in common.
std::vector<Attr> control_attributes(FormState const& form, Field const& field)
{
    bool const wrong = !form.errors_of(field.name).empty();
    std::vector<Attr> list = {attr::id(field_id(field.name)),
                              attr::name(field.name),
                              attr::autocomplete(field.autocomplete),
                              attr::inputmode(field.inputmode),
                              attr::required(field.required && field.native_required),
                              attr::aria("describedby", described_by(field)),
                              attr::when(wrong, attr::aria("invalid", "true"))};
    list.push_back(attr::min(field.min));
    list.push_back(attr::max(field.max));
    if (field.maxlength > 0)
        list.push_back(attr::maxlength(field.maxlength));
    if (!field.missing.empty())
        list.push_back(attr::data("message-missing", field.missing));
    if (!field.invalid.empty())
        list.push_back(attr::data("message-invalid", field.invalid));
    return list;
}

template <class Control>
void add_field(Html& html, FormState const& form, Field const& field, Control&& control)
{
    bool const wrong = !form.errors_of(field.name).empty();
    html.add(Tag::div, {attr::cls(wrong ? "field field-wrong" : "field"), attr::data("field", field.name)},
             [&] {
                 html.add(Tag::label, {attr::for_field(field_id(field.name))},
                          [&] { add_label_words(html, form, field); });
                 add_hint(html, field);
                 add_errors(html, form, field);
                 control();
             });
}

void add_choice(Html& html, FormState const& form, Field const& field, Option const& option, bool several,
                bool first)
{
    auto const id = first ? field_id(field.name) : field_id(field.name) + "-" + option.value;
    html.add(Tag::div, {attr::cls("choice")}, [&] {
        html.add(Tag::input,
                 {attr::type(several ? "checkbox" : "radio"), attr::id(id), attr::name(field.name),
                  attr::value(option.value), attr::checked(form.values.has(field.name, option.value)),
                  attr::disabled(option.is_disabled),
                  attr::required(!several && field.required && field.native_required)});
        html.add(Tag::label, {attr::for_field(id)}, [&] {
            html.add(Tag::span, {attr::lang(option.lang)}, option.label);
            if (!option.note.empty()) {
                html.text(" ");
                html.add(Tag::span, {attr::cls("choice-note")}, option.note);
            }
        });
    });
}

void add_summary_link(Html& html, std::string_view language, FieldError const& error,
                      std::string const& label)
{
    auto words = message(language, error.message, error.arguments);
    if (!label.empty())
        words = message(language, "form.error_at", {{"label", label}, {"error", words}});
    html.add(Tag::a, {attr::href(Url::fragment(field_id(error.field)))}, words);
}

}

std::string_view Values::first(std::string_view name) const
{
    auto const found =
        std::ranges::find(pairs_, name, [](auto const& pair) { return std::string_view(pair.first); });
    return found == pairs_.end() ? std::string_view() : std::string_view(found->second);
}

bool Values::has(std::string_view name, std::string_view value) const
{
    return std::ranges::any_of(pairs_,
                               [&](auto const& pair) { return pair.first == name && pair.second == value; });
}

bool Values::has_any(std::string_view name) const
{
    return std::ranges::any_of(pairs_,
                               [&](auto const& pair) { return pair.first == name && !pair.second.empty(); });
}

std::vector<std::string> FormState::errors_of(std::string_view field) const
{
    std::vector<std::string> words;
    for (auto const& error : errors) {
        if (error.field == field)
            words.push_back(message(language, error.message, error.arguments));
    }
    return words;
}

std::string field_id(std::string_view name)
{
    return id_of("field", name);
}

void add_input(Html& html, FormState const& form, Field const& field)
{
    add_field(html, form, field, [&] {
        auto attributes = control_attributes(form, field);
        attributes.push_back(attr::type(field.type));
        attributes.push_back(attr::value(form.values.first(field.name)));
        html.add(Tag::input, attributes);
    });
}

void add_file(Html& html, FormState const& form, Field const& field, std::string_view accept,
              SentBefore const& sent)
{
    auto once = field;
    once.native_required = field.native_required && sent.id.empty();
    add_field(html, form, once, [&] {
        if (!sent.id.empty()) {
            html.add(Tag::p, {attr::cls("sent-file")}, sent.words);
            add_hidden(html, field.name, sent.id);
        }
        auto attributes = control_attributes(form, once);
        attributes.push_back(attr::type("file"));
        attributes.push_back(attr::accept(accept));
        html.add(Tag::input, attributes);
    });
}

void add_textarea(Html& html, FormState const& form, Field const& field)
{
    add_field(html, form, field, [&] {
        auto attributes = control_attributes(form, field);
        attributes.push_back(attr::rows(4));
        // A parser drops the first line break of a textarea.
        html.add(Tag::textarea, attributes, "\n" + std::string(form.values.first(field.name)));
    });
}

void add_select(Html& html, FormState const& form, Field const& field, std::vector<Option> const& options)
{
    add_field(html, form, field, [&] {
        html.add(Tag::select, control_attributes(form, field), [&] {
            for (auto const& option : options)
                html.add(Tag::option,
                         {attr::value(option.value), attr::lang(option.lang),
                          attr::selected(form.values.first(field.name) == option.value)},
                         option.label);
        });
    });
}

void add_checkbox(Html& html, FormState const& form, Field const& field)
{
    bool const wrong = !form.errors_of(field.name).empty();
    html.add(
        Tag::div, {attr::cls(wrong ? "field field-wrong" : "field"), attr::data("field", field.name)}, [&] {
            add_errors(html, form, field);
            html.add(Tag::div, {attr::cls("choice")}, [&] {
                auto attributes = control_attributes(form, field);
                attributes.push_back(attr::type("checkbox"));
                attributes.push_back(attr::value("true"));
                attributes.push_back(attr::checked(form.values.has(field.name, "true")));
                html.add(Tag::input, attributes);
                html.add(Tag::label, {attr::for_field(field_id(field.name)), attr::lang(field.label_lang)},
                         field.label);
            });
            add_hint(html, field);
        });
}

void add_choices(Html& html, FormState const& form, Field const& field, std::vector<Option> const& options,
                 bool several)
{
    bool const wrong = !form.errors_of(field.name).empty();
    html.add(Tag::fieldset,
             {attr::cls(wrong ? "field field-wrong" : "field"), attr::data("field", field.name),
              attr::aria("describedby", described_by(field)),
              attr::when(!field.missing.empty(), attr::data("message-missing", field.missing)),
              attr::when(field.required, attr::data("required"))},
             [&] {
                 html.add(Tag::legend, [&] { add_label_words(html, form, field); });
                 add_hint(html, field);
                 add_errors(html, form, field);
                 for (std::size_t i = 0; i < options.size(); ++i)
                     add_choice(html, form, field, options[i], several, i == 0);
             });
}

void add_hidden(Html& html, std::string_view name, std::string_view value)
{
    html.add(Tag::input, {attr::type("hidden"), attr::name(name), attr::value(value)});
}

void add_error_summary(Html& html, FormState const& form,
                       std::function<std::string(std::string_view field)> const& label_of,
                       std::vector<std::string> const& notes)
{
    bool const fine = form.errors.empty() && notes.empty();
    auto const& language = form.language;
    html.add(Tag::div,
             {attr::cls("error-summary"), attr::role("alert"), attr::tabindex(-1),
              attr::data("error-summary"), attr::hidden(fine)},
             [&] {
                 html.add(Tag::h2, message(language, "form.errors"));
                 html.add(Tag::ul, [&] {
                     for (auto const& note : notes)
                         html.add(Tag::li, note);
                     for (auto const& error : form.errors)
                         html.add(Tag::li,
                                  [&] { add_summary_link(html, language, error, label_of(error.field)); });
                 });
             });
}

}
