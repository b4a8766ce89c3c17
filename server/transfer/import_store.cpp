#include "transfer/import_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::transfer::store
{

BOOST_DESCRIBE_STRUCT(Wanted, (), (kind, id))

constexpr char taken_ids[] = R"(
    select w.kind, w.id
      from jsonb_to_recordset(cast(:wanted as jsonb)) as w (kind text, id text)
     where (w.kind = 'project' and exists (select from project where public_id = w.id))
        or (w.kind = 'component' and exists (select from component where public_id = w.id))
        or (w.kind in ('organisation', 'company') and exists (select from organisation where public_id = w.id))
        or (w.kind = 'network' and exists (select from network where public_id = w.id))
        or (w.kind = 'person' and exists (select from person where public_id = w.id))
        or (w.kind = 'venue' and exists (select from venue where public_id = w.id))
        or (w.kind = 'room' and exists (select from room where public_id = w.id))
        or (w.kind = 'event pair' and exists (select from event_pair where public_id = w.id))
        or (w.kind = 'series' and exists (select from series where public_id = w.id))
        or (w.kind = 'slug' and exists (select from event where slug = w.id))
        or (w.kind in ('event', 'session') and (exists (select from event where public_id = w.id)
                                                or exists (select from session where public_id = w.id)))
        or (w.kind = 'report' and exists (select from document where public_id = w.id))
        or (w.kind = 'registration' and exists (select from registration where public_id = w.id)))";

std::vector<Wanted> list_taken(db::Reader& reader, json::array const& wanted)
{
    return db::list<Wanted>(reader, taken_ids, wanted);
}

constexpr char other_programmes[] = R"(
    select count(*)
      from jsonb_to_recordset(cast(:programme as jsonb)) as r (public_id text, code text, period text, name jsonb,
           funding_statement jsonb, details jsonb)
      join programme p on p.public_id = r.public_id
     where (p.code, p.period, p.name, p.funding_statement, p.details)
           is distinct from (r.code, r.period, r.name, r.funding_statement, r.details))";

bool has_other_programme(db::Reader& reader, json::array const& programme)
{
    return db::get<std::int64_t>(reader, other_programmes, programme) != 0;
}

constexpr char new_programme[] = R"(
    insert into programme (public_id, code, period, name, funding_statement, details)
    select r.public_id, r.code, r.period, r.name, r.funding_statement, r.details
      from jsonb_to_recordset(cast(:programme as jsonb)) as r (public_id text, code text, period text, name jsonb,
           funding_statement jsonb, details jsonb)
        on conflict on constraint programme_public_id_once do nothing)";

constexpr char new_project[] = R"(
    insert into project (public_id, programme_id, acronym, number, title, summary, starts_on, ends_on, document,
                         details, created_at)
    select r.public_id, p.programme_id, r.acronym, r.number, r.title, coalesce(r.summary, '{}'), r.starts_on,
           r.ends_on, r.document, r.details, at_ms(cast(:now as bigint))
      from jsonb_to_recordset(cast(:project as jsonb)) as r (public_id text, programme text, acronym text,
           number text, title jsonb, summary jsonb, starts_on date, ends_on date, document jsonb, details jsonb)
      join programme p on p.public_id = r.programme
    returning project_id)";

std::int64_t insert_project(db::Transaction& transaction, Rows const& rows, Instant now)
{
    db::execute(transaction, new_programme, rows.programme);
    return db::get<std::int64_t>(transaction, new_project, now, rows.project);
}

constexpr char new_places[] = R"(
    insert into venue (public_id, project_id, ordinal, name, city, city_slug, country, latitude, longitude,
                       time_zone, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.name, r.city, r.city_slug, r.country, r.latitude,
           r.longitude, r.time_zone, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, name jsonb, city text,
           city_slug text, country text, latitude double precision, longitude double precision, time_zone text,
           details jsonb))";

constexpr char new_rooms[] = R"(
    insert into room (public_id, venue_id, ordinal, name, capacity, details)
    select r.public_id, v.venue_id, r.ordinal, r.name, r.capacity, r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, venue text, ordinal int, name jsonb,
           capacity int, details jsonb)
      join venue v on v.public_id = r.venue)";

void insert_places(db::Transaction& transaction, Context const& context, Rows const& rows)
{
    db::execute(transaction, new_places, context.project_id, rows.venues);
    db::execute(transaction, new_rooms, rows.rooms);
}

constexpr char new_documents[] = R"(
    insert into document (public_id, project_id, ordinal, code, title, abstract, embargo_until, details)
    select r.public_id, cast(:project_id as bigint), r.ordinal, r.code, r.title, coalesce(r.abstract, '{}'),
           at_ms(r.embargo_until), r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (public_id text, ordinal int, code text, title jsonb,
           abstract jsonb, embargo_until bigint, details jsonb))";

constexpr char new_variants[] = R"(
    insert into document_variant (document_id, language, ordinal, role, status, version, details)
    select d.document_id, r.language, r.ordinal, r.role, r.status, coalesce(r.version, ''), r.details
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (document text, language text, ordinal int, role text,
           status text, version text, details jsonb)
      join document d on d.public_id = r.document)";

void insert_documents(db::Transaction& transaction, Context const& context, Rows const& rows)
{
    db::execute(transaction, new_documents, context.project_id, rows.documents);
    db::execute(transaction, new_variants, rows.variants);
}

constexpr char new_held[] = R"(
    insert into held_record (project_id, section, ordinal, public_id, body)
    select cast(:project_id as bigint), r.section, r.ordinal, r.public_id, coalesce(r.body, 'null')
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (section text, ordinal int, public_id text, body jsonb))";

void insert_held(db::Transaction& transaction, Context const& context, json::array const& held)
{
    db::execute(transaction, new_held, context.project_id, held);
}

constexpr char new_sealed[] = R"(
    insert into vault_record (project_id, section, ordinal, sealed)
    select cast(:project_id as bigint), r.section, r.ordinal, decode(r.sealed, 'hex')
      from jsonb_to_recordset(cast(:rows as jsonb)) as r (section text, ordinal int, sealed text))";

void insert_sealed(db::Transaction& transaction, Context const& context, json::array const& sealed)
{
    db::execute(transaction, new_sealed, context.project_id, sealed);
}

}
