// Where PostgreSQL's server programs are installed.
#pragma once

#include <filesystem>
#include <optional>

namespace kutsu::db
{

struct PostgresPrograms
{
    std::filesystem::path folder; // holds initdb and postgres
    int major = 0;
};

// The given major version, or the newest there is from 15 on; nothing when it is not installed.
std::optional<PostgresPrograms> find_postgres_programs(std::optional<int> major);

}
