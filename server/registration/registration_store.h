// SQL of registrations: calls of the desk's functions (schema/0002_desk.sql) and the questions beside them.
#pragma once

#include "db/reader.h"
#include "registration/registration.h"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace kutsu::registration::store
{

struct Found
{
    std::string event_slug;
    std::int64_t event_version = 0;
    bool shadow = false;
    json::object answer; // registration_answer_json
};

// `token_hash` is the SHA-256 in hex.
std::optional<Found> find(db::Reader& reader, std::string const& token_hash);

bool end(db::Transaction& transaction, std::string const& token_hash, std::string const& status, Instant now);
std::string accept(db::Transaction& transaction, std::string const& token_hash, Instant now);
bool change(db::Transaction& transaction, std::string const& token_hash, json::object const& changes,
            Instant now);
// The same on a registration that only looks like one.
void change_shadow(db::Transaction& transaction, std::string const& token_hash, json::object const& changes);
std::int64_t expire_offers(db::Transaction& transaction, Instant now);

}
