// Where a private cluster lies and whose it is. Made on disk as it is decided.
#pragma once

#include "db/process.h"

#include <filesystem>
#include <optional>

namespace kutsu::db
{

struct ClusterPlace
{
    std::filesystem::path data_folder; // DATA
    std::filesystem::path cluster;     // the real folder; DATA/database is it or a link to it
    std::filesystem::path socket;      // folder of the socket
    std::filesystem::path log;         // DATA/database.log
    std::optional<Account> account;    // who PostgreSQL runs as; empty: as we do
};

// Makes the folders around the cluster, not the cluster. Throws ClusterError.
ClusterPlace find_cluster_place(std::filesystem::path const& data_folder);

// The major version of the cluster that lies there; nothing when there is none yet. Throws ClusterError when
// something else lies there.
std::optional<int> cluster_version(std::filesystem::path const& cluster);

// A folder nobody else may enter, made or made so. Throws ClusterError when it belongs to somebody else.
void make_private_folder(std::filesystem::path const& folder, std::optional<Account> const& account);

// The longest path of a socket's folder that fits into a socket address.
inline constexpr std::size_t longest_socket_folder = 90;

}
