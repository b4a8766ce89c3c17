#include "registration/answer_rules.h"

#include "base/local_time.h"
#include "base/unicode.h"
#include "registration/countries.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kutsu::registration
{
namespace
{

using events::Question;
using Verdict = std::optional<Wrong>;

constexpr std::int64_t text_limit = 500;
constexpr std::int64_t long_text_limit = 5000;
constexpr std::int64_t largest_number = (std::int64_t{1} << 53) - 1; // that a browser's number can be

bool is_box(Question const& question)
{
    return question.type == "boolean" || question.type == "consent";
}

bool is_asked_within(Question const& question, events::RegistrationForm const& form,
                     json::object const& answers, std::size_t depth)
{
    if (question.visible_if_question.empty())
        return true;
    auto const* other = find_question(form.questions, question.visible_if_question);
    // A form with a circle is refused when it is made; the depth keeps a damaged one from asking for ever.
    if (!other || depth > form.questions.size() || !is_asked_within(*other, form, answers, depth + 1))
        return false;
    auto const* answer = answers.if_contains(question.visible_if_question);
    json::value const given = answer ? *answer : is_box(*other) ? json::value(false) : json::value();
    auto const among = [&](json::value const& value) {
        return std::ranges::find(question.visible_if_in, value) != question.visible_if_in.end();
    };
    auto const* several = given.if_array();
    return several ? std::ranges::any_of(*several, among) : among(given);
}

bool is_option(Question const& question, json::value const& value)
{
    auto const* text = value.if_string();
    return text && std::ranges::any_of(question.options, [&](auto const& option) {
               return std::string_view(option.value) == std::string_view(*text);
           });
}

bool is_phone(std::string_view text)
{
    auto const digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits >= 5 && digits <= 20 && text.find_first_not_of("0123456789 +-()") == std::string_view::npos;
}

std::int64_t bound(json::value const& given, std::int64_t otherwise)
{
    return given.is_int64() ? given.get_int64() : otherwise;
}

Verdict expected(bool is_fine, std::string message)
{
    return is_fine ? Verdict() : Wrong{std::move(message), {}};
}

Verdict wrong_length(Question const& question, std::string_view text)
{
    auto const limit = std::min(bound(question.max, long_text_limit),
                                question.type == "long_text" ? long_text_limit : text_limit);
    auto const length = static_cast<std::int64_t>(count_characters(text));
    if (length > limit)
        return Wrong{"field.too_long", {{"limit", limit}}};
    if (auto const least = bound(question.min, 0); length < least)
        return Wrong{"field.too_short", {{"limit", least}}};
    return std::nullopt;
}

Verdict wrong_day(Question const& question, std::string_view text)
{
    if (!parse_day(text))
        return Wrong{"field.date", {}};
    // Days in this form are in the order of their letters.
    auto const* min = question.min.if_string();
    if (min && text < std::string_view(*min))
        return Wrong{"field.day_too_early", {{"limit", std::string(*min)}}};
    auto const* max = question.max.if_string();
    if (max && text > std::string_view(*max))
        return Wrong{"field.day_too_late", {{"limit", std::string(*max)}}};
    return std::nullopt;
}

Verdict wrong_text(Question const& question, json::value& value)
{
    auto* text = value.if_string();
    if (!text)
        return Wrong{"field.expected_text", {}};
    if (!is_clean_utf8(*text))
        return Wrong{"field.bad_characters", {}};
    *text = question.type == "long_text" ? tidy_text(*text) : tidy_line(*text);
    if (question.type == "date")
        return wrong_day(question, *text);
    if (question.type == "file")
        return expected(is_file_id(*text), "field.file");
    if (question.type == "country") {
        std::ranges::transform(*text, text->begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        return expected(is_country(*text), "field.country");
    }
    if (auto wrong = wrong_length(question, *text))
        return wrong;
    if (question.type == "email")
        return expected(is_email(*text), "field.email");
    return expected(question.type != "phone" || is_phone(*text), "field.phone");
}

Verdict wrong_box(Question const& question, json::value const& value)
{
    if (!value.is_bool())
        return Wrong{"field.expected_boolean", {}};
    return expected(question.type != "consent" || !question.required || value.get_bool(), "field.consent");
}

Verdict wrong_number(Question const& question, json::value& value)
{
    boost::system::error_code wrong;
    auto const number = value.to_number<std::int64_t>(wrong);
    if (wrong || number > largest_number || number < -largest_number)
        return Wrong{"field.expected_number", {}};
    value = number;
    if (question.min.is_int64() && number < question.min.get_int64())
        return Wrong{"field.too_small", {{"limit", question.min.get_int64()}}};
    if (question.max.is_int64() && number > question.max.get_int64())
        return Wrong{"field.too_large", {{"limit", question.max.get_int64()}}};
    return std::nullopt;
}

Verdict wrong_choices(Question const& question, json::value& value)
{
    auto* several = value.if_array();
    if (!several ||
        !std::ranges::all_of(*several, [&](auto const& each) { return is_option(question, each); }))
        return Wrong{"field.unknown_choice", {}};
    json::array once;
    for (auto const& each : *several) {
        if (std::ranges::find(once, each) == once.end())
            once.push_back(each);
    }
    *several = std::move(once);
    auto const count = static_cast<std::int64_t>(several->size());
    if (auto const least = bound(question.min, 0); count < least)
        return Wrong{"field.too_few_choices", {{"limit", least}}};
    if (question.max.is_int64() && count > question.max.get_int64())
        return Wrong{"field.too_many_choices", {{"limit", question.max.get_int64()}}};
    return std::nullopt;
}

void check_question(Question const& question, json::object& answers, std::vector<FieldError>& errors)
{
    auto const path = fmt::format("answers.{}", question.key);
    auto* given = answers.if_contains(question.key);
    if (given && is_blank(*given)) {
        answers.erase(question.key);
        given = nullptr;
    }
    bool const must = question.required && question.step == 1;
    if (!given && question.type == "boolean") {
        if (must)
            answers[question.key] = false;
        return;
    }
    if (!given) {
        if (must)
            errors.push_back({path, question.type == "consent" ? "field.consent" : "field.missing", {}});
        return;
    }
    if (auto wrong = wrong_answer(question, *given))
        errors.push_back({path, std::move(wrong->message), std::move(wrong->arguments)});
}

events::RegistrationForm const& form_of(events::Event const& event)
{
    static events::RegistrationForm const none;
    return event.form ? *event.form : none;
}

bool is_same(json::object const& a, json::object const& b, std::string_view key)
{
    auto const* in_a = a.if_contains(key);
    auto const* in_b = b.if_contains(key);
    return in_a && in_b ? *in_a == *in_b : in_a == in_b;
}

}

std::optional<Wrong> wrong_answer(Question const& question, json::value& value)
{
    if (is_box(question))
        return wrong_box(question, value);
    if (question.type == "number")
        return wrong_number(question, value);
    if (question.type == "choice")
        return expected(is_option(question, value), "field.unknown_choice");
    if (question.type == "multi_choice")
        return wrong_choices(question, value);
    return wrong_text(question, value);
}

bool is_blank(json::value const& value)
{
    return value.is_null() || (value.is_string() && tidy_line(value.get_string()).empty()) ||
           (value.is_array() && value.get_array().empty());
}

bool is_file_id(std::string_view text)
{
    constexpr std::string_view prefix = "file-";
    if (text.size() != prefix.size() + 32 || !text.starts_with(prefix))
        return false;
    return text.substr(prefix.size()).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Question const* find_question(std::vector<Question> const& questions, std::string_view key)
{
    auto const found = std::ranges::find(questions, key, &Question::key);
    return found == questions.end() ? nullptr : &*found;
}

bool is_asked(Question const& question, events::RegistrationForm const& form, json::object const& answers)
{
    return is_asked_within(question, form, answers, 0);
}

std::vector<FieldError> check_answers(json::object& answers, events::Event const& event)
{
    std::vector<FieldError> errors;
    auto const& form = form_of(event);
    for (auto const& [key, value] : answers) {
        if (!find_question(form.questions, key))
            errors.push_back(
                {fmt::format("answers.{}", std::string_view(key)), "field.unknown_question", {}});
    }
    // In the order of what depends on what: an answer that is not asked must not make others count.
    std::map<std::string_view, bool> asked;
    for (auto const& question : form.questions)
        asked[question.key] = is_asked(question, form, answers);
    for (auto const& question : form.questions) {
        if (asked[question.key])
            check_question(question, answers, errors);
        else
            answers.erase(question.key);
    }
    return errors;
}

std::vector<FieldError> check_changed_answers(json::object& wanted, json::object const& present,
                                              events::Event const& event)
{
    auto const& form = form_of(event);
    json::object archived;
    for (auto const& [key, value] : present) {
        auto const* question = find_question(form.questions, key);
        if (!question)
            archived.insert_or_assign(key, value);
        else if (question->step == 2 && !wanted.contains(key))
            wanted.insert_or_assign(key, value);
    }
    for (auto const& question : form.archived) {
        if (auto const* value = wanted.if_contains(question.key); value && is_blank(*value))
            archived.erase(question.key);
        wanted.erase(question.key);
    }
    auto errors = check_answers(wanted, event);
    constexpr std::size_t prefix = std::string_view("answers.").size();
    std::erase_if(errors, [&](FieldError const& error) {
        auto const key = std::string_view(error.field).substr(prefix);
        return find_question(form.questions, key) && is_same(wanted, present, key);
    });
    for (auto const& [key, value] : archived)
        wanted.insert_or_assign(key, value);
    return errors;
}

bool overlap(std::vector<std::string> const& session_ids, events::Event const& event)
{
    std::vector<events::Session const*> chosen;
    for (auto const& session : event.sessions) {
        if (std::ranges::find(session_ids, session.id) != session_ids.end())
            chosen.push_back(&session);
    }
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        for (std::size_t j = i + 1; j < chosen.size(); ++j) {
            auto const& a = chosen[i]->span;
            auto const& b = chosen[j]->span;
            if (a.starts.at < b.ends.at && b.starts.at < a.ends.at)
                return true;
        }
    }
    return false;
}

}
