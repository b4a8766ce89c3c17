#include "registration/registration_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::registration::store
{
namespace
{

struct FoundRow
{
    std::string slug;
    std::int64_t version = 0;
    bool shadow = false;
    json::object answer;
};
BOOST_DESCRIBE_STRUCT(FoundRow, (), (slug, version, shadow, answer))

}

std::optional<Found> find(db::Reader& reader, std::string const& token_hash)
{
    auto row = db::find<FoundRow>(reader, R"(
        select e.slug, c.version, false as shadow, registration_answer_json(r) as answer
          from registration r join event e using (event_id) join event_counter c using (event_id) where r.token_hash = decode(:hash, 'hex')
        union all
        select e.slug, c.version, true, s.answer
          from registration_shadow s join event e using (event_id) join event_counter c using (event_id) where s.token_hash = decode(:hash2, 'hex'))",
                                  token_hash, token_hash);
    if (!row)
        return std::nullopt;
    return Found{std::move(row->slug), row->version, row->shadow, std::move(row->answer)};
}

bool end(db::Transaction& transaction, std::string const& token_hash, std::string const& status, Instant now)
{
    return db::get<bool>(
        transaction,
        "select desk_end(decode(:hash, 'hex'), :status, 'registration', at_ms(:now))::int as ended",
        token_hash, status, now);
}

std::string accept(db::Transaction& transaction, std::string const& token_hash, Instant now)
{
    return db::get<std::string>(
        transaction, "select desk_accept(decode(:hash, 'hex'), at_ms(:now)) as outcome", token_hash, now);
}

bool change(db::Transaction& transaction, std::string const& token_hash, json::object const& changes,
            Instant now)
{
    return db::get<bool>(
        transaction,
        "select desk_change(decode(:hash, 'hex'), cast(:changes as jsonb), at_ms(:now))::int as changed",
        token_hash, changes, now);
}

void change_shadow(db::Transaction& transaction, std::string const& token_hash, json::object const& changes)
{
    db::execute(transaction,
                "update registration_shadow set answer = answer || cast(:changes as jsonb) "
                "where token_hash = decode(:hash, 'hex')",
                changes, token_hash);
}

std::int64_t expire_offers(db::Transaction& transaction, Instant now)
{
    return db::get<std::int64_t>(transaction, "select desk_expire_offers(at_ms(:now)) as ended", now);
}

}
