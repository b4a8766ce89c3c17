#include "calendars/dav_answer.h"

#include "calendars/xml_writer.h"

#include <algorithm>

namespace kutsu::calendars::dav
{
namespace
{

constexpr std::string_view declaration = R"(<?xml version="1.0" encoding="utf-8"?>)"
                                         "\n";
constexpr std::string_view spaces =
    R"( xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/")";

// The prefix our answers declare for a namespace; none for a stranger's.
std::string_view prefix_of(std::string_view space)
{
    if (space == dav_space)
        return "D:";
    if (space == caldav_space)
        return "C:";
    if (space == server_space)
        return "S:";
    return space == apple_space ? "A:" : "";
}

bool is_ours(std::string_view space)
{
    return !prefix_of(space).empty();
}

void append_named(std::string& out, XmlName const& name, std::string_view inner)
{
    auto const tag = std::string(prefix_of(name.space)) + name.local;
    out.append("<").append(tag);
    if (!is_ours(name.space)) {
        out += " xmlns=\"";
        append_xml_text(out, name.space);
        out += "\"";
    }
    if (inner.empty())
        out += "/>";
    else
        out.append(">").append(inner).append("</").append(tag).append(">");
}

std::string marks_of(std::vector<XmlName> const& marks)
{
    std::string inner;
    for (auto const& mark : marks)
        append_named(inner, mark, {});
    return inner;
}

// Written parts of one propstat.
void append_propstat(std::string& out, std::string_view properties, std::string_view status)
{
    if (properties.empty())
        return;
    append_element(out, "D:propstat", [&] {
        append_element(out, "D:prop", [&] { out += properties; });
        append_text_element(out, "D:status", status);
    });
}

}

Property Property::text(std::string_view space, std::string_view local, std::string_view words)
{
    std::string inner;
    append_xml_text(inner, words);
    return {space, local, std::move(inner)};
}

Property Property::href(std::string_view space, std::string_view local, std::string_view address)
{
    std::string inner;
    append_text_element(inner, "D:href", address);
    return {space, local, std::move(inner)};
}

Property Property::marks(std::string_view space, std::string_view local, std::vector<XmlName> const& marks)
{
    return {space, local, marks_of(marks)};
}

Property Property::wrapped(std::string_view space, std::string_view local,
                           std::vector<std::string_view> const& outer, std::vector<XmlName> const& marks)
{
    std::string inner;
    for (auto const& mark : marks) {
        for (auto const each : outer)
            inner.append("<D:").append(each).append(">");
        append_named(inner, mark, {});
        for (auto each = outer.rbegin(); each != outer.rend(); ++each)
            inner.append("</D:").append(*each).append(">");
    }
    return {space, local, std::move(inner)};
}

Property Property::components()
{
    return {caldav_space, "supported-calendar-component-set", R"(<C:comp name="VEVENT"/>)"};
}

Property Property::calendar_data()
{
    return {caldav_space, "supported-calendar-data",
            R"(<C:calendar-data content-type="text/calendar" version="2.0"/>)"};
}

Property Property::only_by_name() &&
{
    common_ = false;
    return std::move(*this);
}

Multistatus::Multistatus() : out_(declaration)
{
    out_.append("<D:multistatus").append(spaces).append(">");
}

void Multistatus::add(std::string_view href, Properties const& asked, std::span<Property const> has)
{
    std::string found, missing;
    if (asked.wanted == Wanted::named) {
        for (auto const& name : asked.names) {
            auto const property = std::ranges::find(has, name, &Property::name);
            append_named(property == has.end() ? missing : found, name,
                         property == has.end() ? std::string_view() : std::string_view(property->inner()));
        }
    } else {
        for (auto const& property : has) {
            if (asked.wanted == Wanted::names)
                append_named(found, property.name(), {});
            else if (property.is_common())
                append_named(found, property.name(), property.inner());
        }
    }
    append_element(out_, "D:response", [&] {
        append_text_element(out_, "D:href", href);
        append_propstat(out_, found, "HTTP/1.1 200 OK");
        append_propstat(out_, missing, "HTTP/1.1 404 Not Found");
        if (found.empty() && missing.empty())
            append_element(out_, "D:propstat", [&] {
                append_empty_element(out_, "D:prop");
                append_text_element(out_, "D:status", "HTTP/1.1 200 OK");
            });
    });
}

void Multistatus::add_missing(std::string_view href)
{
    append_element(out_, "D:response", [&] {
        append_text_element(out_, "D:href", href);
        append_text_element(out_, "D:status", "HTTP/1.1 404 Not Found");
    });
}

void Multistatus::add_more(std::string_view href)
{
    append_element(out_, "D:response", [&] {
        append_text_element(out_, "D:href", href);
        append_text_element(out_, "D:status", "HTTP/1.1 507 Insufficient Storage");
        append_element(out_, "D:error",
                       [&] { append_empty_element(out_, "D:number-of-matches-within-limits"); });
    });
}

void Multistatus::set_sync_token(std::string_view token)
{
    append_text_element(out_, "D:sync-token", token);
}

std::string Multistatus::take() &&
{
    return std::move(out_ += "</D:multistatus>\n");
}

std::string error_body(XmlName const& condition)
{
    std::string out(declaration);
    out.append("<D:error").append(spaces).append(">");
    append_named(out, condition, {});
    return out += "</D:error>\n";
}

}
