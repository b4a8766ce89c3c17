#include "registration/form_store.h"

#include "base/secret.h"
#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::registration
{

BOOST_DESCRIBE_STRUCT(UploadedFile, (), (id, name, media_type, size))

namespace store
{
namespace
{

json::object question_row(events::Question const& question, std::int64_t ordinal)
{
    json::object row{{"key", question.key},
                     {"ordinal", ordinal},
                     {"type", question.type},
                     {"label", to_stored(question.label)},
                     {"help", to_stored(question.help)},
                     {"required", question.required},
                     {"special_category", question.special_category},
                     {"step", question.step},
                     {"added_in_version", question.added_in_version}};
    auto& options = row["options"].emplace_array();
    for (auto const& option : question.options)
        options.push_back({{"value", option.value}, {"label", to_stored(option.label)}});
    if (!question.visible_if_question.empty())
        row["visible_if"] = {
            {"question", question.visible_if_question},
            {"in", json::array(question.visible_if_in.begin(), question.visible_if_in.end())}};
    auto& bounds = row["bounds"].emplace_object();
    if (!question.min.is_null())
        bounds["min"] = question.min;
    if (!question.max.is_null())
        bounds["max"] = question.max;
    if (!question.purpose.empty())
        row["purpose"] = question.purpose;
    if (question.retention_days)
        row["retention_days"] = *question.retention_days;
    if (question.archived_in_version)
        row["archived_in_version"] = *question.archived_in_version;
    return row;
}

json::array question_rows(events::RegistrationForm const& form)
{
    json::array rows;
    for (auto const* list : {&form.questions, &form.archived}) {
        for (auto const& question : *list)
            rows.push_back(question_row(question, static_cast<std::int64_t>(rows.size()) + 1));
    }
    return rows;
}

void save_questions(db::Transaction& transaction, std::int64_t event_id, json::array const& rows)
{
    db::execute(transaction, R"(
        delete from question where event_id = :event_id
           and key not in (select r.key from jsonb_to_recordset(cast(:rows as jsonb)) as r (key text)))",
                event_id, rows);
    db::execute(transaction, R"(
        insert into question (event_id, key, ordinal, type, label, help, required, options, visible_if, special_category,
                              purpose, retention_days, bounds, step, added_in_version, archived_in_version)
        select :event_id, r.* from jsonb_to_recordset(cast(:rows as jsonb)) as r (key text, ordinal int, type text,
               label jsonb, help jsonb, required boolean, options jsonb, visible_if jsonb, special_category boolean,
               purpose text, retention_days int, bounds jsonb, step int, added_in_version int, archived_in_version int)
        on conflict (event_id, key) do update
           set ordinal = excluded.ordinal, type = excluded.type, label = excluded.label, help = excluded.help,
               required = excluded.required, options = excluded.options, visible_if = excluded.visible_if,
               special_category = excluded.special_category, purpose = excluded.purpose,
               retention_days = excluded.retention_days, bounds = excluded.bounds, step = excluded.step,
               added_in_version = excluded.added_in_version, archived_in_version = excluded.archived_in_version)",
                event_id, rows);
}

json::array pool_rows(std::vector<events::SeatPool> const& pools)
{
    json::array rows;
    for (auto const& pool : pools) {
        json::object row{{"key", pool.key}, {"by", pool.by}, {"label", to_stored(pool.label)}};
        if (pool.capacity)
            row["capacity"] = *pool.capacity;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string bytes_from_hex(std::string_view hex)
{
    auto const digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    return bytes;
}

}

BOOST_DESCRIBE_STRUCT(FormVersion, (), (version, actor, at))

std::optional<std::int64_t> lock_event_of_form(db::Transaction& transaction, std::string const& slug)
{
    return db::find<std::int64_t>(transaction,
                                  "select c.event_id from event_counter c join event e using (event_id) "
                                  "where e.slug = :slug for update of c",
                                  slug);
}

std::set<std::string> answered_questions(db::Reader& reader, std::int64_t event_id)
{
    auto const keys = db::list<std::string>(
        reader,
        "select distinct a.key from registration_answer a join registration r using (registration_id) "
        "where r.event_id = :event_id",
        event_id);
    return {keys.begin(), keys.end()};
}

void save_form(db::Transaction& transaction, std::int64_t event_id, events::RegistrationForm const& form)
{
    auto const local = [](std::optional<events::Moment> const& moment) {
        return moment ? std::optional(moment->local) : std::nullopt;
    };
    auto const at = [](std::optional<events::Moment> const& moment) {
        return moment ? std::optional(moment->at) : std::nullopt;
    };
    db::execute(transaction, R"(
        insert into registration_form (event_id, version, time_zone, opens_local, opens_at, closes_local, closes_at,
                                       admission, waitlist, offer_hours, group_policy, session_overlap, hybrid,
                                       offer_working_hours, reminders, reapprove_on_edit)
        values (:event_id, :version, :time_zone, cast(:opens_local as timestamp), at_ms(:opens_at),
                cast(:closes_local as timestamp), at_ms(:closes_at), :admission, :waitlist, :offer_hours, :group_policy,
                :session_overlap, :hybrid, :offer_working_hours, :reminders, :reapprove_on_edit)
        on conflict (event_id) do update
           set version = excluded.version, time_zone = excluded.time_zone, opens_local = excluded.opens_local,
               opens_at = excluded.opens_at, closes_local = excluded.closes_local, closes_at = excluded.closes_at,
               admission = excluded.admission, waitlist = excluded.waitlist, offer_hours = excluded.offer_hours,
               group_policy = excluded.group_policy, session_overlap = excluded.session_overlap,
               hybrid = excluded.hybrid, offer_working_hours = excluded.offer_working_hours,
               reminders = excluded.reminders, reapprove_on_edit = excluded.reapprove_on_edit)",
                event_id, form.version, form.time_zone, local(form.opens), at(form.opens), local(form.closes),
                at(form.closes), form.admission, form.waitlist, form.offer_hours, form.group_policy,
                form.session_overlap, form.hybrid, form.offer_working_hours, form.reminders,
                form.reapprove_on_edit);
    save_questions(transaction, event_id, question_rows(form));
}

bool set_pools(db::Transaction& transaction, std::int64_t event_id,
               std::vector<events::SeatPool> const& pools, json::value const& offer_until, Instant now)
{
    auto const until =
        offer_until.is_string() ? std::optional(std::string(offer_until.get_string())) : std::nullopt;
    return db::get<bool>(
        transaction,
        "select set_pools(:event_id, cast(:pools as jsonb), cast(:until as timestamptz), at_ms(:now))",
        event_id, pool_rows(pools), until, now);
}

void keep_version(db::Transaction& transaction, std::int64_t event_id, FormVersion const& version,
                  json::object const& definition)
{
    db::execute(transaction, R"(
        insert into form_version (event_id, version, definition, actor, at)
        values (:event_id, :version, cast(:definition as jsonb), :actor, at_ms(:at))
        on conflict (event_id, version) do nothing)",
                event_id, version.version, definition, version.actor, version.at);
}

std::vector<FormVersion> list_versions(db::Reader& reader, std::int64_t event_id)
{
    return db::list<FormVersion>(reader, R"(
        select version, actor, ms(at) as at from form_version where event_id = :event_id
         order by version desc limit 500)",
                                 event_id);
}

std::optional<json::object> definition_of(db::Reader& reader, std::int64_t event_id, std::int64_t version)
{
    return db::find<json::object>(
        reader, "select definition from form_version where event_id = :event_id and version = :version",
        event_id, version);
}

void add_file(db::Transaction& transaction, NewFile const& file)
{
    db::execute(transaction, R"(
        insert into uploaded_file (public_id, event_id, name, media_type, size, sha256, content, created_at)
        values (:id, :event_id, :name, :media_type, :size, decode(:sha256, 'hex'), decode(:content, 'base64'),
                at_ms(:now)))",
                file.file.id, file.event_id, file.file.name, file.file.media_type, file.file.size,
                file.sha256, base64(file.content), file.now);
}

std::vector<std::string> claim_files(db::Transaction& transaction, FileClaim const& claim)
{
    auto const claimant = claim.submission_id.empty()
                              ? db::find<std::string>(transaction, R"(
            select submission_id::text from registration where token_hash = decode(:hash, 'hex') union all
            select submission_id::text from registration_shadow where token_hash = decode(:hash2, 'hex'))",
                                                      claim.token_hash, claim.token_hash)
                              : std::optional(claim.submission_id);
    if (!claimant)
        return {};
    db::execute(transaction, R"(
        update uploaded_file set submission_id = cast(:claimant as uuid)
         where public_id = any(:ids) and event_id = :event_id and submission_id is null)",
                *claimant, claim.ids, claim.event_id);
    // What the registration has is its own, also after it was handed on under another submission.
    return db::list<std::string>(transaction, R"(
        select public_id from uploaded_file f
         where public_id = any(:ids) and event_id = :event_id
           and (submission_id = cast(:claimant as uuid)
                or exists (select from registration r join registration_answer a using (registration_id)
                            where r.token_hash = decode(:hash, 'hex') and a.value = to_jsonb(f.public_id))))",
                                 claim.ids, claim.event_id, *claimant, claim.token_hash);
}

std::optional<FileContent> find_file(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    auto const file = db::find<UploadedFile>(reader, R"(
        select public_id as id, name, media_type, size from uploaded_file
         where event_id = :event_id and public_id = :id and submission_id is not null)",
                                             event_id, id);
    if (!file)
        return std::nullopt;
    auto const hex = db::get<std::string>(
        reader, "select encode(content, 'hex') from uploaded_file where public_id = :id", id);
    return FileContent{*file, bytes_from_hex(hex)};
}

std::vector<UploadedFile> list_files(db::Reader& reader, std::vector<std::string> const& ids)
{
    return db::list<UploadedFile>(
        reader,
        "select public_id as id, name, media_type, size from uploaded_file where public_id = any(:ids)", ids);
}

// The questions whose answers are due, by event and key.
constexpr char due_questions[] = R"(
    with due as (
        select q.event_id, q.key from question q join event e using (event_id)
         where coalesce(q.retention_days, case when q.special_category then cast(:special as int) end) is not null
           and e.ends_at + make_interval(days => coalesce(q.retention_days, cast(:special2 as int))) <= at_ms(:now)) )";

Purged purge_answers(db::Transaction& transaction, Instant now)
{
    Purged purged;
    purged.answers = db::execute(transaction, std::string(due_questions) + R"(
        delete from registration_answer a using registration r, due
         where r.registration_id = a.registration_id and due.event_id = r.event_id and due.key = a.key)",
                                 special_category_days, special_category_days, now);
    // The same where a registration only looks like one: otherwise it would show that it is none.
    purged.answers += db::execute(transaction, std::string(due_questions) + R"(
        update registration_shadow s
           set answer = jsonb_set(s.answer, '{answers}', (s.answer -> 'answers') - gone.keys)
          from (select event_id, array_agg(key) as keys from due group by event_id) gone
         where gone.event_id = s.event_id and (s.answer -> 'answers') ?| gone.keys)",
                                  special_category_days, special_category_days, now);
    purged.files = db::execute(transaction, R"(
        delete from uploaded_file f
         where f.created_at < at_ms(:now) - interval '1 day'
           and not exists (select from registration_answer a
                            where a.value #>> '{}' like 'file-%' and a.value #>> '{}' = f.public_id)
           and not exists (select from registration_shadow s where s.submission_id = f.submission_id
                              and (s.answer -> 'answers') @> jsonb_build_object(
                                      coalesce((select key from jsonb_each_text(s.answer -> 'answers')
                                                 where value = f.public_id limit 1), ''), f.public_id)))",
                               now);
    return purged;
}

}
}
