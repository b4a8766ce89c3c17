#include "registration/form_definition.h"

#include "base/messages.h"
#include "registration/answer_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace kutsu::registration
{
namespace
{

using events::Question;

constexpr std::array<std::string_view, 12> types = {"text",         "long_text", "number", "choice",
                                                    "multi_choice", "boolean",   "date",   "country",
                                                    "email",        "phone",     "file",   "consent"};
constexpr std::size_t option_limit = 200;

bool is_choice(Question const& question)
{
    return question.type == "choice" || question.type == "multi_choice";
}

bool is_key(std::string_view key)
{
    auto const letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !key.empty() && key.size() <= 50 && letter(key.front()) &&
           std::ranges::all_of(key, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

// What a bound of this type is: a number, a day, or nothing.
bool is_bound_of(Question const& question, json::value const& bound)
{
    if (bound.is_null())
        return true;
    if (question.type == "date")
        return bound.is_string() && parse_day(bound.get_string());
    if (!bound.is_int64())
        return false;
    if (question.type == "number")
        return true;
    static constexpr std::array<std::string_view, 5> counted = {"text", "long_text", "multi_choice", "email",
                                                                "phone"};
    return std::ranges::find(counted, question.type) != counted.end() && bound.get_int64() >= 0;
}

bool is_upside_down(Question const& question)
{
    if (question.min.is_string() && question.max.is_string())
        return question.min.get_string() > question.max.get_string();
    return question.min.is_int64() && question.max.is_int64() &&
           question.min.get_int64() > question.max.get_int64();
}

// One question by itself.
class QuestionCheck
{
public:
    QuestionCheck(Question const& question, std::string path, std::vector<FieldError>& errors)
        : question_(question), path_(std::move(path)), errors_(errors)
    {}

    void check()
    {
        if (!is_key(question_.key))
            fail("key", "field.question_key");
        if (std::ranges::find(types, question_.type) == types.end())
            fail("type", "field.unknown_choice");
        if (question_.label.empty())
            fail("label", "field.missing");
        if (question_.step != 1 && question_.step != 2)
            fail("step", "field.unknown_choice");
        if (question_.retention_days && (*question_.retention_days < 1 || *question_.retention_days > 36'500))
            fail("retention_days", "field.out_of_range", {{"min", 1}, {"max", 36'500}});
        check_options();
        check_bounds();
    }

private:
    void fail(std::string_view member, std::string message, Arguments arguments = {})
    {
        errors_.push_back({fmt::format("{}.{}", path_, member), std::move(message), std::move(arguments)});
    }

    void check_options()
    {
        if (is_choice(question_) == question_.options.empty())
            fail("options", is_choice(question_) ? "field.missing" : "field.options_only_for_choices");
        std::set<std::string_view> seen;
        for (std::size_t i = 0; auto const& option : question_.options) {
            auto const path = fmt::format("options.{}", i++);
            if (option.value.empty() || !seen.insert(option.value).second)
                fail(path + ".value", option.value.empty() ? "field.missing" : "field.option_twice");
            if (option.label.empty())
                fail(path + ".label", "field.missing");
        }
    }

    void check_bounds()
    {
        if (!is_bound_of(question_, question_.min))
            fail("min", "field.bound");
        if (!is_bound_of(question_, question_.max))
            fail("max", "field.bound");
        if (is_upside_down(question_))
            fail("max", "field.bound_order");
    }

    Question const& question_;
    std::string path_;
    std::vector<FieldError>& errors_;
};

// A value that the other question can have at all.
bool is_possible(Question const& other, json::value const& value)
{
    if (other.type == "boolean" || other.type == "consent")
        return value.is_bool();
    if (is_choice(other))
        return std::ranges::any_of(other.options, [&](auto const& option) {
            return value.is_string() && std::string_view(value.get_string()) == option.value;
        });
    auto tidied = value;
    return !wrong_answer(other, tidied) && tidied == value;
}

void check_condition(Question const& question, std::vector<Question> const& all, ConditionFlaw flaw,
                     std::string const& path, std::vector<FieldError>& errors)
{
    if (question.visible_if_question.empty())
        return;
    auto const on = path + ".question";
    if (flaw == ConditionFlaw::unknown)
        return errors.push_back({on, "field.condition_unknown", {}});
    if (flaw == ConditionFlaw::circle)
        return errors.push_back({on, "field.condition_circle", {}});
    auto const& other = *find_question(all, question.visible_if_question);
    if (other.step > question.step)
        errors.push_back({on, "field.condition_later", {}});
    if (question.visible_if_in.empty())
        errors.push_back({path + ".in", "field.missing", {}});
    for (std::size_t i = 0; auto const& value : question.visible_if_in) {
        if (!is_possible(other, value))
            errors.push_back({fmt::format("{}.in.{}", path, i), "field.condition_impossible", {}});
        ++i;
    }
}

}

std::vector<ConditionFlaw> condition_flaws(std::vector<Condition> const& conditions)
{
    std::map<std::string_view, std::string_view> next;
    for (auto const& condition : conditions)
        next.emplace(condition.key, condition.depends_on);
    std::vector<ConditionFlaw> flaws;
    for (auto const& condition : conditions) {
        auto flaw = ConditionFlaw::none;
        std::set<std::string_view> passed = {condition.key};
        for (auto at = condition.depends_on; !at.empty() && flaw == ConditionFlaw::none;) {
            auto const found = next.find(at);
            if (found == next.end())
                // Further on it is the flaw of the one that names it.
                flaw = at == condition.depends_on ? ConditionFlaw::unknown : flaw;
            else if (at == condition.key)
                flaw = ConditionFlaw::circle;
            if (found == next.end() || !passed.insert(at).second)
                break;
            at = found->second;
        }
        flaws.push_back(flaw);
    }
    return flaws;
}

std::vector<FieldError> check_questions(std::vector<Question> const& questions)
{
    std::vector<FieldError> errors;
    if (questions.size() > question_limit)
        errors.push_back({"questions", "field.too_many", {{"limit", std::int64_t{question_limit}}}});
    std::vector<Condition> conditions;
    std::set<std::string_view> keys;
    for (std::size_t i = 0; auto const& question : questions) {
        auto const path = fmt::format("questions.{}", i++);
        QuestionCheck(question, path, errors).check();
        if (!keys.insert(question.key).second)
            errors.push_back({path + ".key", "field.question_twice", {}});
        if (question.options.size() > option_limit)
            errors.push_back({path + ".options", "field.too_many", {{"limit", std::int64_t{option_limit}}}});
        conditions.push_back({question.key, question.visible_if_question});
    }
    auto const flaws = condition_flaws(conditions);
    for (std::size_t i = 0; i < questions.size(); ++i)
        check_condition(questions[i], questions, flaws[i], fmt::format("questions.{}.visible_if", i), errors);
    return errors;
}

std::vector<FieldError> settle_with_answers(FormEdit& edit, events::RegistrationForm const& present,
                                            std::set<std::string> const& answered)
{
    std::vector<FieldError> errors;
    auto& form = edit.form;
    form.version = present.version + 1;
    form.archived = present.archived;
    for (std::size_t i = 0; auto& question : form.questions) {
        auto const path = fmt::format("questions.{}.type", i++);
        auto const* before = find_question(present.questions, question.key);
        auto const* gone = find_question(present.archived, question.key);
        auto const* known = before ? before : gone;
        if (known && known->type != question.type && answered.contains(question.key))
            errors.push_back({path, "field.type_has_answers", {}});
        question.added_in_version = known ? known->added_in_version : form.version;
        question.archived_in_version.reset();
        std::erase_if(form.archived, [&](Question const& old) { return old.key == question.key; });
    }
    for (auto const& question : present.questions) {
        if (find_question(form.questions, question.key) || !answered.contains(question.key))
            continue;
        if (!edit.archive)
            errors.push_back({"questions", "field.question_has_answers", {{"key", question.key}}});
        form.archived.push_back(question);
        form.archived.back().archived_in_version = form.version;
    }
    return errors;
}

std::optional<std::int64_t> days_kept(Question const& question)
{
    if (question.retention_days)
        return question.retention_days;
    return question.special_category ? std::optional(special_category_days) : std::nullopt;
}

}
