#include "calendars/components.h"
#include "calendars/forms.h"

#include <boost/json.hpp>

#include <charconv>

namespace kutsu::calendars
{
namespace
{

namespace json = boost::json;

std::string_view type_name(ValueType type)
{
    switch (type) {
    case ValueType::text:
        break;
    case ValueType::uri:
        return "uri";
    case ValueType::date_time:
        return "date-time";
    case ValueType::date:
        return "date";
    case ValueType::integer:
        return "integer";
    case ValueType::duration:
        return "duration";
    case ValueType::utc_offset:
        return "utc-offset";
    case ValueType::geo:
        return "float";
    case ValueType::recur:
        return "recur";
    }
    return "text";
}

json::value number(std::string_view text)
{
    std::int64_t whole = 0;
    auto const end = text.data() + text.size();
    return std::from_chars(text.data(), end, whole).ptr == end ? json::value(whole)
                                                               : json::value(std::string(text));
}

double degrees(std::string const& text)
{
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// Parts that are lists of numbers or days stay plain values: our rules have one of each (R20).
json::object rule(TypedProperty const& property)
{
    json::object parts;
    for (auto const& [name, value] : property.recur)
        parts[name] = number(value);
    return parts;
}

json::array property_of(TypedProperty const& property)
{
    json::object parameters;
    for (auto const& [name, value] : property.parameters)
        parameters[name] = value;
    json::array made{json::value(property.name), std::move(parameters),
                     json::value(type_name(property.type))};
    if (property.type == ValueType::recur)
        made.push_back(rule(property));
    else if (property.type == ValueType::geo)
        made.push_back(json::array{degrees(property.values.front()), degrees(property.values.back())});
    else
        for (auto const& value : property.values)
            made.push_back(property.type == ValueType::integer ? number(value) : json::value(value));
    return made;
}

json::array component_of(TypedComponent const& component)
{
    json::array properties, components;
    for (auto const& property : component.properties)
        properties.push_back(property_of(property));
    for (auto const& each : component.components)
        components.push_back(component_of(each));
    return {json::value(component.name), std::move(properties), std::move(components)};
}

}

std::string write_jcal(Calendar const& calendar)
{
    return json::serialize(component_of(typed_component(calendar)));
}

}
