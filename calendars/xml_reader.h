// XML from strangers, read into a small tree. Refused: a document type (so no entity can be declared), other
// encodings than UTF-8, more than 10,000 elements, more than 32 levels. Names are given with their namespace.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::calendars
{

struct XmlName
{
    std::string space; // "DAV:"
    std::string local; // "propfind"

    friend auto operator<=>(XmlName const&, XmlName const&) = default;
};

struct XmlElement
{
    XmlName name;
    std::vector<std::pair<std::string, std::string>> attributes; // without those of a namespace
    std::string text;                                            // of its own, not of its children
    std::vector<XmlElement> children;

    // The first of this name, or null.
    XmlElement const* child(std::string_view space, std::string_view local) const;
    // The attribute's value, or nothing.
    std::optional<std::string> attribute(std::string_view wanted) const;
    bool is(std::string_view space, std::string_view local) const
    {
        return name.space == space && name.local == local;
    }
};

// Nothing when the bytes are not such XML.
std::optional<XmlElement> read_xml(std::string_view bytes);

}
