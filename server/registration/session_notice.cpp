#include "registration/session_notice.h"

#include "db/rows.h"

#include <boost/json.hpp>

namespace kutsu::registration
{
namespace
{

namespace json = boost::json;

json::object to_json(SessionTime const& time)
{
    return {{"starts_at_ms", to_ms(time.starts_at)},
            {"ends_at_ms", to_ms(time.ends_at)},
            {"room", to_plain(time.room)}};
}

json::array to_json(std::vector<SessionNotice> const& notices)
{
    json::array all;
    for (auto const& notice : notices) {
        json::object one{{"session_id", notice.session_id},
                         {"title", to_plain(notice.title)},
                         {"time_zone", notice.time_zone},
                         {"before", to_json(notice.before)}};
        if (notice.now)
            one["now"] = to_json(*notice.now);
        all.push_back(std::move(one));
    }
    return all;
}

}

std::int64_t tell_of_sessions(db::Transaction& transaction, std::int64_t event_id,
                              std::vector<SessionNotice> const& notices, std::string const& occasion,
                              Instant now)
{
    return db::get<std::int64_t>(transaction, R"(
        with told as (
            select r.registration_id, jsonb_agg(n.notice - 'session_id' order by n.number) as changes
              from registration r
             cross join lateral jsonb_array_elements(cast(:notices as jsonb)) with ordinality as n (notice, number)
              join session s on s.session_id = (n.notice ->> 'session_id')::bigint
             where r.event_id = :event and r.status = 'confirmed' and r.email is not null
               and (not s.sign_up or exists (select from session_signup su
                                              where su.registration_id = r.registration_id
                                                and su.session_id = s.session_id and su.status <> 'cancelled'))
             group by r.registration_id),
        written as (
            insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params,
                                next_attempt_at, created_at)
            select format('event_changed:%s:%s', r.public_id, cast(:occasion as text)), 'event_changed', r.email,
                   r.language, r.event_id, r.registration_id,
                   jsonb_build_object('name', r.name, 'submission_id', r.submission_id, 'changes', told.changes),
                   at_ms(:now), at_ms(:now2)
              from told join registration r using (registration_id)
             order by r.arrival
            on conflict (dedupe_key) do nothing
            returning 1)
        select count(*) as written from written)",
                                 to_json(notices), event_id, occasion, now, now);
}

}
