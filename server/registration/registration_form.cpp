// The rules of an event's own form: which questions are asked, which answers fit, what the plain HTML form
// sends.
#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/registration.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace kutsu::registration
{
namespace
{

using events::Question;

constexpr std::size_t text_limit = 500;
constexpr std::size_t long_text_limit = 5000;

events::Question const* find_question(events::RegistrationForm const& form, std::string_view key)
{
    auto const found = std::ranges::find(form.questions, key, &Question::key);
    return found == form.questions.end() ? nullptr : &*found;
}

bool is_asked_within(Question const& question, events::RegistrationForm const& form,
                     json::object const& answers, int depth)
{
    if (question.visible_if_question.empty())
        return true;
    auto const* other = find_question(form, question.visible_if_question);
    // Import refuses cycles; the depth keeps a damaged form from asking for ever.
    if (!other || depth > 20 || !is_asked_within(*other, form, answers, depth + 1))
        return false;
    auto const* answer = answers.if_contains(question.visible_if_question);
    json::value const given =
        answer ? *answer : json::value(other->type == "boolean" ? json::value(false) : json::value());
    auto const among = [&](json::value const& value) {
        return std::ranges::find(question.visible_if_in, value) != question.visible_if_in.end();
    };
    if (auto const* several = given.if_array())
        return std::ranges::any_of(*several, among);
    return among(given);
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

struct Wrong
{
    std::string message;
    Arguments arguments;
};

std::optional<Wrong> wrong_text(Question const& question, json::value& value)
{
    auto* text = value.if_string();
    if (!text)
        return Wrong{"field.expected_text", {}};
    if (!is_clean_utf8(*text))
        return Wrong{"field.bad_characters", {}};
    auto const limit = question.type == "long_text" ? long_text_limit : text_limit;
    *text = question.type == "long_text" ? tidy_text(*text) : tidy_line(*text);
    if (count_characters(*text) > limit)
        return Wrong{"field.too_long", {{"limit", static_cast<std::int64_t>(limit)}}};
    if (question.type == "email" && !is_email(*text))
        return Wrong{"field.email", {}};
    if (question.type == "date" && !parse_day(*text))
        return Wrong{"field.date", {}};
    if (question.type == "phone" && !is_phone(*text))
        return Wrong{"field.phone", {}};
    return std::nullopt;
}

// Null when the answer fits; text is tidied on the way.
std::optional<Wrong> wrong_answer(Question const& question, json::value& value)
{
    if (question.type == "boolean" || question.type == "consent") {
        if (!value.is_bool())
            return Wrong{"field.expected_boolean", {}};
        if (question.type == "consent" && question.required && !value.get_bool())
            return Wrong{"field.consent", {}};
        return std::nullopt;
    }
    if (question.type == "number") {
        boost::system::error_code wrong;
        value.to_number<std::int64_t>(wrong);
        return wrong ? std::optional(Wrong{"field.expected_number", {}}) : std::nullopt;
    }
    if (question.type == "choice")
        return is_option(question, value) ? std::nullopt : std::optional(Wrong{"field.unknown_choice", {}});
    if (question.type == "multi_choice") {
        auto const* several = value.if_array();
        bool const fine =
            several && several->size() <= question.options.size() &&
            std::ranges::all_of(*several, [&](auto const& each) { return is_option(question, each); });
        return fine ? std::nullopt : std::optional(Wrong{"field.unknown_choice", {}});
    }
    return wrong_text(question, value);
}

bool is_blank(json::value const& value)
{
    return value.is_null() || (value.is_string() && tidy_line(value.get_string()).empty()) ||
           (value.is_array() && value.get_array().empty());
}

void check_question(Question const& question, json::object& answers, std::vector<FieldError>& errors)
{
    auto const path = fmt::format("answers.{}", question.key);
    auto* given = answers.if_contains(question.key);
    if (given && is_blank(*given)) {
        answers.erase(question.key);
        given = nullptr;
    }
    if (!given && question.type == "boolean") {
        if (question.required)
            answers[question.key] = false;
        return;
    }
    if (!given) {
        if (question.required)
            errors.push_back({path, question.type == "consent" ? "field.consent" : "field.missing", {}});
        return;
    }
    if (auto wrong = wrong_answer(question, *given))
        errors.push_back({path, std::move(wrong->message), std::move(wrong->arguments)});
}

void check_sessions(Submission const& submission, events::Event const& event, std::vector<FieldError>& errors)
{
    std::vector<events::Session const*> chosen;
    for (auto const& id : submission.sessions) {
        auto const found = std::ranges::find(event.sessions, id, &events::Session::id);
        if (found == event.sessions.end() || !found->sign_up || found->status != "confirmed") {
            errors.push_back({"sessions", "field.unknown_session", {}});
            return;
        }
        chosen.push_back(&*found);
    }
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        for (std::size_t j = i + 1; j < chosen.size(); ++j) {
            auto const& a = chosen[i]->span;
            auto const& b = chosen[j]->span;
            if (a.starts.at < b.ends.at && b.starts.at < a.ends.at) {
                errors.push_back({"sessions", "field.sessions_overlap", {}});
                return;
            }
        }
    }
}

// A form sends text for everything; the question says what it means.
json::value value_from_form(Question const& question, std::vector<std::string> const& texts)
{
    if (question.type == "boolean" || question.type == "consent")
        return texts.front() != "" && texts.front() != "false" && texts.front() != "0" &&
               texts.front() != "no";
    if (question.type == "multi_choice") {
        json::array several;
        for (auto const& text : texts)
            several.emplace_back(text);
        return several;
    }
    if (question.type == "number") {
        auto const text = tidy_line(texts.front());
        std::int64_t number = 0;
        auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed == std::errc() && end == text.data() + text.size())
            return number;
    }
    return json::value(texts.front());
}

json::array companions_from_form(std::vector<std::pair<std::string, std::string>> const& fields)
{
    std::map<int, json::object> rows;
    for (auto const& [name, value] : fields) {
        int row = 0;
        std::string_view rest(name);
        if (!rest.starts_with("companions.") || value.empty())
            continue;
        rest.remove_prefix(std::string_view("companions.").size());
        auto const [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), row);
        auto const member = rest.substr(static_cast<std::size_t>(end - rest.data()));
        if (failed == std::errc() && row < 100 && (member == ".name" || member == ".email"))
            rows[row][member.substr(1)] = value;
    }
    json::array companions;
    for (auto& [row, object] : rows)
        companions.push_back(std::move(object));
    return companions;
}

}

bool is_asked(events::Question const& question, events::RegistrationForm const& form,
              json::object const& answers)
{
    return is_asked_within(question, form, answers, 0);
}

std::vector<FieldError> check_answers(json::object& answers, events::Event const& event)
{
    std::vector<FieldError> errors;
    static events::RegistrationForm const none;
    auto const& form = event.form ? *event.form : none;
    for (auto const& [key, value] : answers) {
        if (!find_question(form, key))
            errors.push_back(
                {fmt::format("answers.{}", std::string_view(key)), "field.unknown_question", {}});
    }
    for (auto const& question : form.questions) {
        if (is_asked(question, form, answers))
            check_question(question, answers, errors);
        else
            answers.erase(question.key);
    }
    return errors;
}

std::vector<FieldError> check(Submission& submission, events::Event const& event)
{
    auto errors = check_answers(submission.answers, event);
    check_sessions(submission, event, errors);
    return errors;
}

json::object object_from_form(std::vector<std::pair<std::string, std::string>> const& fields,
                              events::Event const& event)
{
    static std::set<std::string_view> const plain = {
        "submission_id", "name",       "email",      "language",
        "organisation",  "attendance", "invitation", "name_other_script"};
    json::object object;
    json::array sessions;
    std::map<std::string, std::vector<std::string>> answers;
    for (auto const& [name, value] : fields) {
        if (plain.contains(name) && !object.contains(name) &&
            !(value.empty() && name != "name" && name != "email"))
            object[name] = value;
        else if (name == "sessions" && !value.empty())
            sessions.emplace_back(value);
        else if (name.starts_with("answers."))
            answers[name.substr(8)].push_back(value);
    }
    json::object given;
    for (auto const& [key, texts] : answers) {
        auto const* question = event.form ? find_question(*event.form, key) : nullptr;
        given[key] = question ? value_from_form(*question, texts) : json::value(texts.front());
    }
    object["answers"] = std::move(given);
    object["sessions"] = std::move(sessions);
    object["companions"] = companions_from_form(fields);
    return object;
}

}
