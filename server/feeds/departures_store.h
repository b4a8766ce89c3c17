// SQL of departures (table feed_tombstone): a row in, a value out.
#pragma once

#include "base/problem.h"
#include "db/reader.h"
#include "feeds/departures.h"

namespace kutsu::feeds::store
{

Departures load_departures(db::Reader& reader);
// Every server process sees the same movements; whichever writes first decides the stamps. Gives back what
// now stands in the table.
Result<Departures> save_movements(db::Transaction& transaction, Movements const& movements);

}
