#include "registration/seats_store.h"

#include "db/rows.h"

#include <boost/describe.hpp>

namespace kutsu::registration
{

BOOST_DESCRIBE_STRUCT(Promotion, (),
                      (promotion_id, registration, name, session, at, why, from_status, to_status,
                       offer_expires_at))

namespace store
{

std::optional<json::object> limits(db::Reader& reader, std::int64_t event_id)
{
    return db::find<json::object>(reader,
                                  "select capacity_answer_json(event_id) as limits from event_counter "
                                  "where event_id = :event_id",
                                  event_id);
}

std::vector<Promotion> promotions(db::Reader& reader, std::int64_t event_id, std::int64_t before,
                                  std::int64_t limit)
{
    return db::list<Promotion>(reader, R"(
        select p.promotion_id, r.public_id as registration, r.name, s.public_id as session, ms(p.at) as at, p.why,
               p.from_status, p.to_status, ms(p.offer_expires_at) as offer_expires_at
          from promotion p join registration r using (event_id, registration_id) left join session s using (event_id, session_id)
         where p.event_id = :event_id and p.promotion_id < :before
         order by p.promotion_id desc limit :limit)",
                               event_id, before, limit);
}

}
}
