#include "registration/people_words.h"

#include "base/messages.h"
#include "html/html.h"
#include "registration/people_export.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

constexpr std::string_view answer_prefix = "answer.";

events::Question const* question_of(events::Event const& event, std::string_view facet)
{
    if (!event.form || !facet.starts_with(answer_prefix))
        return nullptr;
    auto const found =
        std::ranges::find(event.form->questions, facet.substr(answer_prefix.size()), &events::Question::key);
    return found == event.form->questions.end() ? nullptr : &*found;
}

// Values of booleans travel as text.
json::value answer_of(events::Question const& question, std::string_view value)
{
    if (question.type == "boolean" || question.type == "consent")
        return value == "true";
    return json::value(value);
}

std::string pool_words(std::string_view language, events::Event const& event, std::string_view key)
{
    if (event.form) {
        for (auto const& pool : event.form->pools) {
            if (pool.key == key)
                return html::shown(pool.label, language).words;
        }
    }
    return std::string(key);
}

}

std::string value_words(std::string_view language, std::string_view facet, std::string_view value)
{
    if (value.empty())
        return message(language, "people.none");
    if (facet == "language")
        return is_language(value) ? language_name(language, value) : std::string(value);
    auto const key = fmt::format("people.{}.{}", facet, value);
    return has_message(language, key) ? message(language, key) : std::string(value);
}

std::string type_words(std::string_view language, events::Event const& event, Person const& person)
{
    if (person.participant_type && person.role == "attendee")
        return pool_words(language, event, *person.participant_type);
    return value_words(language, "role", person.role);
}

std::string facet_value_words(std::string_view language, events::Event const& event, std::string_view facet,
                              std::string_view value)
{
    if (auto const* question = question_of(event, facet))
        return value.empty() ? message(language, "people.not_answered")
                             : answer_words(*question, answer_of(*question, value), language);
    if (value.empty())
        return value_words(language, facet, value);
    if (facet == "session") {
        auto const session = std::ranges::find(event.sessions, value, &events::Session::id);
        return session == event.sessions.end() ? std::string(value)
                                               : html::shown(session->title, language).words;
    }
    return facet == "participant_type" ? pool_words(language, event, value)
                                       : value_words(language, facet, value);
}

std::string facet_words(std::string_view language, events::Event const& event, std::string_view facet)
{
    if (auto const* question = question_of(event, facet))
        return html::shown(question->label, language).words;
    auto const key = fmt::format("people.facet.{}", facet);
    return has_message(language, key) ? message(language, key) : std::string(facet);
}

std::string filter_words(std::string_view language, events::Event const& event, PeopleFilter const& filter)
{
    std::vector<std::string> parts;
    if (!filter.q.empty())
        parts.push_back(message(language, "people.filter.q", {{"q", filter.q}}));
    for (auto const& [facet, values] : filter.choices) {
        if (facet == "id") {
            parts.push_back(message(language, "people.filter.chosen"));
            continue;
        }
        std::vector<std::string> words;
        for (auto const& value : values)
            words.push_back(facet_value_words(language, event, facet, value));
        parts.push_back(message(language, "people.filter.part",
                                {{"thing", facet_words(language, event, facet)},
                                 {"values", fmt::format("{}", fmt::join(words, ", "))}}));
    }
    return parts.empty() ? message(language, "people.filter.everybody")
                         : fmt::format("{}", fmt::join(parts, "; "));
}

}
