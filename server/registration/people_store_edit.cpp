// What organisers write about people.
#include "db/rows.h"
#include "registration/people_store.h"

namespace kutsu::registration::store
{

void note_look(db::Transaction& transaction, Looked const& looked)
{
    db::execute(transaction, R"(
        insert into people_access (event_id, registration_id, what, actor, at)
        select :event_id, (select registration_id from registration where public_id = :id), :what, :actor, at_ms(:at))",
                looked.event_id, looked.id, looked.what, looked.actor, looked.at);
}

void lock_event(db::Transaction& transaction, std::int64_t event_id)
{
    db::find<std::int64_t>(
        transaction, "select event_id from event_counter where event_id = :event_id for update", event_id);
}

namespace
{

void write_row(db::Transaction& transaction, EditRow const& row)
{
    auto const& edit = row.edit;
    db::execute(transaction, R"(
        update registration
           set name = coalesce(:name, name),
               name_other_script = case when cast(:sets_other as boolean) then nullif(:other, '') else name_other_script end,
               organisation = case when cast(:sets_organisation as boolean) then nullif(:organisation, '') else organisation end,
               email = coalesce(:email, email), language = coalesce(:language, language),
               changed_at = at_ms(:at), version = version + 1
         where event_id = :event_id and public_id = :id)",
                edit.name, edit.name_other_script.has_value(), edit.name_other_script.value_or(""),
                edit.organisation.has_value(), edit.organisation.value_or(""), edit.email, edit.language,
                row.at, row.event_id, row.id);
}

void write_answers(db::Transaction& transaction, EditRow const& row)
{
    db::execute(transaction, R"(
        delete from registration_answer
         where registration_id = (select registration_id from registration where public_id = :id))",
                row.id);
    db::execute(transaction, R"(
        insert into registration_answer (registration_id, key, value, form_version)
        select r.registration_id, a.key, a.value, :form_version
          from registration r cross join jsonb_each(:answers) a where r.public_id = :id)",
                row.form_version, *row.edit.answers, row.id);
}

void write_tags(db::Transaction& transaction, EditRow const& row)
{
    db::execute(transaction, R"(
        delete from registration_tag
         where registration_id = (select registration_id from registration where public_id = :id)
           and tag <> all (cast(:tags as text[])))",
                row.id, *row.edit.tags);
    db::execute(transaction, R"(
        insert into registration_tag (registration_id, tag)
        select r.registration_id, tag from registration r cross join unnest(cast(:tags as text[])) tag
         where r.public_id = :id on conflict do nothing)",
                *row.edit.tags, row.id);
}

void write_note(db::Transaction& transaction, EditRow const& row)
{
    if (row.edit.note->empty()) {
        db::execute(transaction, R"(
            delete from registration_note
             where registration_id = (select registration_id from registration where public_id = :id))",
                    row.id);
        return;
    }
    db::execute(transaction, R"(
        insert into registration_note (registration_id, note, actor, changed_at)
        select registration_id, :note, :actor, at_ms(:at) from registration where public_id = :id
        on conflict (registration_id) do update
           set note = excluded.note, actor = excluded.actor, changed_at = excluded.changed_at)",
                *row.edit.note, row.actor, row.at, row.id);
}

}

void edit_person(db::Transaction& transaction, EditRow const& row)
{
    write_row(transaction, row);
    if (row.edit.answers)
        write_answers(transaction, row);
    if (row.edit.tags)
        write_tags(transaction, row);
    if (row.edit.note)
        write_note(transaction, row);
    db::execute(transaction, R"(
        insert into people_edit (registration_id, what, actor, at)
        select registration_id, cast(:what as text[]), :actor, at_ms(:at) from registration where public_id = :id)",
                row.edit.fields(), row.actor, row.at, row.id);
}

std::int64_t tag_people(db::Transaction& transaction, EditRow const& row, std::vector<std::string> const& ids,
                        std::string const& tag, bool on)
{
    return db::execute(transaction, R"(
        with meant as (
            select registration_id from registration
             where event_id = :event_id and public_id = any (cast(:ids as text[])) and status <> 'duplicate'
               and erased_at is null),
        added as (
            insert into registration_tag (registration_id, tag)
            select registration_id, :tag from meant where cast(:adds as boolean) on conflict do nothing
            returning registration_id),
        removed as (
            delete from registration_tag
             where registration_id in (select registration_id from meant) and tag = :gone and not cast(:keeps as boolean)
            returning registration_id),
        touched as (select registration_id from added union select registration_id from removed),
        noted as (
            insert into people_edit (registration_id, what, actor, at)
            select registration_id, '{tags}', :actor, at_ms(:at) from touched)
        update registration set version = version + 1, changed_at = at_ms(:changed_at)
         where registration_id in (select registration_id from touched))",
                       row.event_id, ids, tag, on, tag, on, row.actor, row.at, row.at);
}

std::vector<std::string> registered_emails(db::Reader& reader, std::int64_t event_id)
{
    return db::list<std::string>(reader, R"(
        select email_key from registration
         where event_id = :event_id and email_key is not null and status not in ('cancelled', 'declined', 'duplicate'))",
                                 event_id);
}

std::vector<std::string> known_submissions(db::Reader& reader, std::vector<std::string> const& ids)
{
    return db::list<std::string>(
        reader,
        "select submission_id::text from registration where submission_id = any (cast(:ids as uuid[]))", ids);
}

void keep_import(db::Transaction& transaction, ImportList const& list)
{
    db::execute(transaction, "delete from people_import where created_at < at_ms(:then)",
                list.at - std::chrono::hours(24));
    db::execute(transaction, R"(
        insert into people_import (people_import_id, event_id, rows, actor, created_at)
        values (:id, :event_id, :rows, :actor, at_ms(:at))
        on conflict (people_import_id) do update set created_at = excluded.created_at)",
                list.people_import_id, list.event_id, list.rows, list.actor, list.at);
}

std::optional<json::array> find_import(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    return db::find<json::array>(
        reader, "select rows from people_import where event_id = :event_id and people_import_id = :id",
        event_id, id);
}

}
