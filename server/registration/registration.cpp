#include "registration/registration.h"

#include "base/messages.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t name_limit = 200;
constexpr std::size_t session_limit = 50;
constexpr std::size_t companion_limit = 9;
constexpr std::size_t answer_limit = 100;

// "3F2504E0-4F89-11D3-9A0C-0305E82C3301" in lower case, or nothing when it is no UUID.
std::optional<std::string> uuid(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    std::string lower;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool const hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex)
            return std::nullopt;
        lower += c;
    }
    return lower;
}

std::optional<std::string> short_line(ObjectReader& reader, std::string_view name)
{
    auto const given = reader.text(name);
    if (!given)
        return std::nullopt;
    auto line = tidy_line(*given);
    if (count_characters(line) > name_limit)
        reader.fail(name, "field.too_long", {{"limit", static_cast<std::int64_t>(name_limit)}});
    return line.empty() ? std::nullopt : std::optional(line);
}

void read_person(ObjectReader& reader, std::string& name, std::string& email, std::size_t errors_before,
                 std::vector<FieldError> const& errors)
{
    name = tidy_line(reader.required_text("name"));
    if (errors.size() == errors_before && (name.empty() || count_characters(name) > name_limit))
        reader.fail("name", "field.name");
    auto const before_email = errors.size();
    email = tidy_line(reader.required_text("email"));
    if (errors.size() == before_email && !is_email(email))
        reader.fail("email", "field.email");
}

void read_companions(ObjectReader& reader, std::vector<FieldError>& errors,
                     std::vector<Companion>& companions)
{
    auto const* list = reader.array("companions");
    if (!list)
        return;
    if (list->size() > companion_limit)
        return reader.fail("companions", "field.too_many",
                           {{"limit", static_cast<std::int64_t>(companion_limit)}});
    for (std::size_t i = 0; auto const& each : *list) {
        auto const path = fmt::format("companions.{}", i++);
        if (!each.is_object()) {
            errors.push_back({path, "field.expected_object", {}});
            continue;
        }
        ObjectReader companion(each.get_object(), errors, path);
        auto const before = errors.size();
        Companion person{tidy_line(companion.required_text("name")), companion.text("email")};
        if (errors.size() == before && (person.name.empty() || count_characters(person.name) > name_limit))
            companion.fail("name", "field.name");
        if (person.email && person.email->empty())
            person.email.reset();
        if (person.email && !is_email(*person.email))
            companion.fail("email", "field.email");
        companion.finish();
        companions.push_back(std::move(person));
    }
}

void read_sessions(ObjectReader& reader, std::vector<std::string>& sessions)
{
    auto const* list = reader.array("sessions");
    if (!list)
        return;
    if (list->size() > session_limit)
        return reader.fail("sessions", "field.too_many",
                           {{"limit", static_cast<std::int64_t>(session_limit)}});
    for (auto const& each : *list) {
        if (!each.is_string())
            return reader.fail("sessions", "field.expected_text");
        std::string id(each.get_string());
        if (std::ranges::find(sessions, id) != sessions.end())
            return reader.fail("sessions", "field.session_twice");
        sessions.push_back(std::move(id));
    }
}

void read_answers(ObjectReader& reader, json::object& answers)
{
    auto const* object = reader.object("answers");
    if (!object)
        return;
    if (object->size() > answer_limit)
        return reader.fail("answers", "field.too_many", {{"limit", static_cast<std::int64_t>(answer_limit)}});
    answers = *object;
}

std::optional<std::string> read_attendance(ObjectReader& reader)
{
    auto attendance = reader.text("attendance");
    if (!attendance || attendance->empty())
        return std::nullopt;
    if (*attendance != "on_site" && *attendance != "remote")
        reader.fail("attendance", "field.unknown_choice");
    return attendance;
}

std::string known_language(ObjectReader& reader, std::string_view fallback)
{
    auto language = reader.text("language").value_or("");
    if (language.empty())
        return std::string(fallback);
    if (!is_language(language))
        reader.fail("language", "field.language");
    return language;
}

}

Result<Submission> decode_submission(json::object const& object, std::string_view page_language,
                                     bool id_required)
{
    std::vector<FieldError> errors;
    auto submission = decode_submission(object, page_language, id_required, errors);
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return submission;
}

Submission decode_submission(json::object const& object, std::string_view page_language, bool id_required,
                             std::vector<FieldError>& errors)
{
    ObjectReader reader(object, errors);
    Submission submission;
    if (auto const id =
            id_required ? std::optional(reader.required_text("submission_id")) : reader.text("submission_id");
        id && errors.empty()) {
        if (auto const known = uuid(*id))
            submission.submission_id = *known;
        else
            reader.fail("submission_id", "field.submission_id");
    }
    submission.event = reader.text("event").value_or("");
    read_person(reader, submission.name, submission.email, errors.size(), errors);
    submission.language = known_language(reader, page_language);
    submission.organisation = short_line(reader, "organisation");
    submission.name_other_script = short_line(reader, "name_other_script");
    submission.attendance = read_attendance(reader);
    submission.participant_type = short_line(reader, "participant_type");
    read_answers(reader, submission.answers);
    read_sessions(reader, submission.sessions);
    read_companions(reader, errors, submission.companions);
    submission.invitation = short_line(reader, "invitation");
    reader.finish();
    return submission;
}

Result<Change> decode_change(json::object const& object)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    Change change;
    if (reader.has("name")) {
        change.name = tidy_line(reader.required_text("name"));
        if (errors.empty() && (change.name->empty() || count_characters(*change.name) > name_limit))
            reader.fail("name", "field.name");
    }
    if (reader.has("organisation"))
        change.organisation = short_line(reader, "organisation").value_or("");
    if (reader.has("name_other_script"))
        change.name_other_script = short_line(reader, "name_other_script").value_or("");
    if (reader.has("language"))
        change.language = known_language(reader, "");
    change.attendance = read_attendance(reader);
    change.participant_type = short_line(reader, "participant_type");
    if (reader.has("answers"))
        read_answers(reader, change.answers.emplace());
    if (reader.has("sessions"))
        read_sessions(reader, change.sessions.emplace());
    // The methods of the socket carry the token beside the changes.
    reader.value("token");
    reader.finish();
    if (change.language && change.language->empty())
        change.language.reset();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return change;
}

std::string canonical_contents(Submission const& submission)
{
    json::array companions;
    for (auto const& companion : submission.companions)
        companions.push_back({{"name", companion.name}, {"email", companion.email.value_or("")}});
    auto sessions = submission.sessions;
    std::ranges::sort(sessions);
    // A map, so that the order in which a client wrote its keys does not matter.
    std::map<std::string, json::value> answers;
    for (auto const& [key, value] : submission.answers)
        answers.emplace(key, value);
    auto contents = json::value_from(std::tuple(submission.event, submission.name, submission.email,
                                                submission.language, submission.organisation.value_or(""),
                                                submission.name_other_script.value_or(""),
                                                submission.attendance.value_or(""), answers, sessions,
                                                companions, submission.invitation.value_or("")));
    // At the end and only when given: submissions of before there were pools keep their contents.
    if (submission.participant_type)
        contents.as_array().push_back(json::string(*submission.participant_type));
    return json::serialize(contents);
}

json::object to_json(Receipt const& receipt)
{
    json::array sessions;
    for (auto const& session : receipt.sessions)
        sessions.push_back({{"id", session.id}, {"status", session.status}});
    json::object object{{"token", receipt.token},
                        {"status", receipt.status},
                        {"position", nullptr},
                        {"event", receipt.event},
                        {"seats", events::to_json(receipt.seats)},
                        {"sessions", std::move(sessions)}};
    if (receipt.position)
        object["position"] = *receipt.position;
    if (!receipt.warnings.empty())
        object["warnings"] = json::array(receipt.warnings.begin(), receipt.warnings.end());
    return object;
}

json::object to_json(Registration const& registration)
{
    auto object = to_json(registration.receipt);
    object["name"] = registration.name;
    object["email"] = registration.email;
    object["language"] = registration.language;
    if (registration.organisation)
        object["organisation"] = *registration.organisation;
    if (registration.name_other_script)
        object["name_other_script"] = *registration.name_other_script;
    if (registration.attendance)
        object["attendance"] = *registration.attendance;
    if (registration.participant_type)
        object["participant_type"] = *registration.participant_type;
    object["answers"] = registration.answers;
    json::array companions;
    for (auto const& companion : registration.companions) {
        json::object person{{"name", companion.name}};
        if (companion.email)
            person["email"] = *companion.email;
        companions.push_back(std::move(person));
    }
    object["companions"] = std::move(companions);
    if (registration.offer_expires_at)
        object["offer_expires_at"] = format_utc(*registration.offer_expires_at);
    object["version"] = registration.version;
    return object;
}

}
