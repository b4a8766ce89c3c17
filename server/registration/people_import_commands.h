// Bringing a list: looked over first, then registered exactly as it was looked over. The rows that are good
// are kept under the hash of what they say; registering names that hash. Each row goes through the desk in
// its turn, under a submission id made of list and line: doing it again registers nobody twice.
#pragma once

#include "registration/people_commands.h"
#include "registration/people_import.h"

#include <string>
#include <vector>

namespace kutsu::registration
{

struct LookedOver
{
    ImportPreview preview;
    std::string id; // what to register; empty when no row is good
};
asio::awaitable<Result<LookedOver>> look_over(Services& services, Desked const& desked, std::string bytes,
                                              std::vector<std::string> columns, std::string language);

struct ImportedRow
{
    std::int64_t line = 0;
    std::string name;
    std::string outcome; // confirmed, waitlisted, pending, seen; else the name of the problem
    std::int64_t event_version = 0;
};
// Problems: gone (no such list, or older than a day).
asio::awaitable<Result<std::vector<ImportedRow>>> import_list(Services& services, Desked const& desked,
                                                              std::string id);

}
