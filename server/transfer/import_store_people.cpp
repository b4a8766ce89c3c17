#include "db/rows.h"
#include "transfer/import_store.h"

namespace kutsu::transfer::store
{

constexpr char new_organisations[] = R"(
    insert into organisation (public_id, project_id, ordinal, section, kind, name, country, city, business_id,
                              email, url, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.section, r.kind, r.name, r.country, r.city,
           r.business_id, r.email, r.url, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, section text, kind text,
           name jsonb, country text, city text, business_id text, email text, url text, details jsonb))";

constexpr char new_components[] = R"(
    insert into component (public_id, project_id, ordinal, organisation_id, kind, fund, name, starts_on, ends_on,
                           details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, o.organisation_id, r.kind, r.fund, r.name,
           r.starts_on, r.ends_on, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, organisation text, kind text,
           fund text, name jsonb, starts_on date, ends_on date, details jsonb)
      left join organisation o on o.public_id = r.organisation)";

constexpr char new_networks[] = R"(
    insert into network (public_id, project_id, ordinal, name, status, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.name, r.status, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, name jsonb, status text,
           details jsonb))";

constexpr char new_network_members[] = R"(
    insert into network_member (network_id, organisation_id, ordinal)
    select n.network_id, o.organisation_id, member.ordinal
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, members text[])
      join network n on n.public_id = r.public_id
      cross join unnest(r.members) with ordinality as member (id, ordinal)
      join organisation o on o.public_id = member.id)";

constexpr char new_people[] = R"(
    insert into person (public_id, project_id, ordinal, organisation_id, role, email, languages, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, o.organisation_id, r.role, r.email,
           coalesce(r.languages, '{}'), r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, organisation text, role text,
           email text, languages text[], details jsonb)
      left join organisation o on o.public_id = r.organisation)";

constexpr char new_names[] = R"(
    insert into person_name (person_id, script, family, given, additional)
    select p.person_id, r.script, coalesce(r.family, ''), coalesce(r.given, ''), r.additional
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (person text, script text, family text, given text,
           additional text)
      join person p on p.public_id = r.person)";

void insert_people(db::Transaction& transaction, Context const& context, Rows const& rows)
{
    db::execute(transaction, new_organisations, context.project_id, rows.organisations);
    db::execute(transaction, new_components, context.project_id, rows.components);
    db::execute(transaction, new_networks, context.project_id, rows.networks);
    db::execute(transaction, new_network_members, rows.networks);
    db::execute(transaction, new_people, context.project_id, rows.people);
    db::execute(transaction, new_names, rows.person_names);
}

}
