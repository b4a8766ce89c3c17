#include "calendars/xml_reader.h"

#include <algorithm>
#include <expat.h>
#include <memory>

namespace kutsu::calendars
{
namespace
{

constexpr std::size_t most_elements = 10'000;
constexpr std::size_t deepest = 32;
constexpr char separator = '\x1F'; // no XML name or namespace holds it

struct Reading
{
    XML_Parser parser = nullptr;
    std::vector<XmlElement> open; // from the root to where we are
    std::optional<XmlElement> root;
    std::size_t elements = 0;

    void refuse() const { XML_StopParser(parser, XML_FALSE); }
};

XmlName name_of(std::string_view text)
{
    auto const at = text.find(separator);
    if (at == text.npos)
        return {{}, std::string(text)};
    return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

void start(void* data, XML_Char const* name, XML_Char const** attributes)
{
    auto& reading = *static_cast<Reading*>(data);
    if (++reading.elements > most_elements || reading.open.size() >= deepest)
        return reading.refuse();
    XmlElement element{name_of(name), {}, {}, {}};
    for (auto const* each = attributes; *each; each += 2) {
        if (!std::string_view(each[0]).contains(separator))
            element.attributes.emplace_back(each[0], each[1]);
    }
    reading.open.push_back(std::move(element));
}

void end(void* data, XML_Char const*)
{
    auto& reading = *static_cast<Reading*>(data);
    if (reading.open.empty())
        return; // of an element that was refused
    auto done = std::move(reading.open.back());
    reading.open.pop_back();
    if (reading.open.empty())
        reading.root = std::move(done);
    else
        reading.open.back().children.push_back(std::move(done));
}

void characters(void* data, XML_Char const* text, int size)
{
    auto& reading = *static_cast<Reading*>(data);
    if (!reading.open.empty())
        reading.open.back().text.append(text, static_cast<std::size_t>(size));
}

void doctype(void* data, XML_Char const*, XML_Char const*, XML_Char const*, int)
{
    static_cast<Reading*>(data)->refuse();
}

struct Free
{
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}

XmlElement const* XmlElement::child(std::string_view space, std::string_view local) const
{
    auto const found =
        std::ranges::find_if(children, [&](XmlElement const& each) { return each.is(space, local); });
    return found == children.end() ? nullptr : &*found;
}

std::optional<std::string> XmlElement::attribute(std::string_view wanted) const
{
    for (auto const& [key, value] : attributes) {
        if (key == wanted)
            return value;
    }
    return std::nullopt;
}

std::optional<XmlElement> read_xml(std::string_view bytes)
{
    // Whatever the document says of its encoding, it is read as UTF-8, as RFC 4918 asks servers to.
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> const parser(
        XML_ParserCreateNS("UTF-8", separator));
    Reading reading{parser.get(), {}, {}, 0};
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), start, end);
    XML_SetCharacterDataHandler(parser.get(), characters);
    XML_SetStartDoctypeDeclHandler(parser.get(), doctype);
    if (bytes.size() > 4 * 1024 * 1024 ||
        XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), XML_TRUE) != XML_STATUS_OK)
        return std::nullopt;
    return std::move(reading.root);
}

}
