#include "calendars/components.h"
#include "calendars/forms.h"
#include "calendars/xml_writer.h"

namespace kutsu::calendars
{
namespace
{

// What a value is called (RFC 6321 §3.6); of a position the two parts are (§3.4.1.2).
std::string_view element_name(ValueType type)
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

// A time zone's name is text, the language a language tag, all others we write are text (§3.5).
void append_parameters(std::string& out, TypedProperty const& property)
{
    if (property.parameters.empty())
        return;
    append_element(out, "parameters", [&] {
        for (auto const& [name, value] : property.parameters)
            append_element(out, name, [&] {
                append_text_element(out, name == "language" ? "language-tag" : "text", value);
            });
    });
}

void append_property(std::string& out, TypedProperty const& property)
{
    append_element(out, property.name, [&] {
        append_parameters(out, property);
        if (property.type == ValueType::geo) {
            append_text_element(out, "latitude", property.values.front());
            append_text_element(out, "longitude", property.values.back());
        } else if (property.type == ValueType::recur) {
            append_element(out, "recur", [&] {
                for (auto const& [name, value] : property.recur)
                    append_text_element(out, name, value);
            });
        } else {
            for (auto const& value : property.values)
                append_text_element(out, element_name(property.type), value);
        }
    });
}

void append_component(std::string& out, TypedComponent const& component)
{
    append_element(out, component.name, [&] {
        append_element(out, "properties", [&] {
            for (auto const& property : component.properties)
                append_property(out, property);
        });
        if (component.components.empty())
            return;
        append_element(out, "components", [&] {
            for (auto const& each : component.components)
                append_component(out, each);
        });
    });
}

}

std::string write_xcal(Calendar const& calendar)
{
    std::string out = R"(<?xml version="1.0" encoding="utf-8"?>)"
                      "\n"
                      R"(<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0">)";
    append_component(out, typed_component(calendar));
    return out += "</icalendar>\n";
}

}
