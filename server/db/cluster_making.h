// Making a cluster: initdb into a folder with another name, which then takes its own; an interruption leaves
// no half cluster behind.
#pragma once

#include "db/cluster_place.h"
#include "db/postgres_programs.h"

namespace kutsu::db
{

// Only under the lock of the data folder's cluster. Throws ClusterError.
void make_cluster(ClusterPlace const& place, PostgresPrograms const& programs);

// The log, for appending; a long one is put aside. Descriptor of the caller. Throws ClusterError.
int open_cluster_log(ClusterPlace const& place);
// The last lines, for the operator.
std::string last_words(ClusterPlace const& place);

}
