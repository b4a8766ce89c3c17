// A submission against its event: the sessions that may be chosen, and what the plain HTML form sends.
#include "base/unicode.h"
#include "registration/registration.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace kutsu::registration
{
namespace
{

using events::Question;

constexpr int companion_rows_at_most = 100;

std::set<std::string_view> const plain_fields = {
    "submission_id",   "name",       "email",      "language",
    "organisation",    "attendance", "invitation", "name_other_script",
    "participant_type"};

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
        if (failed == std::errc() && row >= 0 && row < companion_rows_at_most && member.size() > 1 &&
            member.front() == '.')
            rows[row][member.substr(1)] = value;
    }
    json::array companions;
    for (auto& [row, object] : rows)
        companions.push_back(std::move(object));
    return companions;
}

}

void check_sessions(std::vector<std::string> const& ids, events::Event const& event,
                    std::vector<FieldError>& errors)
{
    for (auto const& id : ids) {
        auto const found = std::ranges::find(event.sessions, id, &events::Session::id);
        if (found == event.sessions.end() || !found->sign_up || found->status != "confirmed") {
            errors.push_back({"sessions", "field.unknown_session", {}});
            return;
        }
    }
    bool const may_overlap = event.form && event.form->session_overlap == "warn";
    if (!may_overlap && overlap(ids, event))
        errors.push_back({"sessions", "field.sessions_overlap", {}});
}

std::vector<FieldError> check(Submission& submission, events::Event const& event)
{
    auto errors = check_answers(submission.answers, event);
    check_sessions(submission.sessions, event, errors);
    check_participant_type(submission.participant_type, event, errors);
    return errors;
}

void check_participant_type(std::optional<std::string> const& type, events::Event const& event,
                            std::vector<FieldError>& errors)
{
    std::vector<std::string> types;
    for (auto const& pool : event.form ? event.form->pools : std::vector<events::SeatPool>()) {
        if (pool.by == "participant_type")
            types.push_back(pool.key);
    }
    if (!type && !types.empty())
        errors.push_back({"participant_type", "field.missing", {}});
    else if (type && std::ranges::find(types, *type) == types.end())
        errors.push_back({"participant_type", "field.unknown_choice", {}});
}

std::vector<std::string> warnings_of(std::vector<std::string> const& session_ids, events::Event const& event)
{
    bool const warns = event.form && event.form->session_overlap == "warn";
    return warns && overlap(session_ids, event) ? std::vector<std::string>{"sessions_overlap"}
                                                : std::vector<std::string>();
}

json::object object_from_form(std::vector<std::pair<std::string, std::string>> const& fields,
                              events::Event const& event)
{
    json::object object;
    json::array sessions;
    std::map<std::string, std::vector<std::string>> answers;
    for (auto const& [name, value] : fields) {
        if (plain_fields.contains(name) && !object.contains(name) &&
            !(value.empty() && name != "name" && name != "email"))
            object[name] = value;
        else if (name == "sessions" && !value.empty())
            sessions.emplace_back(value);
        else if (name.starts_with("answers."))
            answers[name.substr(8)].push_back(value);
    }
    json::object given;
    for (auto const& [key, texts] : answers) {
        auto const* question = event.form ? find_question(event.form->questions, key) : nullptr;
        given[key] = question ? value_from_form(*question, texts) : json::value(texts.front());
    }
    object["answers"] = std::move(given);
    object["sessions"] = std::move(sessions);
    object["companions"] = companions_from_form(fields);
    return object;
}

json::object submission_from_form(std::vector<std::pair<std::string, std::string>> const& fields,
                                  events::Event const& event)
{
    // What tells people from programs; not part of what is submitted.
    static std::set<std::string_view> const signals = {"website", "form_time"};
    auto object = object_from_form(fields, event);
    for (auto const& [name, value] : fields) {
        bool const known = plain_fields.contains(name) || signals.contains(name) || name == "sessions" ||
                           name.starts_with("answers.") || name.starts_with("companions.");
        if (!known)
            object[name] = value;
    }
    return object;
}

}
