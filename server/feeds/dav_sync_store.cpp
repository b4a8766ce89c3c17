#include "feeds/dav_sync_store.h"

#include "db/rows.h"

#include <boost/json.hpp>

namespace kutsu::feeds::store
{
namespace json = boost::json;

std::string keep_sync_state(db::Transaction& transaction, SyncState const& state)
{
    json::object members;
    for (auto const& [name, tag] : state.members)
        members[name] = tag;
    db::execute(transaction, "delete from dav_sync_state where used_at < at_ms(:now) - interval '180 days'",
                state.now);
    return db::get<std::string>(transaction, R"(
        insert into dav_sync_state as known (token, collection, digest, members, used_at)
        values (cast(:token as uuid), :collection, :digest, cast(:members as jsonb), at_ms(:now))
        on conflict (collection, digest) do update set used_at = greatest(known.used_at, excluded.used_at)
        returning cast(token as text))",
                                state.token, state.collection, state.digest, members, state.now);
}

std::optional<DavMembers> find_sync_state(db::Reader& reader, std::string const& collection,
                                          std::string const& token)
{
    auto const found = db::find<json::object>(
        reader,
        "select members from dav_sync_state where collection = :collection and cast(token as text) = :token",
        collection, token);
    if (!found)
        return std::nullopt;
    DavMembers members;
    for (auto const& [name, tag] : *found)
        members[std::string(name)] = std::string(tag.as_string());
    return members;
}

}
