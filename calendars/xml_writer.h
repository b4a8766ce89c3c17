// XML out. Names are literals of the code, words are escaped; there is no way to append raw bytes but an
// element written before.
#pragma once

#include <string>
#include <string_view>

namespace kutsu::calendars
{

// Escaped; the two code points no XML may hold are left out. Values hold no control character but line
// feeds.
void append_xml_text(std::string& out, std::string_view text);

template <class Body>
void append_element(std::string& out, std::string_view name, Body const& body)
{
    out.append("<").append(name).append(">");
    body();
    out.append("</").append(name).append(">");
}

inline void append_text_element(std::string& out, std::string_view name, std::string_view text)
{
    append_element(out, name, [&] { append_xml_text(out, text); });
}

inline void append_empty_element(std::string& out, std::string_view name)
{
    out.append("<").append(name).append("/>");
}

}
