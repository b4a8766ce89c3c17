#include "transfer/json_path.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::transfer
{
namespace
{

bool is_plain_name(std::string_view name)
{
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || digit(c); });
}

}

std::string member(std::string_view path, std::string_view name)
{
    if (is_plain_name(name))
        return fmt::format("{}.{}", path, name);
    std::string quoted;
    for (auto const c : name) {
        if (c == '\'' || c == '\\')
            quoted += '\\';
        quoted += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return fmt::format("{}['{}']", path, quoted);
}

std::string item(std::string_view path, std::size_t index)
{
    return fmt::format("{}[{}]", path, index);
}

void visit_matches(json::value const& value, std::string_view pattern, std::string const& path,
                   Visitor const& visit)
{
    if (pattern.empty())
        return visit(value, path);
    if (pattern.starts_with("[]")) {
        if (auto const* list = value.if_array()) {
            for (std::size_t i = 0; i < list->size(); ++i)
                visit_matches((*list)[i], pattern.substr(2), item(path, i), visit);
        }
        return;
    }
    if (pattern.front() == '.')
        pattern.remove_prefix(1);
    auto const name = pattern.substr(0, pattern.find_first_of(".["));
    auto const* object = value.if_object();
    if (auto const* below = object ? object->if_contains(name) : nullptr)
        visit_matches(*below, pattern.substr(name.size()), member(path, name), visit);
}

void visit_all(json::value const& value, std::string const& path, Visitor const& visit)
{
    visit(value, path);
    if (auto const* object = value.if_object()) {
        for (auto const& [name, below] : *object)
            visit_all(below, member(path, name), visit);
    } else if (auto const* list = value.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i)
            visit_all((*list)[i], item(path, i), visit);
    }
}

json::object const* object_at(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found ? found->if_object() : nullptr;
}

json::array const* array_at(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    return found ? found->if_array() : nullptr;
}

std::string_view text_at(json::object const& object, std::string_view name)
{
    auto const* found = object.if_contains(name);
    auto const* text = found ? found->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

}
