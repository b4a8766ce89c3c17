#include "db/postgres_programs.h"

#include "db/process.h"

#include <charconv>
#include <cstdlib>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace kutsu::db
{
namespace
{

constexpr int oldest = 15;

bool holds_programs(std::filesystem::path const& folder)
{
    return ::access((folder / "postgres").c_str(), X_OK) == 0 &&
           ::access((folder / "initdb").c_str(), X_OK) == 0;
}

int leading_number(std::string_view text)
{
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Debian keeps each major version apart: /usr/lib/postgresql/15/bin.
std::vector<PostgresPrograms> packaged()
{
    std::vector<PostgresPrograms> found;
    std::error_code none;
    for (auto const& each : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
        auto const folder = each.path() / "bin";
        if (holds_programs(folder))
            found.push_back({folder, leading_number(each.path().filename().string())});
    }
    return found;
}

// "postgres (PostgreSQL) 15.5"
int version_of(std::filesystem::path const& folder)
{
    auto const said = output_of(folder / "postgres", {"--version"});
    auto const at = said.rfind(' ');
    return at == std::string::npos ? 0 : leading_number(std::string_view(said).substr(at + 1));
}

std::vector<PostgresPrograms> on_path()
{
    std::vector<PostgresPrograms> found;
    auto const* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (folder.starts_with('/') && holds_programs(folder))
            found.push_back({folder, version_of(folder)});
    }
    return found;
}

std::optional<PostgresPrograms> best_of(std::vector<PostgresPrograms> const& candidates,
                                        std::optional<int> major)
{
    std::optional<PostgresPrograms> best;
    for (auto const& each : candidates) {
        if (major ? each.major == *major : each.major >= oldest && (!best || each.major > best->major))
            best = each;
    }
    return best;
}

}

std::optional<PostgresPrograms> find_postgres_programs(std::optional<int> major)
{
    if (auto const found = best_of(packaged(), major))
        return found;
    return best_of(on_path(), major);
}

}
