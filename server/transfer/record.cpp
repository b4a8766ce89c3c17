#include "transfer/record.h"

#include "base/local_time.h"
#include "base/text.h"
#include "transfer/json_path.h"
#include "transfer/standing.h"

#include <algorithm>

namespace kutsu::transfer
{
namespace
{

std::string replaced(std::string text, char from, char to)
{
    std::ranges::replace(text, from, to);
    return text;
}

json::value to_column(json::value const& value, How how)
{
    switch (how) {
    case How::token:
        return json::string(lower(value.as_string()));
    case How::dashed:
        return json::string(replaced(lower(value.as_string()), '_', '-'));
    case How::words:
        return to_stored(text_from_plain(value.as_object()));
    case How::stamp:
        return to_ms(parse_instant(value.as_string()).value());
    case How::plain:
        break;
    }
    return value;
}

json::value from_column(json::value const& value, How how)
{
    switch (how) {
    case How::token:
        return json::string(upper(value.as_string()));
    case How::dashed:
        return json::string(upper(replaced(std::string(value.as_string()), '-', '_')));
    case How::words:
        return to_plain(text_from_stored(value));
    case How::stamp:
        return json::string(format_utc(from_ms(value.as_int64())));
    case How::plain:
        break;
    }
    return value;
}

bool is_standard(json::value const& column, Part const& part)
{
    auto const* text = column.if_string();
    return text && !part.standard.empty() && std::string_view(*text) == part.standard;
}

}

bool is_neutral(json::value const& value)
{
    if (auto const* list = value.if_array())
        return list->empty();
    if (auto const* object = value.if_object())
        return object->empty();
    auto const* flag = value.if_bool();
    return value.is_null() || (flag && !*flag);
}

json::value Record::take(std::string_view name)
{
    auto const found = rest.find(name);
    if (found == rest.end() || is_neutral(found->value()))
        return nullptr;
    auto value = std::move(found->value());
    rest.erase(found);
    return value;
}

Record split(json::object object, std::span<Part const> parts)
{
    Record record{{}, std::move(object)};
    for (auto const& part : parts) {
        auto value = record.take(part.name);
        if (value.is_null())
            continue;
        auto column = to_column(value, part.how);
        if (is_standard(column, part))
            record.rest[part.name] = std::move(value);
        record.row[part.column] = std::move(column);
    }
    return record;
}

json::object with_details(Record record)
{
    record.row["details"] = std::move(record.rest);
    return std::move(record.row);
}

json::object join(json::object const& row, std::span<Part const> parts)
{
    auto const* details = object_at(row, "details");
    auto object = details ? *details : json::object();
    for (auto const& part : parts) {
        auto const* column = row.if_contains(part.column);
        if (column && !is_neutral(*column) && !is_standard(*column, part))
            object[part.name] = from_column(*column, part.how);
    }
    return object;
}

}
