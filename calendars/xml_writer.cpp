#include "calendars/xml_writer.h"

#include "calendars/code_points.h"

namespace kutsu::calendars
{

void append_xml_text(std::string& out, std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = at;
        auto const c = next_code_point(text, at);
        bool const is_forbidden =
            c < 0 || c == 0xFFFE || c == 0xFFFF || (c < 0x20 && c != '\n' && c != '\t' && c != '\r');
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\r')
            out += "&#13;"; // a bare one would be read as a line feed
        else if (!is_forbidden)
            out += text.substr(begin, at - begin);
    }
}

}
