// Import and export of whole projects: the public face of this room, used by the command line.
//
// An import is all or nothing: every problem of the file is reported at once, by JSON path, and then nothing
// has been written. Passport data goes into the vault, sealed; an export opens it again with the key.
#pragma once

#include "base/clock.h"
#include "base/problem.h"
#include "base/services.h"
#include "base/text.h"
#include "db/reader.h"
#include "transfer/file_problem.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

struct ImportContext
{
    Instant now;
    Random& random;
    Keys const& keys;
};

struct Imported
{
    std::vector<std::string> projects; // ids
    std::int64_t events = 0;
    std::int64_t sessions = 0;
    std::int64_t registrations = 0;

    friend bool operator==(Imported const&, Imported const&) = default;
};

// On refusal nothing has been written, so the caller may commit or roll back as it likes.
std::expected<Imported, FileProblems>
import_document(db::Transaction& transaction, std::string_view json_text, ImportContext const& context);

// One project, or all of them. Problem not_found: there is no such project.
// Throws std::runtime_error when the vault's key is not the one that sealed the records.
Result<std::string> export_project(db::Reader& reader, std::optional<std::string> const& project_id,
                                   Keys const& keys);

struct ProjectSummary
{
    std::string id;
    std::string acronym;
    Text title;
    std::int64_t events = 0;
    std::int64_t registrations = 0;
};
std::vector<ProjectSummary> list_projects(db::Reader& reader);

// The file with its times moved so that the week of its meta.demo_now is the week of `now`; unchanged when it
// names none. Anything that is no good file comes back as it was: the import says what is wrong with it.
std::string moved_to_current_week(std::string_view json_text, Instant now);

}
