#include "transfer/export_store.h"

#include "db/rows.h"
#include "transfer/file_text.h"

#include <boost/describe.hpp>

namespace kutsu::transfer
{
BOOST_DESCRIBE_STRUCT(ProjectSummary, (), (id, acronym, title, events, registrations))
}

namespace kutsu::transfer::store
{

BOOST_DESCRIBE_STRUCT(ProjectKey, (), (project_id, id))
BOOST_DESCRIBE_STRUCT(Sealed, (), (section, ordinal, sealed))

constexpr char longer_limits[] = R"(
    select set_config('statement_timeout', '120s', true)
        || set_config('idle_in_transaction_session_timeout', '600s', true))";

void allow_a_long_time(db::Reader& reader)
{
    db::get<std::string>(reader, longer_limits);
}

json::array gathered(db::Reader& reader, std::string_view question, std::int64_t project_id)
{
    auto value = read_trusted(db::get<std::string>(reader, question, project_id));
    return std::move(value.as_array());
}

constexpr char project_keys[] = R"(
    select project_id, public_id as id from project order by project_id)";

std::vector<ProjectKey> list_project_keys(db::Reader& reader)
{
    return db::list<ProjectKey>(reader, project_keys);
}

constexpr char summaries[] = R"(
    select p.public_id as id, p.acronym, p.title,
           (select count(*) from event e where e.project_id = p.project_id) as events,
           (select count(*) from registration g join event e using (event_id)
             where e.project_id = p.project_id) as registrations
      from project p order by p.project_id)";

std::vector<ProjectSummary> list_summaries(db::Reader& reader)
{
    return db::list<ProjectSummary>(reader, summaries);
}

constexpr char programme_of[] = R"(
    select coalesce(json_agg(r), '[]')::text
      from (select g.public_id, g.code, g.period, g.name, g.funding_statement, g.details
              from programme g join project p using (programme_id)
             where p.project_id = :project_id) r)";

constexpr char project_of[] = R"(
    select coalesce(json_agg(r), '[]')::text
      from (select p.public_id, g.public_id as programme, p.acronym, p.number, p.title, p.summary, p.starts_on,
                   p.ends_on, p.document, p.details
              from project p join programme g using (programme_id)
             where p.project_id = :project_id) r)";

constexpr char venues_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select public_id, ordinal, name, city, country, latitude, longitude, time_zone, details
              from venue where project_id = :project_id) r)";

constexpr char rooms_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select m.public_id, v.public_id as venue, m.ordinal, m.name, m.capacity, m.details
              from room m join venue v using (venue_id)
             where v.project_id = :project_id) r)";

constexpr char documents_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select public_id, ordinal, code, title, abstract, ms(embargo_until) as embargo_until, details
              from document where project_id = :project_id) r)";

constexpr char variants_of[] = R"(
    select coalesce(json_agg(r order by r.ordinal), '[]')::text
      from (select d.public_id as document, v.ordinal, v.language, v.role, v.status, nullif(v.version, '') as version,
                   v.details
              from document_variant v join document d using (document_id)
             where d.project_id = :project_id) r)";

constexpr char held_of[] = R"(
    select coalesce(json_agg(r order by r.section, r.ordinal), '[]')::text
      from (select section, ordinal, body from held_record where project_id = :project_id) r)";

Rows load_rows(db::Reader& reader, std::int64_t project_id)
{
    Rows rows;
    rows.programme = gathered(reader, programme_of, project_id);
    rows.project = gathered(reader, project_of, project_id);
    load_people(reader, project_id, rows);
    rows.venues = gathered(reader, venues_of, project_id);
    rows.rooms = gathered(reader, rooms_of, project_id);
    rows.documents = gathered(reader, documents_of, project_id);
    rows.variants = gathered(reader, variants_of, project_id);
    load_events(reader, project_id, rows);
    load_registrations(reader, project_id, rows);
    rows.held = gathered(reader, held_of, project_id);
    return rows;
}

constexpr char sealed_of[] = R"(
    select section, ordinal, encode(sealed, 'hex') as sealed
      from vault_record where project_id = :project_id order by section, ordinal)";

std::vector<Sealed> list_sealed(db::Reader& reader, std::int64_t project_id)
{
    return db::list<Sealed>(reader, sealed_of, project_id);
}

}
