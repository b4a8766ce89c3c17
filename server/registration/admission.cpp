#include "registration/admission.h"

#include "base/messages.h"
#include "base/unicode.h"
#include "events/events_page_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

constexpr std::initializer_list<std::string_view> destinations = {"confirmed", "waitlisted", "declined",
                                                                  "cancelled", "pending"};

std::string tidy_reason(ObjectReader& reader, std::string_view field, std::string_view words)
{
    auto tidied = is_clean_utf8(words) ? tidy_text(words) : std::string();
    if (!is_clean_utf8(words))
        reader.fail(field, "field.bad_characters");
    else if (count_characters(tidied) > reason_limit)
        reader.fail(field, "field.too_long", {{"limit", static_cast<std::int64_t>(reason_limit)}});
    return tidied;
}

// One text for everybody, or one a language.
Text read_reason(ObjectReader& reader)
{
    Text reason;
    auto const* value = reader.value("reason");
    if (!value || value->is_null())
        return reason;
    if (value->is_string()) {
        auto const words = tidy_reason(reader, "reason", value->get_string());
        for (auto const& language : languages()) {
            if (!words.empty())
                reason.set(language, words);
        }
        return reason;
    }
    if (!value->is_object()) {
        reader.fail("reason", "field.expected_text");
        return reason;
    }
    for (auto const& [language, words] : value->get_object()) {
        auto const field = fmt::format("reason.{}", std::string_view(language));
        if (!is_language(language))
            reader.fail(field, "field.language");
        else if (!words.is_string())
            reader.fail(field, "field.expected_text");
        else if (auto tidied = tidy_reason(reader, field, words.get_string()); !tidied.empty())
            reason.set(language, std::move(tidied));
    }
    return reason;
}

std::string read_word(ObjectReader& reader, std::string_view name, std::string word, auto const& choices)
{
    if (!word.empty() && std::ranges::find(choices, word) == std::ranges::end(choices))
        reader.fail(name, "field.unknown_choice");
    return word;
}

Verdict read_verdict(json::object const& object, std::vector<FieldError>& errors, std::string path)
{
    ObjectReader reader(object, errors, std::move(path));
    Verdict verdict;
    auto& decision = verdict.decision;
    decision.registration = reader.required_text("registration");
    decision.to = read_word(reader, "to", reader.required_text("to"), destinations);
    auto const chosen =
        read_word(reader, "template", reader.text("template").value_or(""), reason_templates());
    decision.reason = reason_of(chosen, read_reason(reader));
    decision.notify = reader.boolean("notify").value_or(true);
    static constexpr std::initializer_list<std::string_view> instead = {"waitlisted"};
    verdict.or_waitlist = !read_word(reader, "if_full", reader.text("if_full").value_or(""), instead).empty();
    reader.finish();
    return verdict;
}

Problem with_moment(Problem problem, char const* detail, events::Moment const& moment,
                    events::Event const& event, std::string_view language)
{
    problem.detail = detail;
    problem.arguments = {{"moment", events::moment_words(language, moment, event.other_time_zones)}};
    return problem;
}

}

Result<std::vector<Verdict>> decode_verdicts(json::object const& object)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    std::vector<Verdict> verdicts;
    auto const* items = reader.array("items");
    if (!items && !reader.has("items"))
        reader.fail("items", "field.missing");
    if (items && items->size() > most_decisions)
        reader.fail("items", "field.too_many", {{"limit", static_cast<std::int64_t>(most_decisions)}});
    for (std::size_t i = 0; errors.empty() && items && i < items->size(); ++i) {
        auto path = fmt::format("items.{}", i);
        if (auto const* item = (*items)[i].if_object())
            verdicts.push_back(read_verdict(*item, errors, std::move(path)));
        else
            errors.push_back({std::move(path), "field.expected_object", {}});
    }
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return verdicts;
}

std::vector<std::string> const& reason_templates()
{
    static std::vector<std::string> const names = {"not_target", "too_many", "incomplete", "late"};
    return names;
}

Text reason_of(std::string_view reason_template, Text const& own_words)
{
    auto reason = own_words;
    if (reason_template.empty() ||
        std::ranges::find(reason_templates(), reason_template) == reason_templates().end())
        return reason;
    for (auto const& language : languages()) {
        if (!own_words.in(language))
            reason.set(language, message(language, fmt::format("approval.reason.{}", reason_template)));
    }
    return reason;
}

json::object to_json(std::vector<Decided> const& results)
{
    json::array items;
    for (auto const& result : results)
        items.push_back({{"registration", result.registration},
                         {"outcome", result.outcome},
                         {"status", result.status.empty() ? json::value() : json::value(result.status)}});
    return {{"items", std::move(items)}};
}

Problem explained(Problem problem, events::Event const& event, std::string_view language)
{
    auto const& form = event.form;
    if (problem.name == ProblemName::not_open_yet && problem.detail.empty() && form && form->opens)
        return with_moment(std::move(problem), "problem.not-open-yet.until.detail", *form->opens, event,
                           language);
    bool const past_deadline = problem.name == ProblemName::closed && problem.detail.empty() && form &&
                               form->closes && event.status != "cancelled" && event.status != "postponed";
    if (past_deadline)
        return with_moment(std::move(problem), "problem.closed.since.detail", *form->closes, event, language);
    if (problem.name == ProblemName::not_allowed && problem.errors.empty()) {
        problem.detail = "problem.invitation.detail";
        problem.errors = {{"invitation", "field.invitation", {}}};
    }
    return problem;
}

}
