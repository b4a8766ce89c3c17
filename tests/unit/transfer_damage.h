// Damaging project files and seeing what is said about them.
#pragma once

#include "transfer/project_file.h"
#include "transfer_samples.h"

#include <string>
#include <string_view>

namespace kutsu::test
{

using transfer::FileProblems;

inline FileProblems problems_of(std::string_view text)
{
    auto const file = transfer::read_project_file(text);
    return file ? FileProblems{} : file.error();
}

inline FileProblems problems_in(json::value const& document)
{
    return problems_of(json::serialize(document));
}

inline std::string listed(FileProblems const& problems)
{
    std::string text;
    for (auto const& problem : problems)
        text += problem.path + " " + problem.reason + "\n";
    return text;
}

// Puts a JSON value at an RFC 6901 pointer; an empty one removes the member.
inline void damage(json::value& document, std::string_view pointer, std::string_view value)
{
    auto const slash = pointer.rfind('/');
    auto& parent = document.at_pointer(pointer.substr(0, slash));
    std::string name(pointer.substr(slash + 1));
    if (auto const escaped = name.find("~1"); escaped != std::string::npos)
        name.replace(escaped, 2, "/");
    if (auto* list = parent.if_array())
        list->at(std::stoul(name)) = json::parse(value);
    else if (value.empty())
        parent.as_object().erase(name);
    else
        parent.as_object()[name] = json::parse(value);
}

}
