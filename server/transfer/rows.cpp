#include "transfer/rows.h"

#include "base/unicode.h"
#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/wall_time.h"

#include <array>

namespace kutsu::transfer
{
namespace
{

void take_programme(json::object& document, Rows& rows)
{
    auto programme = split(std::move(document.at("programme").as_object()), programme_parts);
    document.erase("programme");
    rows.programme.push_back(with_details(std::move(programme)));
}

void take_components(Record& project, Rows& rows)
{
    for (std::size_t ordinal = 0; auto& component : take_objects(project.rest, "components"))
        rows.components.push_back(numbered(split(std::move(component), component_parts), ++ordinal));
}

void take_visa_cases(json::object& document, Rows& rows)
{
    for (std::int64_t ordinal = 0; auto& visa_case : take_objects(document, visa_section))
        rows.secrets.push_back({std::string(visa_section), ++ordinal, std::move(visa_case)});
}

json::object held_row(std::string_view section, std::size_t ordinal, json::value body)
{
    json::object row = {{"section", section}, {"ordinal", ordinal}};
    if (auto const* object = body.if_object())
        row["public_id"] = object->contains("id") ? object->at("id") : nullptr;
    row["body"] = std::move(body);
    return row;
}

// Sections whose rooms are not built yet. A list is held item by item, numbered from 1; anything else as
// number 0.
void take_held(json::object& document, Rows& rows)
{
    constexpr std::array<std::string_view, 3> frame = {"languages", "meta", "read_me"};
    json::object kept;
    for (auto& [name, value] : document) {
        std::string_view const section(name);
        if (std::ranges::find(frame, section) != frame.end() || is_neutral(value)) {
            kept[section] = std::move(value);
            continue;
        }
        if (auto* list = value.if_array()) {
            for (std::size_t ordinal = 0; auto& each : *list)
                rows.held.push_back(held_row(section, ++ordinal, std::move(each)));
        } else {
            rows.held.push_back(held_row(section, 0, std::move(value)));
        }
    }
    document = std::move(kept);
}

}

Rows rows_of(ProjectFile const& file, std::size_t number)
{
    auto const& original = file.projects.at(number).object();
    auto document = original;
    Rows rows;
    take_programme(document, rows);
    auto project = split(std::move(document.at("project").as_object()), project_parts);
    document.erase("project");
    take_components(project, rows);
    take_people(document, file.ids, number, rows);
    take_places(document, rows);
    take_documents(document, rows);
    take_events(document, rows);
    take_registrations(document, original, rows);
    take_visa_cases(document, rows);
    take_held(document, rows);
    auto row = with_details(std::move(project));
    row["document"] = std::move(document);
    rows.project.push_back(std::move(row));
    return rows;
}

void take_places(json::object& document, Rows& rows)
{
    for (std::size_t ordinal = 0; auto& venue : take_objects(document, "venues")) {
        auto record = split(std::move(venue), venue_parts);
        auto const slug = slugify(text_at(record.row, "city"));
        record.row["city_slug"] = slug.empty() ? "city" : slug; // a city of signs that have no Latin letters
        for (std::size_t number = 0; auto& room : take_objects(record.rest, "rooms")) {
            auto row = numbered(split(std::move(room), room_parts), ++number);
            row["venue"] = record.row.at("public_id");
            rows.rooms.push_back(std::move(row));
        }
        rows.venues.push_back(numbered(std::move(record), ++ordinal));
    }
}

std::vector<json::object> take_objects(json::object& parent, std::string_view name)
{
    std::vector<json::object> objects;
    auto const found = parent.find(name);
    if (found == parent.end() || !found->value().is_array() || found->value().get_array().empty())
        return objects;
    for (auto& each : found->value().get_array())
        objects.push_back(std::move(each.as_object()));
    parent.erase(found);
    return objects;
}

json::object numbered(Record record, std::size_t ordinal)
{
    auto row = with_details(std::move(record));
    row["ordinal"] = ordinal;
    return row;
}

std::int64_t instant_ms(json::object const& moment, std::string_view local, std::string_view utc)
{
    auto const at = instant_of(parse_local(text_at(moment, local)).value(), text_at(moment, "tz"),
                               parse_instant(text_at(moment, utc)));
    return to_ms(at.value());
}

void take_span(Record& record)
{
    auto& [row, rest] = record;
    row["time_zone"] = rest.at("tz");
    row["starts_local"] = rest.at("starts_local");
    row["ends_local"] = rest.at("ends_local");
    row["starts_at"] = instant_ms(rest, "starts_local", "starts_utc");
    row["ends_at"] = instant_ms(rest, "ends_local", "ends_utc");
    json::array zones;
    if (auto const* beside = object_at(rest, "also_local")) {
        for (auto const& each : *beside)
            zones.emplace_back(each.key());
    }
    row["other_time_zones"] = std::move(zones);
    for (auto const* name :
         {"tz", "starts_local", "ends_local", "starts_utc", "ends_utc", "utc_offset_at_start", "also_local"})
        rest.erase(name);
}

}
