// SQL of registrations: the questions; deeds go through the desk (schema: desk_submit, desk_act).
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

}
