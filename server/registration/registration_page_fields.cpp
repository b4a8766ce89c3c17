// Fields that the form and the page of one's own registration share.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "registration/registration_pages.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace kutsu::registration
{
namespace
{

using events::Event;
using events::Session;
using html::Field;
using html::FormState;
using html::Html;
using html::Option;

constexpr std::int64_t name_limit = 200;

std::string session_note(std::string_view language, Event const& event, Session const& session)
{
    auto const times = events::span_words(language, session.span, event.other_time_zones);
    if (!session.capacity)
        return times;
    auto const free = session.free.value_or(0);
    auto const seats = free > 0 ? message(language, "session.free", {{"free", free}})
                                : message(language, "session.full_queue");
    return message(language, "form.session_note", {{"times", times}, {"seats", seats}});
}

std::string text_of(json::value const& value)
{
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void append_answer(std::vector<std::pair<std::string, std::string>>& pairs, std::string const& name,
                   json::value const& value)
{
    if (auto const* several = value.if_array()) {
        for (auto const& each : *several)
            pairs.emplace_back(name, text_of(each));
    } else if (!value.is_null() && !(value.is_bool() && !value.get_bool())) {
        pairs.emplace_back(name, text_of(value));
    }
}

constexpr std::string_view companion_prefix = "companions.";

// "companions.2.name" → 2.
std::optional<int> companion_row(std::string_view name)
{
    int row = 0;
    if (!name.starts_with(companion_prefix))
        return std::nullopt;
    name.remove_prefix(companion_prefix.size());
    auto const [end, failed] = std::from_chars(name.data(), name.data() + name.size(), row);
    return failed == std::errc() && row >= 0 ? std::optional(row) : std::nullopt;
}

}

Field name_field(std::string_view language)
{
    Field field;
    field.name = "name";
    field.label = message(language, "form.name");
    field.required = true;
    field.autocomplete = "name";
    field.maxlength = name_limit;
    field.missing = message(language, "field.name");
    field.invalid = field.missing;
    return field;
}

Field other_script_field(std::string_view language)
{
    Field field;
    field.name = "name_other_script";
    field.label = message(language, "form.name_other_script");
    field.hint = message(language, "form.name_other_script_hint");
    field.maxlength = name_limit;
    return field;
}

Field organisation_field(std::string_view language)
{
    Field field;
    field.name = "organisation";
    field.label = message(language, "form.organisation");
    field.autocomplete = "organization";
    field.maxlength = name_limit;
    return field;
}

void add_language_choice(Html& html, FormState const& form)
{
    Field field;
    field.name = "language";
    field.label = message(form.language, "form.language");
    field.hint = message(form.language, "form.language_hint");
    field.required = true;
    std::vector<Option> options;
    for (auto const& language : languages())
        options.push_back({language, language_name(language, language), language, {}, false});
    html::add_select(html, form, field, options);
}

void add_session_choices(Html& html, FormState const& form, Event const& event)
{
    std::vector<Option> options;
    for (auto const& session : event.sessions) {
        if (!session.sign_up || session.status != "confirmed")
            continue;
        auto const title = html::shown(session.title, form.language);
        options.push_back({session.id, title.words, title.other_language,
                           session_note(form.language, event, session), false});
    }
    if (options.empty())
        return;
    Field field;
    field.name = "sessions";
    field.label = message(form.language, "form.sessions");
    field.hint = message(form.language, "form.sessions_hint");
    html::add_choices(html, form, field, options, true);
}

std::string label_of(std::string_view language, Event const& event, std::string_view field)
{
    static std::map<std::string_view, char const*> const labels = {
        {"name", "form.name"},
        {"email", "form.email"},
        {"organisation", "form.organisation"},
        {"name_other_script", "form.name_other_script"},
        {"attendance", "form.attendance"},
        {"participant_type", "form.participant_type"},
        {"sessions", "form.sessions"},
        {"language", "form.language"},
        {"invitation", "form.invitation"}};
    if (auto const found = labels.find(field); found != labels.end())
        return message(language, found->second);
    if (auto const row = companion_row(field))
        return message(language, "form.companion", {{"number", std::int64_t{*row + 1}}});
    if (!event.form || !field.starts_with("answers."))
        return {};
    auto const question = std::ranges::find(event.form->questions, field.substr(8), &events::Question::key);
    return question == event.form->questions.end() ? std::string()
                                                   : html::shown(question->label, language).words;
}

html::Values values_of(Registration const& registration)
{
    std::vector<std::pair<std::string, std::string>> pairs = {
        {"name", registration.name},
        {"email", registration.email},
        {"language", registration.language},
        {"organisation", registration.organisation.value_or("")},
        {"name_other_script", registration.name_other_script.value_or("")}};
    if (registration.attendance)
        pairs.emplace_back("attendance", *registration.attendance);
    if (registration.participant_type)
        pairs.emplace_back("participant_type", *registration.participant_type);
    for (auto const& session : registration.receipt.sessions)
        pairs.emplace_back("sessions", session.id);
    for (auto const& [key, value] : registration.answers)
        append_answer(pairs, "answers." + std::string(key), value);
    return html::Values(std::move(pairs));
}

std::vector<std::pair<std::string, std::string>>
without_gaps(std::vector<std::pair<std::string, std::string>> fields)
{
    std::map<int, int> places;
    for (auto const& [name, value] : fields) {
        if (auto const row = companion_row(name); row && !value.empty())
            places.emplace(*row, 0);
    }
    for (int next = 0; auto& [row, place] : places)
        place = next++;
    std::erase_if(fields, [&](auto const& field) {
        auto const row = companion_row(field.first);
        return row && !places.contains(*row);
    });
    for (auto& [name, value] : fields) {
        if (auto const row = companion_row(name))
            name = fmt::format("{}{}{}", companion_prefix, places.at(*row), name.substr(name.rfind('.')));
    }
    return fields;
}

}
