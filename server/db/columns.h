// Columns of a row as values; see db/rows.h for how each type is selected.
#pragma once

#include "base/clock.h"
#include "base/local_time.h"
#include "base/text.h"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <soci/soci.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace kutsu::db
{

template <class T>
concept DescribedRow = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

// A column of the current row. `Row` is soci::row or soci::values.
template <class Row>
struct Column
{
    Row const& row;
    std::size_t position;

    bool is_null() const { return row.get_indicator(position) == soci::i_null; }
    soci::data_type type() const { return row.get_properties(position).get_data_type(); }
    std::string name() const { return row.get_properties(position).get_name(); }
};

// The reason names the column, never what it holds.
[[noreturn]] void does_not_fit(std::string const& column, char const* reason);

template <class Row>
std::int64_t integer_of(Column<Row> const& column)
{
    switch (column.type()) {
    case soci::dt_integer:
        return column.row.template get<int>(column.position);
    case soci::dt_long_long:
        return column.row.template get<long long>(column.position);
    case soci::dt_double: {
        // sum(bigint) is numeric.
        auto const number = column.row.template get<double>(column.position);
        if (number != static_cast<double>(static_cast<std::int64_t>(number)))
            does_not_fit(column.name(), "is no whole number");
        return static_cast<std::int64_t>(number);
    }
    default:
        does_not_fit(column.name(), "is no number");
    }
}

template <class Row>
std::string text_of(Column<Row> const& column)
{
    if (column.type() == soci::dt_date)
        does_not_fit(column.name(), "is a date or time: select it as text or with ms()");
    if (column.type() != soci::dt_string)
        does_not_fit(column.name(), "is no text");
    return column.row.template get<std::string>(column.position);
}

// Conversions of text, throwing std::domain_error that names the column.
void convert(std::string const& column, std::string&& text, std::string& out);
void convert(std::string const& column, std::string&& text, LocalTime& out);
void convert(std::string const& column, std::string&& text, Day& out);
void convert(std::string const& column, std::string&& text, Text& out);
void convert(std::string const& column, std::string&& text, boost::json::value& out);
void convert(std::string const& column, std::string&& text, boost::json::object& out);
void convert(std::string const& column, std::string&& text, boost::json::array& out);
void convert(std::string const& column, std::string&& text, std::vector<std::string>& out);
void convert(std::string const& column, std::string&& text, std::vector<std::int64_t>& out);

template <class E>
    requires std::is_enum_v<E>
void convert(std::string const& column, std::string&& text, E& out)
{
    if (!boost::describe::enum_from_string(text.c_str(), out))
        does_not_fit(column, "holds an unknown choice");
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class F, class Row>
F field_of(Column<Row> const& column)
{
    if constexpr (is_optional<F>) {
        return column.is_null() ? F{} : F(field_of<typename F::value_type>(column));
    } else {
        if (column.is_null())
            does_not_fit(column.name(), "is null");
        if constexpr (std::same_as<F, bool>)
            return integer_of(column) != 0;
        else if constexpr (std::integral<F>) {
            auto const number = integer_of(column);
            if (!std::in_range<F>(number))
                does_not_fit(column.name(), "is out of range");
            return static_cast<F>(number);
        } else if constexpr (std::floating_point<F>)
            return column.type() == soci::dt_double ? column.row.template get<double>(column.position)
                                                    : static_cast<F>(integer_of(column));
        else if constexpr (std::same_as<F, Instant>)
            return from_ms(integer_of(column));
        else {
            F value{};
            convert(column.name(), text_of(column), value);
            return value;
        }
    }
}

template <class Row>
Column<Row> column_named(Row const& row, std::string_view name)
{
    auto const columns = [&] {
        if constexpr (requires { row.size(); })
            return row.size();
        else
            return row.get_number_of_columns();
    }();
    for (std::size_t position = 0; position < columns; ++position) {
        if (row.get_properties(position).get_name() == name)
            return {row, position};
    }
    does_not_fit(std::string(name), "is not selected");
}

template <class T, class Row>
T value_of(Row const& row)
{
    if constexpr (DescribedRow<T>) {
        T value{};
        using Fields = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Fields>([&](auto each) {
            auto& field = value.*each.pointer;
            field = field_of<std::remove_reference_t<decltype(field)>>(column_named(row, each.name));
        });
        return value;
    } else {
        return field_of<T>(Column<Row>{row, 0});
    }
}

}
