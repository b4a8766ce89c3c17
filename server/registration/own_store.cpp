#include "registration/own_store.h"

#include "db/rows.h"

namespace kutsu::registration::store
{

std::optional<std::string> ended_link(db::Reader& reader, std::string const& token_hash)
{
    return db::find<std::string>(
        reader, "select reason from ended_link where token_hash = decode(:hash, 'hex')", token_hash);
}

std::optional<json::object> held(db::Reader& reader, std::string const& token_hash)
{
    return db::find<json::object>(
        reader, "select held from registration_export(decode(:hash, 'hex')) held where held is not null",
        token_hash);
}

void send_lost_links(db::Transaction& transaction, std::string const& email, std::int64_t event_id,
                     std::string const& address_hash, Instant now)
{
    db::get<std::int64_t>(transaction, R"(
        select 1 as done from send_lost_links(:email, nullif(cast(:event_id as bigint), 0),
                                              decode(:address_hash, 'hex'), at_ms(:now)))",
                          email, event_id, address_hash, now);
}

}
