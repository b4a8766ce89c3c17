// A calendar as components and typed properties, the shape that jCal and xCal share (RFC 7265 §3, RFC 6321
// §3). Names are lower case; values are already written as those two want them ("2027-05-27T08:30:00").
#pragma once

#include "calendars/calendar.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::calendars
{

enum class ValueType
{
    text = 1,
    uri,
    date_time,
    date,
    integer,
    duration,
    utc_offset,
    geo,  // two values, latitude and longitude; jCal's type "float"
    recur // pairs of part and value
};

struct TypedProperty
{
    std::string_view name;
    std::vector<std::pair<std::string_view, std::string>> parameters;
    ValueType type = ValueType::text;
    std::vector<std::string> values;
    std::vector<std::pair<std::string, std::string>> recur; // of ValueType::recur only
};

struct TypedComponent
{
    std::string_view name;
    std::vector<TypedProperty> properties;
    std::vector<TypedComponent> components;
};

// Zones first, then entries by (start, uid), as in the .ics form.
TypedComponent typed_component(Calendar const& calendar);

}
