// The SQL of an import, and nothing else: a row list in, one statement a table. Everything in the caller's
// transaction.
#pragma once

#include "base/clock.h"
#include "db/reader.h"
#include "transfer/rows.h"

#include <string>
#include <vector>

namespace kutsu::transfer::store
{

struct Wanted
{
    std::string kind; // "event", "slug", …
    std::string id;

    friend bool operator==(Wanted const&, Wanted const&) = default;
};

// Those of the ids that the database has already.
std::vector<Wanted> list_taken(db::Reader& reader, json::array const& wanted);
// The programme is there with other contents.
bool has_other_programme(db::Reader& reader, json::array const& programme);

struct Context
{
    std::int64_t project_id = 0;
    Instant now;
};

std::int64_t insert_project(db::Transaction& transaction, Rows const& rows, Instant now);
void insert_people(db::Transaction& transaction, Context const& context, Rows const& rows);
void insert_places(db::Transaction& transaction, Context const& context, Rows const& rows);
void insert_documents(db::Transaction& transaction, Context const& context, Rows const& rows);
void insert_events(db::Transaction& transaction, Context const& context, Rows const& rows);
// `registrations` have submission_id, token_hash and contents_hash (hexadecimal) beside the columns of Rows.
void insert_registrations(db::Transaction& transaction, Context const& context,
                          json::array const& registrations, json::array const& answers);
// Seats are counted from the registrations; every event begins its change log.
void insert_counters(db::Transaction& transaction, Context const& context, Rows const& rows);
void insert_held(db::Transaction& transaction, Context const& context, json::array const& held);
// `sealed`: section, ordinal, sealed (hexadecimal).
void insert_sealed(db::Transaction& transaction, Context const& context, json::array const& sealed);

}
