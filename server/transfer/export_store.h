// The SQL of an export, and nothing else.
#pragma once

#include "db/reader.h"
#include "transfer/rows.h"
#include "transfer/transfer.h"

#include <string>
#include <vector>

namespace kutsu::transfer::store
{

struct ProjectKey
{
    std::int64_t project_id = 0;
    std::string id;
};

// A large project takes longer than an ordinary question is given, and keeps the program busy between
// questions: lifts the limits for the rest of the transaction.
void allow_a_long_time(db::Reader& reader);

// In the order in which they came.
std::vector<ProjectKey> list_project_keys(db::Reader& reader);
std::vector<ProjectSummary> list_summaries(db::Reader& reader);
// Everything but the secrets.
Rows load_rows(db::Reader& reader, std::int64_t project_id);

struct Sealed
{
    std::string section;
    std::int64_t ordinal = 0;
    std::string sealed; // hexadecimal
};
std::vector<Sealed> list_sealed(db::Reader& reader, std::int64_t project_id);

// ── Pieces of load_rows ──

void load_people(db::Reader& reader, std::int64_t project_id, Rows& rows);
void load_events(db::Reader& reader, std::int64_t project_id, Rows& rows);
void load_registrations(db::Reader& reader, std::int64_t project_id, Rows& rows);
// The one text of a question that gathers rows as JSON.
json::array gathered(db::Reader& reader, std::string_view question, std::int64_t project_id);

}
