#include "registration/people_store.h"

#include "db/rows.h"
#include "registration/people_fold.h"

namespace kutsu::registration::store
{
namespace
{

struct Words
{
    std::int64_t registration_id = 0;
    std::int64_t words_hash = 0;
    std::string names;
    std::string rest;
};
BOOST_DESCRIBE_STRUCT(Words, (), (registration_id, words_hash, names, rest))

}

std::int64_t fold_new_people(db::Transaction& transaction, std::int64_t event_id)
{
    auto const words = db::list<Words>(transaction, R"(
        select r.registration_id, search_words_hash(r) as words_hash,
               concat_ws(' ', r.name, r.name_other_script,
                         (select string_agg(each ->> 'name', ' ') from jsonb_array_elements(r.companions) each)) as names,
               concat_ws(' ', r.organisation, r.email) as rest
          from registration r left join registration_search s using (registration_id)
         where r.event_id = :event_id and (s.words_hash is null or s.words_hash <> search_words_hash(r)))",
                                       event_id);
    if (words.empty())
        return 0;
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> hashes;
    std::vector<std::string> names;
    std::vector<std::string> rest;
    for (auto const& one : words) {
        ids.push_back(one.registration_id);
        hashes.push_back(one.words_hash);
        names.push_back(folded(one.names));
        rest.push_back(folded(one.rest));
    }
    // Somebody may have been erased meanwhile, or have folded the same.
    return db::execute(transaction, R"(
        insert into registration_search (registration_id, words_hash, names, rest)
        select made.* from unnest(cast(:ids as bigint[]), cast(:hashes as bigint[]), cast(:names as text[]),
                                  cast(:rest as text[])) as made (registration_id, words_hash, names, rest)
          join registration r on r.registration_id = made.registration_id
                             and search_words_hash(r) = made.words_hash
        on conflict (registration_id) do update
           set words_hash = excluded.words_hash, names = excluded.names, rest = excluded.rest)",
                       ids, hashes, names, rest);
}

namespace
{

// The columns of Person, of r.
constexpr std::string_view person_columns = R"(
    r.public_id as id, r.arrival, r.name, r.name_other_script, r.email, r.language, r.organisation, r.status,
    case when r.status = 'waitlisted' then queue.position end as position, r.role, r.participant_type, r.source,
    r.attendance, r.seats, r.companions,
    coalesce((select jsonb_agg(jsonb_build_object('id', e.public_id, 'status', su.status) order by e.ordinal)
                from session_signup su join session e using (session_id)
               where su.registration_id = r.registration_id and su.status <> 'cancelled'), '[]') as sessions,
    coalesce((select jsonb_object_agg(a.key, a.value) from registration_answer a
               where a.registration_id = r.registration_id), '{}') as answers,
    to_jsonb(array(select t.tag from registration_tag t where t.registration_id = r.registration_id order by t.tag)) as tags,
    (select n.note from registration_note n where n.registration_id = r.registration_id) as note,
    ms(r.offer_expires_at) as offer_expires_at, ms(r.created_at) as created_at, ms(r.changed_at) as changed_at,
    r.version)";

}

std::vector<Person> list_people(db::Reader& reader, std::int64_t event_id, PeopleQuery const& query,
                                bool everywhere)
{
    static std::string const question = std::string(R"(
        with asked as (
            select cast(:sort as text) as sort, cast(:descending as boolean) as down, cast(:language as text) as language,
                   cast(:value as text) as value, cast(:arrival as bigint) as arrival),
        queue as (
            select registration_id, row_number() over (order by arrival) as position
              from registration where event_id = :queue_of and status = 'waitlisted'),
        sorted as (
            select m.registration_id, case asked.sort
                       when 'name' then r.name
                       when 'organisation' then coalesce(r.organisation, '')
                       when 'status' then to_char(array_position(array['pending', 'offered', 'confirmed', 'waitlisted',
                                                                       'declined', 'cancelled'], r.status), '9')
                       when 'changed' then lpad(ms(r.changed_at)::text, 16, '0')
                       else '' end as sort_value, r.arrival
              from people_matching(:event_id, :filter) m join registration r using (registration_id) cross join asked
             where m.misses = '{}'),
        page as (
            select s.* from sorted s cross join asked
             where asked.arrival is null
                or case when s.sort_value = asked.value
                        then case when asked.down then s.arrival < asked.arrival else s.arrival > asked.arrival end
                        else asked.down <> case asked.language
                             when 'fi' then s.sort_value > asked.value collate fi_order
                             when 'ru' then s.sort_value > asked.value collate ru_order
                             else s.sort_value > asked.value collate en_order end end
             order by case when asked.language = 'fi' and not asked.down then s.sort_value end collate fi_order,
                      case when asked.language = 'fi' and asked.down then s.sort_value end collate fi_order desc,
                      case when asked.language = 'ru' and not asked.down then s.sort_value end collate ru_order,
                      case when asked.language = 'ru' and asked.down then s.sort_value end collate ru_order desc,
                      case when asked.language not in ('fi', 'ru') and not asked.down then s.sort_value end collate en_order,
                      case when asked.language not in ('fi', 'ru') and asked.down then s.sort_value end collate en_order desc,
                      case when asked.down then - s.arrival else s.arrival end
             limit :limit),
        numbered as (select page.*, row_number() over () as number from page)
        select )") + std::string(person_columns) +
                                        R"(, numbered.sort_value
          from numbered join registration r using (registration_id) left join queue using (registration_id)
         order by numbered.number)";
    auto const filter = to_question(query.filter, everywhere);
    std::optional<std::string> value;
    std::optional<std::int64_t> arrival;
    if (query.cursor) {
        value = query.cursor->value;
        arrival = query.cursor->arrival;
    }
    return db::list<Person>(reader, question, query.sort, query.descending, query.language, value, arrival,
                            event_id, event_id, filter, query.limit + 1);
}

std::vector<FacetCount> count_facets(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                                     std::vector<std::string> const& choices,
                                     std::vector<std::string> const& others, bool everywhere)
{
    return db::list<FacetCount>(reader, R"(
        with m as materialized (
            select m.registration_id, m.misses, cardinality(m.misses) as missed, m.misses[1] as miss, r.status, r.role,
                   r.participant_type, r.source, r.attendance, r.language, r.organisation
              from people_matching(:event_id, :filter) m join registration r using (registration_id)
             where cardinality(m.misses) <= 1),
        asked as (
            select key, true as is_choice from unnest(cast(:choices as text[])) key
            union all select key, false from unnest(cast(:others as text[])) key),
        plain as (
            select 'status' as facet, status as value, count(*) as count from m
             where missed = 0 or miss = 'status' group by status
            union all select 'role', role, count(*) from m where missed = 0 or miss = 'role' group by role
            union all select 'participant_type', coalesce(participant_type, ''), count(*) from m
             where missed = 0 or miss = 'participant_type' group by 2
            union all select 'source', source, count(*) from m where missed = 0 or miss = 'source' group by source
            union all select 'attendance', coalesce(attendance, ''), count(*) from m
             where missed = 0 or miss = 'attendance' group by 2
            union all select 'language', language, count(*) from m where missed = 0 or miss = 'language' group by language
            union all (select 'organisation', coalesce(organisation, ''), count(*) from m
             where missed = 0 or miss = 'organisation' group by 2 order by 3 desc, 2 limit 50)
            union all (select 'tag', coalesce(t.tag, ''), count(*) from m left join registration_tag t using (registration_id)
             where missed = 0 or miss = 'tag' group by 2 order by 3 desc, 2 limit 50)
            union all select 'session', e.public_id, count(*)
              from m join session_signup su using (registration_id) join session e using (session_id)
             where (missed = 0 or miss = 'session') and su.status <> 'cancelled' group by e.public_id
            union all select 'total', '', count(*) from m where missed = 0
            union all select 'all', '', count(*) from registration where event_id = :all_of and status <> 'duplicate'),
        answered as (
            select 'answer.' || asked.key as facet, coalesce(each.value, '') as value, count(*) as count
              from asked cross join m
              left join registration_answer a on a.registration_id = m.registration_id and a.key = asked.key
              left join lateral (
                   select jsonb_array_elements_text(case when jsonb_typeof(a.value) = 'array' then a.value
                                                         else jsonb_build_array(a.value) end) as value) each on a.key is not null
             where (missed = 0 or miss = 'answer.' || asked.key) and (asked.is_choice or a.key is null)
             group by 1, 2)
        select facet, value, count from plain union all select facet, value, count from answered)",
                                event_id, to_question(filter, everywhere), choices, others, event_id);
}

std::int64_t count_people(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                          bool everywhere)
{
    return db::get<std::int64_t>(
        reader, "select count(*) from people_matching(:event_id, :filter) where misses = '{}'", event_id,
        to_question(filter, everywhere));
}

std::vector<std::string> matching_ids(db::Reader& reader, std::int64_t event_id, PeopleFilter const& filter,
                                      bool everywhere)
{
    return db::list<std::string>(reader, R"(
        select r.public_id from people_matching(:event_id, :filter) m join registration r using (registration_id)
         where m.misses = '{}' order by r.arrival)",
                                 event_id, to_question(filter, everywhere));
}

std::optional<Person> find_person(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    static std::string const question = "select " + std::string(person_columns) + R"(, '' as sort_value
          from registration r cross join lateral (select queue_position(r) as position) queue
         where r.event_id = :event_id and r.public_id = :id and r.status <> 'duplicate')";
    return db::find<Person>(reader, question, event_id, id);
}

std::vector<Person> changed_people(db::Reader& reader, std::int64_t event_id, Instant since,
                                   std::int64_t limit)
{
    static std::string const question = std::string(R"(
        with queue as (
            select registration_id, row_number() over (order by arrival) as position
              from registration where event_id = :queue_of and status = 'waitlisted')
        select )") + std::string(person_columns) +
                                        R"(, '' as sort_value
          from registration r left join queue using (registration_id)
         where r.event_id = :event_id and r.changed_at >= at_ms(:since) and r.status <> 'duplicate'
         order by r.changed_at desc, r.arrival limit :limit)";
    return db::list<Person>(reader, question, event_id, event_id, since, limit);
}

std::vector<Happening> timeline(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    return db::list<Happening>(reader, R"(
        with r as (select * from registration where event_id = :event_id and public_id = :id),
        happened as (
            select 'registered' as kind, r.source as detail, '' as state, '' as actor, r.created_at as at from r
            union all select 'cancelled', r.status, '', '', r.cancelled_at from r where r.cancelled_at is not null
            union all select 'edited', array_to_string(p.what, ','), '', p.actor, p.at from r join people_edit p using (registration_id)
            union all select 'looked', p.what, '', p.actor, p.at from r join people_access p using (registration_id)
            union all select 'mail', o.kind, o.state, '', coalesce(o.sent_at, o.created_at) from r join outbox o using (registration_id))
        select h.kind, h.detail, h.state, coalesce(u.name, h.actor) as actor, ms(h.at) as at
          from happened h left join app_user u on u.public_id = h.actor
         order by h.at, h.kind desc)",
                               event_id, id);
}

std::optional<std::string> id_of_email(db::Reader& reader, std::int64_t event_id, std::string const& email)
{
    return db::find<std::string>(reader, R"(
        select public_id from registration
         where event_id = :event_id and email_key = lower(:email)
           and status not in ('cancelled', 'declined', 'duplicate'))",
                                 event_id, email);
}

std::optional<std::string> id_of_submission(db::Reader& reader, std::string const& submission_id)
{
    return db::find<std::string>(
        reader, "select public_id from registration where submission_id = cast(:submission_id as uuid)",
        submission_id);
}

bool is_erased(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    return db::get<bool>(reader, R"(
        select exists (select from registration
                        where event_id = :event_id and public_id = :id and erased_at is not null))",
                         event_id, id);
}

std::int64_t event_version(db::Reader& reader, std::int64_t event_id)
{
    return db::get<std::int64_t>(reader, "select version from event_counter where event_id = :event_id",
                                 event_id);
}

json::array seats_changes(db::Reader& reader, std::int64_t event_id)
{
    return db::get<json::array>(reader, "select seats_changes(:event_id)", event_id);
}

}
