#include "accounts/people_store.h"

#include "db/rows.h"

namespace kutsu::accounts
{

std::vector<Person> list_people(db::Reader& reader, std::string const& event_slug, Slice const& slice)
{
    return db::list<Person>(reader, R"(
        select r.arrival, r.name, r.name_other_script, r.organisation, r.status,
               case when r.status = 'waitlisted' then
                    row_number() over (partition by r.status order by r.arrival) end as position,
               r.seats, r.attendance
          from registration r join event e using (event_id)
         where e.slug = :slug and r.status <> 'duplicate'
         order by r.arrival
         offset :first limit :count)",
                            event_slug, slice.first, slice.count);
}

}
