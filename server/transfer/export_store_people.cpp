#include "transfer/export_store.h"

namespace kutsu::transfer::store
{

constexpr char organisations_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select public_id, ordinal, section, kind, name, country, city, business_id, email, url, details
              from organisation where project_id = :project_id) r)";

constexpr char components_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select c.public_id, o.public_id as organisation, c.ordinal, c.kind, c.fund, c.name, c.starts_on,
                   c.ends_on, c.details
              from component c left join organisation o using (organisation_id)
             where c.project_id = :project_id) r)";

constexpr char networks_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select n.public_id, n.ordinal, n.name, n.status, n.details,
                   (select json_agg(o.public_id order by m.ordinal)
                      from network_member m join organisation o using (organisation_id)
                     where m.network_id = n.network_id) as members
              from network n where n.project_id = :project_id) r)";

constexpr char people_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select p.public_id, o.public_id as organisation, p.ordinal, p.role, p.email, p.languages, p.details
              from person p left join organisation o using (organisation_id)
             where p.project_id = :project_id) r)";

constexpr char names_of_people[] = R"(
    select coalesce(json_agg(r), '[]')::text
      from (select p.public_id as person, n.script, n.family, n.given, n.additional
              from person_name n join person p using (person_id)
             where p.project_id = :project_id) r)";

void load_people(db::Reader& reader, std::int64_t project_id, Rows& rows)
{
    rows.organisations = gathered(reader, organisations_of, project_id);
    rows.components = gathered(reader, components_of, project_id);
    rows.networks = gathered(reader, networks_of, project_id);
    rows.people = gathered(reader, people_of, project_id);
    rows.person_names = gathered(reader, names_of_people, project_id);
}

}
