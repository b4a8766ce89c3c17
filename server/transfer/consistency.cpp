#include "transfer/consistency.h"

#include "base/unicode.h"
#include "registration/form_definition.h"
#include "transfer/json_path.h"
#include "transfer/shape_check.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace kutsu::transfer
{
namespace
{

constexpr std::size_t name_limit = 200;

void each_of(json::object const& project, std::string_view pattern, std::string const& path,
             std::function<void(json::object const&, std::string const&)> const& visit)
{
    auto const name = pattern.substr(0, pattern.find('['));
    if (auto const* section = project.if_contains(name)) {
        visit_matches(*section, pattern.substr(name.size()), member(path, name),
                      [&](json::value const& value, std::string const& place) {
                          if (auto const* object = value.if_object())
                              visit(*object, place);
                      });
    }
}

void check_name(json::object const& person, std::string const& path, FileProblems& problems)
{
    auto const* name = object_at(person, "name");
    if (!name)
        return;
    auto const place = member(path, "name");
    for (auto const* script : {"latin", "cyrillic"}) {
        auto const* written = object_at(*name, script);
        if (!written)
            continue;
        for (auto const* part : {"family", "given"}) {
            auto const* text = written->if_contains(part);
            if (text && !text->is_null() && !text->is_string())
                problems.push_back({member(member(place, script), part), "must be text"});
        }
        if (text_at(*written, "family").empty() && text_at(*written, "given").empty())
            problems.push_back({member(place, script), "needs a family name or a given name"});
    }
    auto const names = names_of(person);
    if (!object_at(*name, "latin") && !object_at(*name, "cyrillic"))
        problems.push_back({place, "needs latin or cyrillic"});
    else if (std::max(count_characters(names.name), count_characters(names.other_script)) > name_limit)
        problems.push_back({place, fmt::format("is longer than {} characters", name_limit)});
}

// Pairs and series list their events, and events name their pair and series: both must say the same.
void check_groups(json::object const& project, std::string const& path, std::string_view section,
                  std::string_view name, FileProblems& problems)
{
    std::map<std::string_view, std::string_view> group_of;
    each_of(project, "events[]", path, [&](json::object const& event, std::string const&) {
        group_of[text_at(event, "id")] = text_at(event, name);
    });
    std::set<std::pair<std::string_view, std::string_view>> listed;
    each_of(project, fmt::format("{}[]", section), path,
            [&](json::object const& group, std::string const& place) {
                auto const* events = array_at(group, "events");
                for (std::size_t i = 0; events && i < events->size(); ++i) {
                    auto const* id = (*events)[i].if_string();
                    if (!id)
                        continue;
                    listed.insert({text_at(group, "id"), *id});
                    if (auto const found = group_of.find(*id);
                        found != group_of.end() && found->second != text_at(group, "id"))
                        problems.push_back({item(member(place, "events"), i),
                                            fmt::format("\"{}\" does not name \"{}\" as its {}",
                                                        std::string_view(*id), text_at(group, "id"), name)});
                }
            });
    each_of(project, "events[]", path, [&](json::object const& event, std::string const& place) {
        auto const group = text_at(event, name);
        if (!group.empty() && !listed.contains({group, text_at(event, "id")}))
            problems.push_back({member(place, name), fmt::format("\"{}\" does not list this event", group)});
    });
}

void check_rooms(json::object const& project, std::string const& path, FileProblems& problems)
{
    std::map<std::string_view, std::string_view> venue_of;
    std::set<std::string_view> venues;
    each_of(project, "venues[]", path, [&](json::object const& venue, std::string const& place) {
        venues.insert(text_at(venue, "id"));
        each_of(venue, "rooms[]", place, [&](json::object const& room, std::string const&) {
            venue_of[text_at(room, "id")] = text_at(venue, "id");
        });
    });
    each_of(project, "events[]", path, [&](json::object const& event, std::string const& place) {
        auto const room = venue_of.find(text_at(event, "room"));
        auto const venue = text_at(event, "venue");
        if (room != venue_of.end() && venues.contains(venue) && room->second != venue)
            problems.push_back(
                {member(place, "room"),
                 fmt::format("is in \"{}\", not in the event's venue \"{}\"", room->second, venue)});
    });
}

void check_event(json::object const& event, std::string const& place, FileProblems& problems)
{
    auto const status = text_at(event, "status");
    if (object_at(event, "cancel_reason") && status != "CANCELLED" && status != "POSTPONED")
        problems.push_back(
            {member(place, "cancel_reason"), "is only for an event that is CANCELLED or POSTPONED"});
    each_of(event, "days[]", place, [&](json::object const& day, std::string const& below) {
        if (says_nothing(day.if_contains("date")))
            problems.push_back({member(below, "date"), "must not be empty"});
    });
}

bool is_question_key(std::string_view key)
{
    auto const letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !key.empty() && key.size() <= 50 && letter(key.front()) &&
           std::ranges::all_of(key, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

void check_question(json::object const& question, std::string const& place,
                    std::set<std::string_view> const& keys, FileProblems& problems)
{
    auto const type = text_at(question, "type");
    auto const* options = array_at(question, "options");
    auto const is_choice = type == "CHOICE" || type == "MULTI_CHOICE";
    if (!type.empty() && is_choice != (options && !options->empty()))
        problems.push_back({member(place, "options"), is_choice ? "must list what can be chosen"
                                                                : "are only for CHOICE and MULTI_CHOICE"});
    std::set<std::string_view> values;
    each_of(question, "options[]", place, [&](json::object const& option, std::string const& below) {
        auto const value = text_at(option, "value");
        if (!value.empty() && !values.insert(value).second)
            problems.push_back({member(below, "value"), fmt::format("\"{}\" can be chosen already", value)});
    });
    auto const* condition = object_at(question, "visible_if");
    if (!condition)
        return;
    auto const below = member(place, "visible_if");
    auto const other = text_at(*condition, "question");
    if (!keys.contains(other) || other == text_at(question, "key"))
        problems.push_back({member(below, "question"), "is no other question of this form"});
    if (!array_at(*condition, "in"))
        problems.push_back({member(below, "in"), "must list the answers that make the question visible"});
}

// Questions that would depend on their own answers, by whatever way.
void check_circles(json::object const& form, std::string const& place, FileProblems& problems)
{
    std::vector<registration::Condition> conditions;
    std::vector<std::string> places;
    each_of(form, "questions[]", place, [&](json::object const& question, std::string const& below) {
        auto const* condition = object_at(question, "visible_if");
        conditions.push_back({text_at(question, "key"), condition ? text_at(*condition, "question") : ""});
        places.push_back(member(member(below, "visible_if"), "question"));
    });
    auto const flaws = registration::condition_flaws(conditions);
    for (std::size_t i = 0; i < flaws.size(); ++i) {
        bool const is_own = conditions[i].key == conditions[i].depends_on; // has been told
        if (flaws[i] == registration::ConditionFlaw::circle && !is_own)
            problems.push_back({places[i], "leads back to this question: it would depend on its own answer"});
    }
}

void check_form(json::object const& form, std::string const& place, FileProblems& problems)
{
    auto const* opens = object_at(form, "opens");
    auto const* closes = object_at(form, "closes");
    if (opens && closes && text_at(*opens, "tz") != text_at(*closes, "tz"))
        problems.push_back({member(member(place, "closes"), "tz"), "must be the zone of opens"});
    std::set<std::string_view> keys;
    each_of(form, "questions[]", place, [&](json::object const& question, std::string const& below) {
        auto const key = text_at(question, "key");
        if (key.empty())
            return;
        if (!is_question_key(key))
            problems.push_back(
                {member(below, "key"), "must be small letters, digits and underscores, at most 50"});
        else if (!keys.insert(key).second)
            problems.push_back(
                {member(below, "key"), fmt::format("\"{}\" is the key of another question", key)});
    });
    each_of(form, "questions[]", place, [&](json::object const& question, std::string const& below) {
        check_question(question, below, keys, problems);
    });
    check_circles(form, place, problems);
}

void check_variants(json::object const& report, std::string const& place, FileProblems& problems)
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    each_of(report, "variants[]", place, [&](json::object const& variant, std::string const& below) {
        if (!seen.insert({text_at(variant, "lang"), text_at(variant, "version")}).second)
            problems.push_back({below, "repeats language and version of another variant"});
    });
}

}

void check_records(json::object const& project, std::string const& path, FileProblems& problems)
{
    each_of(project, "people[]", path,
            [&](auto const& person, auto const& place) { check_name(person, place, problems); });
    check_groups(project, path, "event_pairs", "pair", problems);
    check_groups(project, path, "series", "series", problems);
    check_rooms(project, path, problems);
    each_of(project, "events[]", path, [&](json::object const& event, std::string const& place) {
        check_event(event, place, problems);
        if (auto const* form = object_at(event, "registration"))
            check_form(*form, member(place, "registration"), problems);
    });
    each_of(project, "reports[]", path,
            [&](auto const& report, auto const& place) { check_variants(report, place, problems); });
}

PersonNames names_of(json::object const& person)
{
    PersonNames names;
    auto const* name = object_at(person, "name");
    for (auto const* script : {"latin", "cyrillic"}) {
        auto const* written = name ? object_at(*name, script) : nullptr;
        if (!written)
            continue;
        auto const full =
            tidy_line(fmt::format("{} {}", text_at(*written, "given"), text_at(*written, "family")));
        (names.name.empty() ? names.name : names.other_script) = full;
    }
    return names;
}

void check_consistency(json::object const& project, std::string const& path, FileProblems& problems)
{
    check_records(project, path, problems);
    check_seats(project, path, problems);
}

}
