// From rows of cells to people who could be registered.
#include "registration/people_import.h"

#include "base/messages.h"
#include "base/unicode.h"
#include "html/html.h"
#include "registration/registration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

constexpr std::string_view answer_prefix = "answer.";
constexpr std::array<std::string_view, 9> plain_fields = {
    "name",         "family",   "given",      "name_other_script", "email",
    "organisation", "language", "attendance", "participant_type"};

// What heads are called besides our own words for the columns; compared as folded for search.
struct Synonym
{
    std::string_view head;
    std::string_view field;
};
constexpr std::array synonyms = {
    Synonym{"etunimi", "given"},
    Synonym{"sukunimi", "family"},
    Synonym{"koko nimi", "name"},
    Synonym{"first name", "given"},
    Synonym{"given name", "given"},
    Synonym{"last name", "family"},
    Synonym{"family name", "family"},
    Synonym{"surname", "family"},
    Synonym{"full name", "name"},
    Synonym{"имя и фамилия", "name"},
    Synonym{"фио", "name"},
    Synonym{"фамилия", "family"},
    Synonym{"фамилия имя", "name"},
    Synonym{"имя", "given"},
    Synonym{"email", "email"},
    Synonym{"e-mail address", "email"},
    Synonym{"mail", "email"},
    Synonym{"sähköpostiosoite", "email"},
    Synonym{"s-posti", "email"},
    Synonym{"почта", "email"},
    Synonym{"электронная почта", "email"},
    Synonym{"адрес эл. почты", "email"},
    Synonym{"company", "organisation"},
    Synonym{"organization", "organisation"},
    Synonym{"yritys", "organisation"},
    Synonym{"компания", "organisation"},
    Synonym{"предприятие", "organisation"},
    Synonym{"язык общения", "language"},
    Synonym{"kieli", "language"},
    Synonym{"latin name", "name_other_script"},
    Synonym{"имя латиницей", "name_other_script"},
};

bool is_same_head(std::string_view a, std::string_view b)
{
    return fold_for_search(tidy_line(a)) == fold_for_search(tidy_line(b));
}

bool is_question_head(std::string_view head, events::Question const& question)
{
    if (head == question.key)
        return true;
    return std::ranges::any_of(languages(), [&](std::string const& language) {
        return is_same_head(head, html::shown(question.label, language).words);
    });
}

}

std::vector<std::string> import_fields(events::Event const& event)
{
    std::vector<std::string> fields(plain_fields.begin(), plain_fields.end());
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        if (question.type != "file")
            fields.push_back(std::string(answer_prefix) + question.key);
    }
    return fields;
}

std::string guess_field(std::string_view head, events::Event const& event)
{
    for (auto const& synonym : synonyms) {
        if (is_same_head(head, synonym.head))
            return std::string(synonym.field);
    }
    for (auto const field : plain_fields) {
        auto const key = fmt::format("people.column.{}", field == "participant_type" ? "type" : field);
        for (auto const& language : languages()) {
            if (head == field || (has_message(language, key) && is_same_head(head, message(language, key))))
                return std::string(field);
        }
    }
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        if (is_question_head(head, question))
            return std::string(answer_prefix) + question.key;
    }
    return {};
}

namespace
{

bool is_word_for(std::string_view text, std::string_view key)
{
    return std::ranges::any_of(
        languages(), [&](std::string const& language) { return is_same_head(text, message(language, key)); });
}

std::string option_value(events::Question const& question, std::string_view text)
{
    for (auto const& option : question.options) {
        if (option.value == text)
            return option.value;
        for (auto const& language : languages()) {
            if (is_same_head(text, html::shown(option.label, language).words))
                return option.value;
        }
    }
    return std::string(text);
}

json::value number_or_text(std::string const& text)
{
    auto const number = parse_json(text);
    return number && number->is_number() ? *number : json::value(text);
}

json::value answer_of(events::Question const& question, std::string const& text)
{
    if (question.type == "boolean" || question.type == "consent") {
        if (is_word_for(text, "people.yes") || text == "1" || text == "true" || text == "x")
            return true;
        return is_word_for(text, "people.no") || text == "0" || text == "false" ? json::value(false)
                                                                                : json::value(text);
    }
    if (question.type == "choice")
        return json::value(option_value(question, text));
    if (question.type == "number")
        return number_or_text(text);
    if (question.type != "multi_choice")
        return json::value(text);
    json::array values;
    for (std::size_t at = 0; at <= text.size();) {
        auto const end = std::min(text.find_first_of(",;", at), text.size());
        if (auto const part = tidy_line(text.substr(at, end - at)); !part.empty())
            values.push_back(json::value(option_value(question, part)));
        at = end + 1;
    }
    return values;
}

// Languages are written by code or by name, in any language.
std::string language_code(std::string const& text)
{
    for (auto const& code : languages()) {
        if (is_same_head(text, code))
            return code;
        for (auto const& language : languages()) {
            if (is_same_head(text, language_name(language, code)))
                return code;
        }
    }
    return text;
}

std::string attendance_code(std::string const& text)
{
    for (auto const* code : {"on_site", "remote"}) {
        if (is_word_for(text, fmt::format("people.attendance.{}", code)))
            return code;
    }
    return text;
}

json::object fields_of_line(Line const& line, std::vector<std::string> const& columns,
                            events::Event const& event)
{
    json::object fields;
    json::object answers;
    std::string given;
    std::string family;
    for (std::size_t i = 0; i < std::min(columns.size(), line.cells.size()); ++i) {
        auto const& field = columns[i];
        auto const text = field.starts_with(answer_prefix) ? line.cells[i] : tidy_line(line.cells[i]);
        if (field.empty() || text.empty())
            continue;
        if (field == "given") {
            given = text;
        } else if (field == "family") {
            family = text;
        } else if (field.starts_with(answer_prefix)) {
            auto const key = field.substr(answer_prefix.size());
            auto const question = std::ranges::find(event.form->questions, key, &events::Question::key);
            answers[key] = answer_of(*question, text);
        } else {
            fields[field] = field == "language"     ? language_code(text)
                            : field == "attendance" ? attendance_code(text)
                                                    : text;
        }
    }
    if (!fields.contains("name"))
        fields["name"] = tidy_line(given + " " + family);
    fields["answers"] = std::move(answers);
    return fields;
}

Result<std::vector<std::string>> columns_of(Line const& head, std::vector<std::string> columns,
                                            events::Event const& event)
{
    auto const known = import_fields(event);
    if (columns.empty()) {
        for (auto const& cell : head.cells)
            columns.push_back(guess_field(cell, event));
        // "Имя" beside "Фамилия" is the given name, alone the whole one.
        if (std::ranges::find(columns, "family") == columns.end())
            std::ranges::replace(columns, "given", "name");
    }
    columns.resize(head.cells.size());
    std::set<std::string> seen;
    for (auto& column : columns) {
        if (!column.empty() && std::ranges::find(known, column) == known.end())
            return refuse_fields({{"columns", "people.import.unknown_column", {{"column", column}}}});
        if (!column.empty() && !seen.insert(column).second)
            column.clear(); // the first one counts
    }
    for (auto const* needed : {"email"}) {
        if (!seen.contains(needed))
            return refuse_fields({{"columns", "people.import.no_email", {}}});
    }
    if (!seen.contains("name") && !seen.contains("family") && !seen.contains("given"))
        return refuse_fields({{"columns", "people.import.no_name", {}}});
    return columns;
}

}

std::size_t ImportPreview::good() const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        rows, [](ImportRow const& row) { return row.errors.empty() && row.duplicate.empty(); }));
}

Result<ImportPreview> preview_import(std::string_view bytes, std::vector<std::string> columns,
                                     events::Event const& event, std::string_view language)
{
    if (!event.form)
        return refuse(ProblemName::closed);
    auto const decoded = decode_text(bytes);
    if (!decoded)
        return std::unexpected(decoded.error());
    auto const table = parse_table(decoded->text);
    if (!table)
        return std::unexpected(table.error());
    auto known = columns_of(table->lines.front(), std::move(columns), event);
    if (!known)
        return std::unexpected(known.error());
    ImportPreview preview{
        decoded->encoding, table->delimiter, table->lines.front().cells, std::move(*known), {}};
    for (std::size_t i = 1; i < table->lines.size(); ++i) {
        auto const& line = table->lines[i];
        ImportRow row{line.number, fields_of_line(line, preview.columns, event), {}, {}};
        auto submission = decode_submission(row.fields, language, false, row.errors);
        auto const unfit = check(submission, event);
        row.errors.insert(row.errors.end(), unfit.begin(), unfit.end());
        if (!row.fields.contains("language"))
            row.fields["language"] = language;
        preview.rows.push_back(std::move(row));
    }
    return preview;
}

// lower() of the database's C locale.
std::string email_key(json::object const& fields)
{
    auto const* email = fields.if_contains("email");
    std::string text = email && email->is_string() ? std::string(email->get_string()) : std::string();
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

void mark_duplicates(ImportPreview& preview, std::set<std::string> const& registered)
{
    std::set<std::string> seen;
    for (auto& row : preview.rows) {
        auto const email = email_key(row.fields);
        if (email.empty())
            continue;
        if (registered.contains(email))
            row.duplicate = "event";
        else if (!seen.insert(email).second)
            row.duplicate = "file";
    }
}

json::array rows_to_register(ImportPreview const& preview)
{
    json::array rows;
    for (auto const& row : preview.rows) {
        if (row.errors.empty() && row.duplicate.empty())
            rows.push_back(json::object{{"line", row.line}, {"fields", row.fields}});
    }
    return rows;
}

}
