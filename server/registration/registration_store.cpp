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
        select e.slug, c.version, true, shadow_answer_json(s)
          from registration_shadow s join event e using (event_id) join event_counter c using (event_id) where s.token_hash = decode(:hash2, 'hex'))",
                                  token_hash, token_hash);
    if (!row)
        return std::nullopt;
    return Found{std::move(row->slug), row->version, row->shadow, std::move(row->answer)};
}

}
