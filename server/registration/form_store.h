// SQL of forms: their versions, what answers exist, and the files that are answers.
#pragma once

#include "db/reader.h"
#include "events/event.h"
#include "registration/form_definition.h"
#include "registration/uploaded_file.h"

#include <boost/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

// Locks the event's counter, as everything does that changes an event; null for an unknown one.
std::optional<std::int64_t> lock_event_of_form(db::Transaction& transaction, std::string const& slug);
// Keys of questions, asked now or once, that somebody has answered.
std::set<std::string> answered_questions(db::Reader& reader, std::int64_t event_id);
void save_form(db::Transaction& transaction, std::int64_t event_id, events::RegistrationForm const& form);
// False, and nothing changed, when a pool would hold more than it may or one that somebody is of would go;
// room that is made serves the queue (schema: set_pools).
bool set_pools(db::Transaction& transaction, std::int64_t event_id,
               std::vector<events::SeatPool> const& pools, boost::json::value const& offer_until,
               Instant now);

struct FormVersion
{
    std::int64_t version = 1;
    std::string actor;
    Instant at;
};
// Keeps the first definition of a version.
void keep_version(db::Transaction& transaction, std::int64_t event_id, FormVersion const& version,
                  boost::json::object const& definition);
std::vector<FormVersion> list_versions(db::Reader& reader, std::int64_t event_id);
std::optional<boost::json::object> definition_of(db::Reader& reader, std::int64_t event_id,
                                                 std::int64_t version);

// ── Files ──
struct NewFile
{
    std::int64_t event_id = 0;
    UploadedFile file;
    std::string sha256; // hex
    std::string content;
    Instant now;
};
void add_file(db::Transaction& transaction, NewFile const& file);

// Who names the files: a submission, or the registration (or what looks like one) behind a link.
struct FileClaim
{
    std::int64_t event_id = 0;
    std::string submission_id; // empty: by token_hash
    std::string token_hash;    // hex
    std::vector<std::string> ids;
};
// Binds files that nobody has named yet; gives all of `ids` that are bound to the claimant now.
std::vector<std::string> claim_files(db::Transaction& transaction, FileClaim const& claim);

struct FileContent
{
    UploadedFile file;
    std::string content;
};
std::optional<FileContent> find_file(db::Reader& reader, std::int64_t event_id, std::string const& id);
std::vector<UploadedFile> list_files(db::Reader& reader, std::vector<std::string> const& ids);

// ── What time takes away ──
// Answers whose time is over (question: retention_days, or 30 days for health and the like), and files that
// nobody names.
struct Purged
{
    std::int64_t answers = 0;
    std::int64_t files = 0;
};
Purged purge_answers(db::Transaction& transaction, Instant now);

}
