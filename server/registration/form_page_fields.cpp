// What the organisers' forms say, as members of a form's definition, and back.
#include "base/messages.h"
#include "base/unicode.h"
#include "events/form_json.h"
#include "registration/answer_rules.h"
#include "registration/form_page_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace kutsu::registration
{
namespace
{

using events::Question;
using events::RegistrationForm;

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 5> switches = {"waitlist", "offer_working_hours", "hybrid",
                                                      "reminders", "reapprove_on_edit"};

std::string text_of(json::value const& value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// A whole number if it is one, else the text as it is, which the rules will not like.
json::value number_or_text(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty())
        return nullptr;
    return failed == std::errc() && end == text.data() + text.size() ? json::value(number)
                                                                     : json::value(text);
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    while (true) {
        auto const at = text.find(separator);
        parts.push_back(tidy_line(text.substr(0, at)));
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

std::string joined(std::vector<std::string> const& parts, std::string_view separator)
{
    std::string text;
    for (auto const& part : parts)
        text += (text.empty() ? "" : std::string(separator)) + part;
    return text;
}

// "label.fi", "label.en" … → {"fi": …}; languages that the form does not offer stay as they were.
json::object words_from(net::Fields const& fields, std::string_view name, Text const& before)
{
    auto words = to_plain(before);
    for (auto const& language : languages()) {
        auto const given = fields.find(fmt::format("{}.{}", name, language)).value_or("");
        words.erase(language);
        if (!tidy_line(given).empty())
            words[language] = given;
    }
    return words;
}

void put_words(Pairs& pairs, std::string_view name, Text const& text)
{
    for (auto const& language : languages())
        pairs.emplace_back(fmt::format("{}.{}", name, language), text.in(language).value_or(""));
}

// A line an option: its value, then its words in each language, with bars between.
json::array options_from(std::string_view lines, Question const& before)
{
    json::array options;
    for (auto const& line : split(lines, '\n')) {
        auto const parts = split(line, '|');
        if (line.empty())
            continue;
        auto const old = std::ranges::find(before.options, parts.front(), &events::QuestionOption::value);
        auto label = old == before.options.end() ? json::object() : to_plain(old->label);
        for (std::size_t i = 0; i < languages().size(); ++i) {
            label.erase(languages()[i]);
            if (i + 1 < parts.size() && !parts[i + 1].empty())
                label[languages()[i]] = parts[i + 1];
        }
        // An option in one word is its own label everywhere.
        if (label.empty())
            label[languages().front()] = parts.front();
        options.push_back({{"value", parts.front()}, {"label", std::move(label)}});
    }
    return options;
}

std::string option_lines(Question const& question)
{
    std::string lines;
    for (auto const& option : question.options) {
        std::vector<std::string> parts = {option.value};
        for (auto const& language : languages())
            parts.emplace_back(option.label.in(language).value_or(""));
        lines += joined(parts, " | ") + "\n";
    }
    return lines;
}

json::value condition_value(Question const* other, std::string const& text)
{
    if (other && (other->type == "boolean" || other->type == "consent"))
        return text == "true" ? json::value(true) : text == "false" ? json::value(false) : json::value(text);
    return other && other->type == "number" ? number_or_text(text) : json::value(text);
}

json::array definition_questions(RegistrationForm const& form)
{
    return std::move(events::form_definition(form, events::Reader::organiser).at("questions").as_array());
}

// A line a pool: key | by | capacity | its words in each language.
json::array pools_from(std::string_view lines)
{
    json::array pools;
    for (auto const& line : split(lines, '\n')) {
        if (line.empty())
            continue;
        auto parts = split(line, '|');
        parts.resize(3 + languages().size());
        json::object label;
        for (std::size_t i = 0; i < languages().size(); ++i) {
            if (!parts[3 + i].empty())
                label[languages()[i]] = parts[3 + i];
        }
        pools.push_back({{"key", parts[0]},
                         {"by", parts[1]},
                         {"capacity", number_or_text(parts[2])},
                         {"label", std::move(label)}});
    }
    return pools;
}

std::string pool_lines(RegistrationForm const& form)
{
    std::string lines;
    for (auto const& pool : form.pools) {
        std::vector<std::string> parts = {pool.key, pool.by,
                                          pool.capacity ? std::to_string(*pool.capacity) : ""};
        for (auto const& language : languages())
            parts.emplace_back(pool.label.in(language).value_or(""));
        lines += joined(parts, " | ") + "\n";
    }
    return lines;
}

}

html::Values settings_values(RegistrationForm const& form)
{
    auto const local = [](std::optional<events::Moment> const& moment) {
        return moment ? format_local(moment->local) : std::string();
    };
    Pairs pairs = {{"time_zone", form.time_zone},
                   {"opens", local(form.opens)},
                   {"closes", local(form.closes)},
                   {"admission", form.admission},
                   {"group_policy", form.group_policy},
                   {"session_overlap", form.session_overlap},
                   {"offer_hours", form.offer_hours ? std::to_string(*form.offer_hours) : ""},
                   {"pools", pool_lines(form)}};
    for (auto const& [name, is_on] :
         {std::pair{"waitlist", form.waitlist}, std::pair{"offer_working_hours", form.offer_working_hours},
          std::pair{"hybrid", form.hybrid}, std::pair{"reminders", form.reminders},
          std::pair{"reapprove_on_edit", form.reapprove_on_edit}}) {
        if (is_on)
            pairs.emplace_back(name, "true");
    }
    return html::Values(std::move(pairs));
}

json::object settings_from(net::Fields const& fields)
{
    json::object sent;
    for (auto const* name : {"time_zone", "opens", "closes", "admission", "group_policy", "session_overlap"})
        sent[name] = tidy_line(fields.find(name).value_or(""));
    for (auto const name : switches)
        sent[name] = fields.find(name).has_value();
    sent["offer_hours"] = number_or_text(tidy_line(fields.find("offer_hours").value_or("")));
    sent["pools"] = pools_from(fields.find("pools").value_or(""));
    return sent;
}

html::Values question_values(Question const& question)
{
    Pairs pairs = {
        {"key", question.key},
        {"type", question.type.empty() ? "text" : question.type},
        {"options", option_lines(question)},
        {"visible_if", question.visible_if_question},
        {"min", text_of(question.min)},
        {"max", text_of(question.max)},
        {"step", std::to_string(question.step)},
        {"purpose", question.purpose},
        {"retention_days", question.retention_days ? std::to_string(*question.retention_days) : ""}};
    std::vector<std::string> in;
    for (auto const& value : question.visible_if_in)
        in.push_back(text_of(value));
    pairs.emplace_back("visible_if_in", joined(in, ", "));
    put_words(pairs, "label", question.label);
    put_words(pairs, "help", question.help);
    if (question.required)
        pairs.emplace_back("required", "true");
    if (question.special_category)
        pairs.emplace_back("special_category", "true");
    return html::Values(std::move(pairs));
}

json::object question_from(net::Fields const& fields, RegistrationForm const& present)
{
    static Question const none;
    auto const line = [&](char const* name) { return tidy_line(fields.find(name).value_or("")); };
    auto const* known = find_question(present.questions, fields.find("before").value_or(""));
    auto const& before = known ? *known : none;
    auto const type = line("type");
    bool const is_choice = type == "choice" || type == "multi_choice";
    json::object question{{"key", line("key")},
                          {"type", type},
                          {"label", words_from(fields, "label", before.label)},
                          {"help", words_from(fields, "help", before.help)},
                          {"required", fields.find("required").has_value()},
                          {"special_category", fields.find("special_category").has_value()},
                          {"purpose", line("purpose")},
                          {"step", number_or_text(line("step"))},
                          {"retention_days", number_or_text(line("retention_days"))}};
    if (is_choice)
        question["options"] = options_from(fields.find("options").value_or(""), before);
    for (auto const* name : {"min", "max"})
        question[name] =
            type == "date" && !line(name).empty() ? json::value(line(name)) : number_or_text(line(name));
    if (auto const on = line("visible_if"); !on.empty()) {
        json::array in;
        for (auto const& text : split(line("visible_if_in"), ',')) {
            if (!text.empty())
                in.push_back(condition_value(find_question(present.questions, on), text));
        }
        question["visible_if"] = {{"question", on}, {"in", std::move(in)}};
    }
    return question;
}

std::size_t place_of(RegistrationForm const& form, std::string_view key)
{
    auto const found = std::ranges::find(form.questions, key, &Question::key);
    return static_cast<std::size_t>(found - form.questions.begin());
}

json::array with_question(RegistrationForm const& form, std::string_view before, json::object question)
{
    auto questions = definition_questions(form);
    auto const place = place_of(form, before);
    if (place < questions.size())
        questions[place] = std::move(question);
    else
        questions.push_back(std::move(question));
    return questions;
}

json::array with_moved(RegistrationForm const& form, std::string_view key, bool up)
{
    auto questions = definition_questions(form);
    auto const place = place_of(form, key);
    auto const other = up ? place - 1 : place + 1;
    if (place < questions.size() && other < questions.size())
        std::swap(questions[place], questions[other]);
    return questions;
}

json::array without_question(RegistrationForm const& form, std::string_view key)
{
    auto questions = definition_questions(form);
    if (auto const place = place_of(form, key); place < questions.size())
        questions.erase(questions.begin() + static_cast<std::ptrdiff_t>(place));
    return questions;
}

std::vector<FieldError> errors_of_question(std::vector<FieldError> const& errors, std::size_t place)
{
    auto const prefix = fmt::format("questions.{}.", place);
    std::vector<FieldError> mine;
    for (auto error : errors) {
        if (error.field.starts_with(prefix))
            error.field.erase(0, prefix.size());
        for (auto const& [from, to] :
             {std::pair{"visible_if.in", "visible_if_in"}, std::pair{"visible_if.question", "visible_if"},
              std::pair{"options.", "options"}}) {
            if (error.field.starts_with(from))
                error.field = to;
        }
        mine.push_back(std::move(error));
    }
    return mine;
}

std::vector<FieldError> errors_of_settings(std::vector<FieldError> const& errors)
{
    auto mine = errors;
    for (auto& error : mine) {
        if (error.field.starts_with("pools."))
            error.field = "pools";
    }
    return mine;
}

}
