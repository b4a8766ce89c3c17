#include "db/postgres_settings.h"

namespace kutsu::db
{
namespace
{

// A list for PostgreSQL, in which a folder's name may hold anything.
std::string quoted_folder(std::filesystem::path const& folder)
{
    std::string quoted = "\"";
    for (auto const c : folder.string())
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}

std::vector<std::string> postgres_arguments(ClusterPlace const& place)
{
    std::vector<std::string> arguments = {"-D", place.cluster.string(), "-p", "5432"};
    for (auto const& setting : {
             std::string("listen_addresses="),
             "unix_socket_directories=" + quoted_folder(place.socket),
             std::string("unix_socket_permissions=0700"),
             std::string("cluster_name=kutsu"),
             // Nothing that was answered may be lost.
             std::string("fsync=on"),
             std::string("full_page_writes=on"),
             std::string("synchronous_commit=on"),
             std::string("max_wal_size=1GB"),
             std::string("shared_buffers=128MB"),
             std::string("jit=off"),
             // The log is for operators: neither statements nor the values of a violated key.
             std::string("logging_collector=off"),
             std::string("log_destination=stderr"),
             std::string("log_line_prefix=%m [%p] "),
             std::string("log_error_verbosity=terse"),
             std::string("log_min_error_statement=panic"),
             std::string("log_checkpoints=off"),
             std::string("log_timezone=UTC"),
             std::string("timezone=UTC"),
             std::string("lc_messages=C"),
         }) {
        arguments.emplace_back("-c");
        arguments.push_back(setting);
    }
    return arguments;
}

}
