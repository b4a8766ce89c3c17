#include "transfer/project_file.h"

#include "base/local_time.h"
#include "transfer/consistency.h"
#include "transfer/file_text.h"
#include "transfer/json_path.h"
#include "transfer/shape_check.h"
#include "transfer/wall_time.h"

#include <fmt/format.h>

#include <set>

namespace kutsu::transfer
{
namespace
{

void check_format(json::object const& object, std::string const& path, bool must_say, FileProblems& problems)
{
    auto const* format = object.if_contains("format");
    if (!format && !must_say)
        return;
    if (!format)
        problems.push_back(
            {member(path, "format"), fmt::format("is missing: it must be \"{}\"", file_format)});
    else if (!format->is_string() || std::string_view(format->get_string()) != file_format)
        problems.push_back({member(path, "format"), fmt::format("must be \"{}\"", file_format)});
}

ProjectPart part_of(json::object& object, std::string path)
{
    object.erase("format");
    return {std::move(object), std::move(path)};
}

std::vector<ProjectPart> several_projects(json::object& root, FileProblems& problems)
{
    std::vector<ProjectPart> parts;
    for (auto const& [name, value] : root) {
        if (name != "format" && name != "projects")
            problems.push_back({member("$", name), "stands beside projects, where nothing else may stand"});
    }
    auto* list = root.at("projects").if_array();
    if (!list)
        problems.push_back({"$.projects", "must be a list"});
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        auto const path = item("$.projects", i);
        auto* object = (*list)[i].if_object();
        if (!object) {
            problems.push_back({path, "must be an object"});
            continue;
        }
        check_format(*object, path, false, problems);
        parts.push_back(part_of(*object, path));
    }
    return parts;
}

std::vector<ProjectPart> parts_of(json::value& document, FileProblems& problems)
{
    auto* root = document.if_object();
    if (!root) {
        problems.push_back({"$", "must be an object"});
        return {};
    }
    check_format(*root, "$", true, problems);
    if (root->contains("projects"))
        return several_projects(*root, problems);
    std::vector<ProjectPart> parts;
    parts.push_back(part_of(*root, "$"));
    return parts;
}

void check_all_times(json::value const& project, std::string const& path, FileProblems& problems)
{
    visit_all(project, path, [&](json::value const& value, std::string const& place) {
        if (auto const* object = value.if_object())
            std::ranges::move(check_times(*object, place), std::back_inserter(problems));
    });
}

// PostgreSQL's calendar has no year 0.
bool exists(std::string_view text)
{
    if (time_form(text) != TimeForm::none && text.starts_with("0000"))
        return false;
    switch (time_form(text)) {
    case TimeForm::day:
        return parse_day(text).has_value();
    case TimeForm::local:
        return parse_local(text).has_value();
    case TimeForm::stamp:
        return parse_instant(text).has_value();
    case TimeForm::none:
        break;
    }
    return true;
}

// Whatever looks like a time has to be one, also where no shape is known: later rooms rely on it, and so does
// moving a whole project in time.
void check_calendar(json::value const& project, std::string const& path, FileProblems& problems)
{
    std::set<std::string> known;
    for (auto const& problem : problems)
        known.insert(problem.path);
    visit_all(project, path, [&](json::value const& value, std::string const& place) {
        if (auto const* text = value.if_string(); text && !exists(*text) && !known.contains(place))
            problems.push_back(
                {place, fmt::format("\"{}\" is not on the calendar", std::string_view(*text))});
        if (auto const* object = value.if_object()) {
            for (auto const& each : *object) {
                if (!exists(each.key()))
                    problems.push_back(
                        {member(place, each.key()), "is named after a day that is not on the calendar"});
            }
        }
    });
}

// Events are found by slug; an event without one is found by its id. Ids that repeat are reported as such.
void check_slugs(std::vector<ProjectPart> const& parts, FileProblems& problems)
{
    struct Address
    {
        std::string path;
        bool by_slug = false;
    };
    std::map<std::string, Address, std::less<>> seen;
    for (auto const& part : parts) {
        visit_matches(
            part.document, "events[]", part.path, [&](json::value const& value, std::string const& place) {
                auto const* event = value.if_object();
                auto const by_slug = event && !text_at(*event, "slug").empty();
                auto const address = event ? text_at(*event, by_slug ? "slug" : "id") : std::string_view();
                auto const [earlier, is_new] =
                    seen.try_emplace(std::string(address), Address{place, by_slug});
                if (!is_new && (by_slug || earlier->second.by_slug))
                    problems.push_back(
                        {member(place, by_slug ? "slug" : "id"),
                         fmt::format("\"{}\" is the address of {} already", address, earlier->second.path)});
            });
    }
}

// A programme may fund several projects of a file, if all of them say the same of it.
void check_programmes(std::vector<ProjectPart> const& parts, FileProblems& problems)
{
    std::map<std::string_view, json::object const*> seen;
    for (auto const& part : parts) {
        auto const* programme = object_at(part.object(), "programme");
        if (!programme)
            continue;
        auto const [earlier, is_new] = seen.try_emplace(text_at(*programme, "id"), programme);
        if (!is_new && *earlier->second != *programme)
            problems.push_back(
                {member(part.path, "programme"), "differs from the same programme of another project"});
    }
}

FileProblems in_order_once(FileProblems problems)
{
    std::set<std::pair<std::string, std::string>> seen;
    FileProblems once;
    for (auto& problem : problems) {
        if (seen.insert({problem.path, problem.reason}).second)
            once.push_back(std::move(problem));
    }
    return once;
}

}

std::expected<ProjectFile, FileProblems> check_document(json::value document)
{
    FileProblems problems;
    ProjectFile file;
    file.projects = parts_of(document, problems);
    for (std::size_t i = 0; i < file.projects.size(); ++i)
        declare_ids(file.projects[i].document, file.projects[i].path, i, file.ids, problems);
    for (std::size_t i = 0; i < file.projects.size(); ++i) {
        auto const& part = file.projects[i];
        check_shapes(part.document, part.path, i, file.ids, problems);
        check_all_times(part.document, part.path, problems);
        check_consistency(part.object(), part.path, problems);
        check_calendar(part.document, part.path, problems);
    }
    check_slugs(file.projects, problems);
    check_programmes(file.projects, problems);
    if (!problems.empty())
        return std::unexpected(in_order_once(std::move(problems)));
    return file;
}

std::expected<ProjectFile, FileProblems> read_project_file(std::string_view text)
{
    auto document = read_text(text);
    if (!document)
        return std::unexpected(std::move(document.error()));
    return check_document(std::move(*document));
}

}
