#include "db/change_log.h"

#include "db/rows.h"

#include <boost/json/serialize.hpp>

namespace kutsu::db
{

// The update waits for the counter row, so versions are given in the order of commits.
constexpr char raise_and_insert[] = R"(
    with counted as (
        update event_counter set version = version + 1 where event_id = :event_id
        returning event_id, version)
    insert into change (event_id, event_version, kind, payload, actor, origin, at)
    select event_id, version, :kind, jsonb_build_object('changes', cast(:changes as jsonb)), :actor, :origin,
           at_ms(cast(:at as bigint))
      from counted
    returning event_version)";

std::int64_t record_change(Transaction& transaction, ChangeNote const& note)
{
    auto const version =
        find<std::int64_t>(transaction, raise_and_insert, note.event_id, note.kind,
                           boost::json::serialize(note.changes), note.actor, note.origin, note.at);
    if (!version)
        throw std::logic_error("an event without a counter row cannot change");
    return *version;
}

}
