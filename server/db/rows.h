// Questions and their rows. A described struct is read from a row by column name; anything else is the first
// column.
//
//     struct Seat { std::int64_t event_id; std::optional<int> capacity; Status status; Instant changed_at; };
//     BOOST_DESCRIBE_STRUCT(Seat, (), (event_id, capacity, status, changed_at))
//     auto seats = db::list<Seat>(reader, R"(select event_id, capacity, status, ms(changed_at) as changed_at
//     …
//                                             where event_id = :event_id and status = any(:states))",
//                                             event_id, states);
//
// How columns are selected:      std::int64_t, int, double, bool, std::string   as they are
//   Instant                      ms(x)                  LocalTime   to_char(x, 'YYYY-MM-DD"T"HH24:MI:SS')
//   Day                          x::text                Text, boost::json::value/object/array   the jsonb
//   column enum                         its text, the described name of a value std::vector<std::string>,
//   std::vector<std::int64_t>   to_jsonb(x)             std::optional<any of these>   null is empty
//
// What arguments become: the same types (Instant: milliseconds, use at_ms(:x); LocalTime, Day: text, use
// cast(:x as timestamp); Text and JSON: jsonb text; vectors: an array literal for any(:x) or cast(:x as
// text[])). Plain arguments are taken in the order of the names, a name that stands twice needs its argument
// twice; soci::use(x, "name") binds by name instead, then all arguments of the call have to.
//
// Query text holds no comments with apostrophes and no [a:b]: SOCI's parser trips over them; casts with ::
// are fine. Errors: SqlError, DatabaseAway; std::domain_error when a column does not fit its field.
#pragma once

#include "db/columns.h"
#include "db/parameters.h"
#include "db/query.h"
#include "db/reader.h"

#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace kutsu::db
{

// Every row, in the order of the question.
template <class T, class... Uses>
std::vector<T> list(Reader& reader, std::string_view question, Uses const&... uses)
{
    Query query(reader, question);
    (bind(query, uses), ...);
    std::vector<T> rows;
    for (query.ask(); query.next();)
        rows.push_back(value_of<T>(query.row()));
    return rows;
}

// The first row, which may be absent.
template <class T, class... Uses>
std::optional<T> find(Reader& reader, std::string_view question, Uses const&... uses)
{
    Query query(reader, question);
    (bind(query, uses), ...);
    query.ask();
    return query.next() ? std::optional<T>(value_of<T>(query.row())) : std::nullopt;
}

// The first row, which must be there.
template <class T, class... Uses>
T get(Reader& reader, std::string_view question, Uses const&... uses)
{
    auto found = find<T>(reader, question, uses...);
    if (!found)
        throw std::logic_error("a row that must exist is absent");
    return std::move(*found);
}

// Changes rows; returns how many.
template <class... Uses>
std::int64_t execute(Transaction& transaction, std::string_view statement, Uses const&... uses)
{
    Query query(transaction, statement);
    (bind(query, uses), ...);
    return query.execute();
}

}

// For `sql << "…", soci::into(described)`: the same reading of a row.
template <kutsu::db::DescribedRow T>
struct soci::type_conversion<T>
{
    using base_type = values;

    static void from_base(values const& row, indicator, T& out) { out = kutsu::db::value_of<T>(row); }
};
