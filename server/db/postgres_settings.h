// How the private PostgreSQL is started.
#pragma once

#include "db/cluster_place.h"

#include <string>
#include <vector>

namespace kutsu::db
{

// The arguments of the program "postgres". They stand above the cluster's own postgresql.conf.
std::vector<std::string> postgres_arguments(ClusterPlace const& place);

}
