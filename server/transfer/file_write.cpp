#include "transfer/file_text.h"

#include <fmt/format.h>

#include <utility>

namespace kutsu::transfer
{
namespace
{

void write(json::value const& value, std::string& out, std::size_t depth);

void new_line(std::string& out, std::size_t depth)
{
    out += '\n';
    out.append(depth, ' ');
}

void write_number(double number, std::string& out)
{
    auto text = fmt::format("{}", number);
    if (text.find_first_of(".en") == std::string::npos)
        text += ".0";
    out += text;
}

void write_object(json::object const& object, std::string& out, std::size_t depth)
{
    out += '{';
    for (bool first = true; auto const& [name, below] : object) {
        out += std::exchange(first, false) ? "" : ",";
        new_line(out, depth + 1);
        out += json::serialize(json::string_view(name));
        out += ": ";
        write(below, out, depth + 1);
    }
    if (!object.empty())
        new_line(out, depth);
    out += '}';
}

void write_array(json::array const& list, std::string& out, std::size_t depth)
{
    out += '[';
    for (bool first = true; auto const& each : list) {
        out += std::exchange(first, false) ? "" : ",";
        new_line(out, depth + 1);
        write(each, out, depth + 1);
    }
    if (!list.empty())
        new_line(out, depth);
    out += ']';
}

void write(json::value const& value, std::string& out, std::size_t depth)
{
    if (auto const* object = value.if_object())
        write_object(*object, out, depth);
    else if (auto const* list = value.if_array())
        write_array(*list, out, depth);
    else if (auto const* number = value.if_double())
        write_number(*number, out);
    else
        out += json::serialize(value);
}

}

std::string write_text(json::value const& value)
{
    std::string out;
    write(value, out, 0);
    out += '\n';
    return out;
}

}
