// Projects, venues and their rooms.
#include "db/rows.h"
#include "events/events_store_parts.h"

#include <boost/describe.hpp>

namespace kutsu::events::store
{
namespace
{

struct ProjectRow
{
    std::int64_t project_id = 0;
    std::string id;
    std::string acronym;
    std::string number;
    Text title;
    Text summary;
    std::string programme;
    Text programme_name;
    Text funding_statement;
};
BOOST_DESCRIBE_STRUCT(ProjectRow, (),
                      (project_id, id, acronym, number, title, summary, programme, programme_name,
                       funding_statement))

struct VenueRow
{
    std::int64_t venue_id = 0;
    std::string id;
    Text name;
    std::string city;
    std::string city_slug;
    std::string country;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string time_zone;
    std::string address_latin;
    std::string address_cyrillic;
};
BOOST_DESCRIBE_STRUCT(VenueRow, (),
                      (venue_id, id, name, city, city_slug, country, latitude, longitude, time_zone,
                       address_latin, address_cyrillic))

struct RoomRow
{
    std::int64_t room_id = 0;
    std::string id;
    Text name;
    std::optional<std::int64_t> capacity;
    bool accessible = false;
    bool induction_loop = false;
};
BOOST_DESCRIBE_STRUCT(RoomRow, (), (room_id, id, name, capacity, accessible, induction_loop))

}

std::map<std::int64_t, std::shared_ptr<Project const>> projects(db::Reader& reader)
{
    std::map<std::int64_t, std::shared_ptr<Project const>> found;
    for (auto& row : db::list<ProjectRow>(reader, R"(
            select p.project_id, p.public_id as id, p.acronym, coalesce(p.number, '') as number, p.title, p.summary,
                   g.public_id as programme, g.name as programme_name, g.funding_statement
              from project p join programme g using (programme_id))"))
        found[row.project_id] = std::make_shared<Project const>(
            Project{row.id, row.acronym, row.number, row.title, row.summary,
                    Programme{row.programme, row.programme_name, row.funding_statement}});
    return found;
}

std::map<std::int64_t, Venue> venues(db::Reader& reader)
{
    std::map<std::int64_t, Venue> found;
    for (auto& row : db::list<VenueRow>(reader, R"(
            select venue_id, public_id as id, name, city, city_slug, coalesce(country, '') as country, latitude,
                   longitude, time_zone, coalesce(details -> 'address' ->> 'Latn', '') as address_latin,
                   coalesce(details -> 'address' ->> 'Cyrl', '') as address_cyrillic
              from venue)"))
        found[row.venue_id] =
            Venue{row.id,       row.name,      row.city,      row.city_slug,     row.country,
                  row.latitude, row.longitude, row.time_zone, row.address_latin, row.address_cyrillic};
    return found;
}

std::map<std::int64_t, Room> rooms(db::Reader& reader)
{
    std::map<std::int64_t, Room> found;
    for (auto& row : db::list<RoomRow>(reader, R"(
            select room_id, public_id as id, name, capacity,
                   coalesce((details ->> 'accessible')::boolean, false) as accessible,
                   coalesce((details ->> 'induction_loop')::boolean, false) as induction_loop
              from room)"))
        found[row.room_id] = Room{row.id, row.name, row.capacity, row.accessible, row.induction_loop};
    return found;
}

}
