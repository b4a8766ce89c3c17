#include "registration/people_import_commands.h"

#include "base/in_order.h"
#include "db/database.h"
#include "registration/desk.h"
#include "registration/people_store.h"

#include <algorithm>
#include <iterator>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t under_way = 128;

Result<bool> keep(db::Transaction& transaction, store::ImportList const& list)
{
    store::keep_import(transaction, list);
    return true;
}

// On a database thread from beginning to end: thousands of rows take longer than others on an I/O thread
// should wait.
Result<ImportPreview> preview_with_duplicates(db::Reader& reader, std::string const& bytes,
                                              std::vector<std::string> const& columns,
                                              events::EventPtr const& event, std::string const& language)
{
    auto preview = preview_import(bytes, columns, *event, language);
    if (!preview)
        return preview;
    auto const registered = store::registered_emails(reader, event->event_id);
    mark_duplicates(*preview, {registered.begin(), registered.end()});
    return preview;
}

std::string hash_of(Desked const& desked, json::array const& rows)
{
    return to_hex(sha256(json::serialize(json::array{desked.event->slug, desked.actor.id, rows})));
}

// A UUID of version 4's shape out of a hash: the same list and line, the same id.
std::string submission_of(std::string const& id, std::int64_t line)
{
    auto hex = to_hex(sha256(id + "\n" + std::to_string(line))).substr(0, 32);
    hex[12] = '4';
    hex[16] = "89ab"[(hex[16] - '0') & 3];
    for (std::size_t const at : {20U, 16U, 12U, 8U})
        hex.insert(at, "-");
    return hex;
}

// What has happened since the list was looked over.
struct Present
{
    std::set<std::string> emails;
    std::set<std::string> submissions;
};

Present present_now(db::Reader& reader, std::int64_t event_id, std::vector<std::string> const& submission_ids)
{
    auto const emails = store::registered_emails(reader, event_id);
    auto const known = store::known_submissions(reader, submission_ids);
    return {{emails.begin(), emails.end()}, {known.begin(), known.end()}};
}

// Suspends for the first time in the desk, so that rows get there in their order.
asio::awaitable<ImportedRow> register_row(Services& services, Desked const& desked, json::object row,
                                          std::string id, Present const& present)
{
    auto const line = row.at("line").to_number<std::int64_t>();
    auto& fields = row.at("fields").as_object();
    ImportedRow imported{line, std::string(fields.at("name").as_string()), {}};
    fields["submission_id"] = submission_of(id, line);
    auto submission = submission_for(services, desked, fields, "import");
    if (!submission) {
        imported.outcome = wire_name(submission.error().name);
        co_return imported;
    }
    if (!present.submissions.contains(submission->submission_id) &&
        present.emails.contains(email_key(fields))) {
        imported.outcome = wire_name(ProblemName::conflict);
        co_return imported;
    }
    auto const receipt = co_await services.desk.submit(std::move(*submission), desked.event);
    if (!receipt)
        imported.outcome = wire_name(receipt.error().name);
    else
        imported.outcome = receipt->seen_before ? "seen" : receipt->status;
    imported.event_version = receipt ? receipt->event_version : 0;
    co_return imported;
}

}

asio::awaitable<Result<LookedOver>> look_over(Services& services, Desked const& desked, std::string bytes,
                                              std::vector<std::string> columns, std::string language)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const event_id = desked.event->event_id;
    auto preview = co_await services.db.read(preview_with_duplicates, bytes, columns, desked.event, language);
    if (!preview)
        co_return std::unexpected(preview.error());
    LookedOver looked{std::move(*preview), {}};
    auto rows = rows_to_register(looked.preview);
    if (rows.empty())
        co_return looked;
    looked.id = hash_of(desked, rows);
    store::ImportList const list{looked.id, event_id, std::move(rows), desked.actor.id, services.clock.now()};
    auto const kept = co_await services.db.write(keep, list);
    if (!kept)
        co_return std::unexpected(kept.error());
    co_return looked;
}

asio::awaitable<Result<std::vector<ImportedRow>>> import_list(Services& services, Desked const& desked,
                                                              std::string id)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const rows = co_await services.db.read(store::find_import, desked.event->event_id, id);
    if (!rows)
        co_return refuse(ProblemName::gone, "people.import.gone.detail");
    std::vector<std::string> submission_ids;
    for (auto const& row : *rows)
        submission_ids.push_back(submission_of(id, row.at("line").to_number<std::int64_t>()));
    auto const present = co_await services.db.read(present_now, desked.event->event_id, submission_ids);
    std::vector<ImportedRow> imported;
    for (std::size_t begin = 0; begin < rows->size(); begin += under_way) {
        std::vector<asio::awaitable<ImportedRow>> work;
        for (auto i = begin; i < std::min(begin + under_way, rows->size()); ++i)
            work.push_back(register_row(services, desked, rows->at(i).as_object(), id, present));
        auto done = co_await in_order(std::move(work));
        std::ranges::move(done, std::back_inserter(imported));
    }
    std::int64_t version = 0;
    for (auto const& row : imported)
        version = std::max(version, row.event_version);
    co_await events::seen(services.catalogue, desked.event->slug, version);
    co_return imported;
}

}
