#include "transfer/document.h"

#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/wall_time.h"

namespace kutsu::transfer
{
namespace
{

void put_held(Rows const& rows, json::object& document)
{
    for (auto const& each : rows.held) {
        auto const& row = each.as_object();
        auto const section = text_at(row, "section");
        if (row.at("ordinal") == 0) {
            document[section] = row.at("body");
            continue;
        }
        auto& list = document[section];
        if (!list.is_array())
            list.emplace_array();
        list.get_array().push_back(row.at("body"));
    }
}

void put_visa_cases(Rows const& rows, json::object& document)
{
    json::array cases;
    for (auto const& secret : rows.secrets) {
        if (secret.section == visa_section)
            cases.push_back(secret.body);
    }
    put_list(document, visa_section, std::move(cases));
}

}

json::object document_of(Rows const& rows)
{
    json::object document;
    document["programme"] = join(rows.programme.at(0).as_object(), programme_parts);
    document["project"] = project_object(rows);
    if (auto const* frame = object_at(rows.project.at(0).as_object(), "document"))
        document.insert(frame->begin(), frame->end());
    put_people(rows, document);
    put_places(rows, document);
    put_events(rows, document);
    put_documents(rows, document);
    put_visa_cases(rows, document);
    put_held(rows, document);
    put_registrations(rows, document);
    json::value value = std::move(document);
    derive_all_times(value);
    return std::move(value.get_object());
}

json::object project_object(Rows const& rows)
{
    auto project = join(rows.project.at(0).as_object(), project_parts);
    json::array components;
    for (auto const& row : rows.components)
        components.push_back(join(row.as_object(), component_parts));
    put_list(project, "components", std::move(components));
    return project;
}

void put_places(Rows const& rows, json::object& document)
{
    Grouped const all_rooms(rows.rooms, "venue");
    json::array venues;
    for (auto const& row : rows.venues) {
        auto venue = join(row.as_object(), venue_parts);
        json::array rooms;
        for (auto const* room : all_rooms.of(text_at(row.as_object(), "public_id")))
            rooms.push_back(join(*room, room_parts));
        put_list(venue, "rooms", std::move(rooms));
        venues.push_back(std::move(venue));
    }
    put_list(document, "venues", std::move(venues));
}

void put_list(json::object& object, std::string_view name, json::array list)
{
    if (!list.empty())
        object[name] = std::move(list);
}

Grouped::Grouped(json::array const& rows, std::string_view column)
{
    for (auto const& row : rows)
        groups_[text_at(row.as_object(), column)].push_back(&row.as_object());
}

std::vector<json::object const*> const& Grouped::of(std::string_view id) const
{
    static std::vector<json::object const*> const none;
    auto const found = groups_.find(id);
    return found == groups_.end() ? none : found->second;
}

void derive_all_times(json::value& value)
{
    if (auto* object = value.if_object()) {
        for (auto& each : *object)
            derive_all_times(each.value());
        derive_times(*object);
    } else if (auto* list = value.if_array()) {
        for (auto& each : *list)
            derive_all_times(each);
    }
}

}
