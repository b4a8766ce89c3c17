// One statement under way, sent with its parameters in a single round trip. Rooms use db/rows.h.
#pragma once

#include "db/reader.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace kutsu::db
{

class Query
{
public:
    Query(Reader& reader, std::string_view text);
    Query(Query const&) = delete;
    Query& operator=(Query const&) = delete;

    // The next parameter as text; nothing is null.
    void bind_text(std::optional<std::string> value);
    template <class T, class Indicator>
    void bind_by_name(soci::details::use_container<T, Indicator> const& use)
    {
        statement_.exchange(use);
    }

    void ask();
    bool next();
    soci::row const& row() const { return row_; }
    // Returns the number of rows changed.
    std::int64_t execute();

private:
    void send(bool with_rows);

    Reader& reader_;
    std::string text_;
    std::deque<std::string> values_; // a deque: SOCI keeps addresses
    std::deque<soci::indicator> indicators_;
    soci::row row_;
    soci::statement statement_;
};

}
