#include "feeds/departures_store.h"

#include "base/local_time.h"
#include "db/rows.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace kutsu::feeds::store
{
namespace
{

namespace json = boost::json;

struct TombstoneRow
{
    std::string id;
    std::vector<std::string> feeds;
    json::object calendar;
    Instant gone_at;
};
BOOST_DESCRIBE_STRUCT(TombstoneRow, (), (id, feeds, calendar, gone_at))

json::object calendar_of(Departure const& departure)
{
    return {{"event", departure.event},
            {"event_slug", departure.event_slug},
            {"title", to_plain(departure.title)},
            {"starts_at", to_ms(departure.starts_at)},
            {"starts_zone", departure.starts_zone},
            {"ends_at", to_ms(departure.ends_at)},
            {"ends_zone", departure.ends_zone},
            {"sequence", departure.sequence},
            {"modified", to_ms(departure.modified)},
            {"created_at", to_ms(departure.created_at)}};
}

Departure departure_of(TombstoneRow const& row)
{
    auto const& calendar = row.calendar;
    auto const text = [&](char const* name) { return std::string(calendar.at(name).as_string()); };
    auto const instant = [&](char const* name) {
        return from_ms(calendar.at(name).to_number<std::int64_t>());
    };
    Departure departure{row.id, row.feeds, text("event"), text("event_slug"),
                        text_from_plain(calendar.at("title").as_object())};
    departure.starts_at = instant("starts_at");
    departure.starts_zone = text("starts_zone");
    departure.ends_at = instant("ends_at");
    departure.ends_zone = text("ends_zone");
    departure.sequence = calendar.at("sequence").to_number<std::int64_t>();
    departure.modified = instant("modified");
    departure.created_at = instant("created_at");
    departure.gone_at = row.gone_at;
    std::ranges::sort(departure.feeds);
    return departure;
}

void save_return(db::Transaction& transaction, Return const& back)
{
    db::execute(transaction, R"(
        update feed_tombstone
           set feeds = (select coalesce(array_agg(feed order by feed), '{}') from unnest(feeds) as feed
                         where feed <> all(cast(:back as text[])))
         where public_id = :id)",
                back.feeds, back.id);
    db::execute(transaction, "delete from feed_tombstone where public_id = :id and feeds = '{}'", back.id);
}

// Another process may have written the same already; then its stamps stay. What is hidden now is news in any
// case.
void save_departure(db::Transaction& transaction, Departure const& departure)
{
    db::execute(transaction, R"(
        insert into feed_tombstone as standing (public_id, feeds, calendar, gone_at)
        values (:id, cast(:feeds as text[]), cast(:calendar as jsonb), at_ms(:gone_at))
        on conflict (public_id) do update
           set feeds = (select array_agg(distinct feed order by feed)
                          from unnest(standing.feeds || excluded.feeds) as feed),
               calendar = excluded.calendar, gone_at = excluded.gone_at
         where not standing.feeds @> excluded.feeds
            or (standing.calendar ->> 'event_slug' <> '' and excluded.calendar ->> 'event_slug' = ''))",
                departure.id, departure.feeds, calendar_of(departure), departure.gone_at);
}

}

Departures load_departures(db::Reader& reader)
{
    Departures departures;
    for (auto const& row : db::list<TombstoneRow>(reader, R"(
            select public_id as id, to_jsonb(feeds) as feeds, calendar, ms(gone_at) as gone_at
              from feed_tombstone order by public_id)"))
        departures.push_back(departure_of(row));
    return departures;
}

Result<Departures> save_movements(db::Transaction& transaction, Movements const& movements)
{
    for (auto const& back : movements.back)
        save_return(transaction, back);
    for (auto const& departure : movements.left)
        save_departure(transaction, departure);
    return load_departures(transaction);
}

}
