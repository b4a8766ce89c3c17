#include "transfer/transfer.h"

#include "base/local_time.h"
#include "base/secret.h"
#include "transfer/document.h"
#include "transfer/export_store.h"
#include "transfer/file_text.h"
#include "transfer/import_store.h"
#include "transfer/json_path.h"
#include "transfer/project_file.h"
#include "transfer/shift.h"

#include <fmt/format.h>

#include <map>

namespace kutsu::transfer
{

namespace
{

// Ids and slugs of the file that need a place of their own in the database, with the path of each.
std::map<std::pair<std::string, std::string>, std::string> claims_of(ProjectFile const& file)
{
    std::map<std::pair<std::string, std::string>, std::string> claims;
    for (auto const& [id, uses] : file.ids.all()) {
        for (auto const& use : uses) {
            if (use.kind & kind::stored)
                claims[{std::string(kind_name(use.kind)), id}] = use.path;
        }
    }
    for (auto const& part : file.projects) {
        visit_matches(
            part.document, "events[]", part.path, [&](json::value const& event, std::string const& path) {
                auto const slug = text_at(event.as_object(), "slug");
                claims[{"slug", std::string(slug.empty() ? text_at(event.as_object(), "id") : slug)}] =
                    member(path, slug.empty() ? "id" : "slug");
            });
    }
    return claims;
}

FileProblems conflicts(db::Reader& reader, ProjectFile const& file, std::vector<Rows> const& all)
{
    auto const claims = claims_of(file);
    json::array wanted;
    for (auto const& [claim, path] : claims)
        wanted.push_back({{"kind", claim.first}, {"id", claim.second}});
    FileProblems problems;
    for (auto const& taken : store::list_taken(reader, wanted)) {
        // An event with its own id as slug is named once.
        if (taken.kind == "slug" && claims.contains({"event", taken.id}))
            continue;
        problems.push_back(
            {claims.at({taken.kind, taken.id}),
             fmt::format("the database has {} \"{}\" already", with_article(taken.kind), taken.id), true});
    }
    for (std::size_t i = 0; i < file.projects.size(); ++i) {
        if (store::has_other_programme(reader, all[i].programme))
            problems.push_back({member(file.projects[i].path, "programme"),
                                "differs from the programme of this id that the database has already", true});
    }
    std::ranges::sort(problems, {}, &FileProblem::path);
    return problems;
}

json::array with_secrets(json::array registrations, ImportContext const& context)
{
    for (auto& each : registrations) {
        auto& row = each.as_object();
        auto const submission = random_uuid(context.random);
        row["contents_hash"] = to_hex(sha256(json::serialize(row)));
        row["submission_id"] = submission;
        row["token_hash"] = to_hex(sha256(registration_token(context.keys.registration, submission)));
    }
    return registrations;
}

json::array sealed_rows(std::vector<Secret> const& secrets, ImportContext const& context)
{
    json::array rows;
    for (auto const& secret : secrets) {
        auto const sealed = seal(context.keys.vault, json::serialize(secret.body), context.random);
        rows.push_back(
            {{"section", secret.section}, {"ordinal", secret.ordinal}, {"sealed", to_hex(sealed)}});
    }
    return rows;
}

void store_rows(db::Transaction& transaction, Rows const& rows, ImportContext const& context)
{
    store::Context const here{store::insert_project(transaction, rows, context.now), context.now};
    store::insert_people(transaction, here, rows);
    store::insert_places(transaction, here, rows);
    store::insert_documents(transaction, here, rows);
    store::insert_events(transaction, here, rows);
    store::insert_registrations(transaction, here, with_secrets(rows.registrations, context), rows.answers);
    store::insert_counters(transaction, here, rows);
    store::insert_held(transaction, here, rows.held);
    store::insert_sealed(transaction, here, sealed_rows(rows.secrets, context));
}

std::string unhexed(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

json::object export_one(db::Reader& reader, std::int64_t project_id, Keys const& keys)
{
    auto rows = store::load_rows(reader, project_id);
    for (auto const& each : store::list_sealed(reader, project_id))
        rows.secrets.push_back(
            {each.section, each.ordinal, read_trusted(unseal(keys.vault, unhexed(each.sealed)))});
    return document_of(rows);
}

json::object framed(json::object document)
{
    json::object framed = {{"format", file_format}};
    framed.insert(document.begin(), document.end());
    return framed;
}

}

std::expected<Imported, FileProblems>
import_document(db::Transaction& transaction, std::string_view json_text, ImportContext const& context)
{
    store::allow_a_long_time(transaction);
    auto const file = read_project_file(json_text);
    if (!file)
        return std::unexpected(file.error());
    std::vector<Rows> all;
    for (std::size_t i = 0; i < file->projects.size(); ++i)
        all.push_back(rows_of(*file, i));
    if (auto problems = conflicts(transaction, *file, all); !problems.empty())
        return std::unexpected(std::move(problems));
    Imported imported;
    for (auto const& rows : all) {
        store_rows(transaction, rows, context);
        imported.projects.emplace_back(text_at(rows.project.at(0).as_object(), "public_id"));
        imported.events += static_cast<std::int64_t>(rows.events.size());
        imported.sessions += static_cast<std::int64_t>(rows.sessions.size());
        imported.registrations += static_cast<std::int64_t>(rows.registrations.size());
    }
    return imported;
}

Result<std::string> export_project(db::Reader& reader, std::optional<std::string> const& project_id,
                                   Keys const& keys)
{
    store::allow_a_long_time(reader);
    json::array projects;
    for (auto const& key : store::list_project_keys(reader)) {
        if (!project_id || *project_id == key.id)
            projects.push_back(export_one(reader, key.project_id, keys));
    }
    if (project_id && projects.empty())
        return refuse(ProblemName::not_found);
    if (projects.size() == 1)
        return write_text(framed(std::move(projects.front().as_object())));
    return write_text(framed(json::object{{"projects", std::move(projects)}}));
}

std::vector<ProjectSummary> list_projects(db::Reader& reader)
{
    return store::list_summaries(reader);
}

std::string moved_to_current_week(std::string_view json_text, Instant now)
{
    auto document = read_text(json_text);
    auto const* root = document ? document->if_object() : nullptr;
    auto const* meta = root ? object_at(*root, "meta") : nullptr;
    auto const demo_now = meta ? parse_instant(text_at(*meta, "demo_now")) : std::nullopt;
    if (!demo_now)
        return std::string(json_text);
    return write_text(shift(std::move(*document), days_to_current_week(*demo_now, now)));
}

}
