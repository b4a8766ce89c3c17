#include "registration/people_message.h"

#include "base/messages.h"
#include "base/unicode.h"
#include "events/events_page_parts.h"
#include "html/html.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t longest_subject = 200;
constexpr std::size_t longest_body = 10'000;

// Calls `text` with what stands between places, `place` with the name in braces and its line.
template <class OnText, class OnPlace>
void each_part(std::string_view words, OnText on_text, OnPlace on_place)
{
    for (std::size_t at = 0; at < words.size();) {
        auto const open = std::min(words.find('{', at), words.size());
        on_text(words.substr(at, open - at));
        if (open == words.size())
            return;
        auto const close = words.find('}', open);
        auto const line = 1 + std::ranges::count(words.substr(0, open), '\n');
        auto const end = std::min(close, words.size());
        on_place(words.substr(open + 1, end - open - 1), static_cast<std::int64_t>(line));
        at = end + (close == std::string_view::npos ? 0 : 1);
    }
}

void find_flaws(std::vector<FieldError>& errors, std::string const& field, std::string const& words,
                std::size_t limit)
{
    if (count_characters(words) > limit)
        errors.push_back({field, "field.too_long", {{"limit", static_cast<std::int64_t>(limit)}}});
    each_part(
        words, [](std::string_view) {},
        [&](std::string_view place, std::int64_t line) {
            if (std::ranges::find(placeholders(), place) == placeholders().end())
                errors.push_back({field,
                                  "people.message.unknown_place",
                                  {{"place", std::string(place.substr(0, 50))}, {"line", line}}});
        });
}

std::string place_words(std::string_view language, std::string_view place, Person const& person,
                        events::Event const& event)
{
    if (place == "name")
        return person.name;
    if (place == "event")
        return html::shown(event.title, language).words;
    if (place == "date")
        return events::date_words(language, event.span);
    if (place == "place")
        return event.venue ? html::shown(event.venue->name, language).words : std::string();
    if (place == "status")
        return value_words(language, "status", person.status);
    return person.organisation.value_or("");
}

std::string filled_text(std::string_view words, std::string_view language, Person const& person,
                        events::Event const& event)
{
    std::string result;
    each_part(
        words, [&](std::string_view text) { result += text; },
        [&](std::string_view place, std::int64_t) { result += place_words(language, place, person, event); });
    return result;
}

}

std::vector<std::string_view> const& placeholders()
{
    static std::vector<std::string_view> const all = {"name",  "event",  "date",
                                                      "place", "status", "organisation"};
    return all;
}

std::string MessageWords::language_for(std::string_view wanted, std::string_view fallback) const
{
    for (auto const language : {wanted, fallback}) {
        if (body.contains(language))
            return std::string(language);
    }
    return body.empty() ? std::string(fallback) : body.begin()->first;
}

std::vector<FieldError> flaws(MessageWords const& words)
{
    std::vector<FieldError> errors;
    if (words.body.empty() && words.subject.empty())
        errors.push_back({"body", "field.missing", {}});
    for (auto const& [language, subject] : words.subject) {
        if (!words.body.contains(language))
            errors.push_back({"body." + language, "field.missing", {}});
        find_flaws(errors, "subject." + language, subject, longest_subject);
    }
    for (auto const& [language, body] : words.body) {
        if (!words.subject.contains(language))
            errors.push_back({"subject." + language, "field.missing", {}});
        find_flaws(errors, "body." + language, body, longest_body);
    }
    return errors;
}

FilledMessage filled(MessageWords const& words, Person const& person, events::Event const& event,
                     std::string_view fallback)
{
    auto const language = words.language_for(person.language, fallback);
    auto const subject = words.subject.find(language);
    auto const body = words.body.find(language);
    return {language,
            subject == words.subject.end() ? std::string()
                                           : tidy_line(filled_text(subject->second, language, person, event)),
            body == words.body.end() ? std::string() : filled_text(body->second, language, person, event)};
}

}
