// What a function that touches the database is given. Whoever gets a Reader may ask, whoever gets a
// Transaction may change; only Database::write makes the latter.
#pragma once

#include <soci/soci.h>

namespace kutsu::db
{

struct Reader
{
    soci::session& sql;
};

struct Transaction : Reader
{};

}
