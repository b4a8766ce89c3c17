// Which ids a file gives to what, and where. Pure.
#pragma once

#include "transfer/shape.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

struct IdUse
{
    Kinds kind = kind::none;
    std::string path;        // of the id
    std::size_t project = 0; // number of the project within the file
};

class Ids
{
public:
    // Remembers the use; returns the earlier one that forbids it, if there is one.
    std::optional<IdUse> declare(std::string const& id, IdUse use);
    // Anything of this id in this project, of one of these kinds.
    IdUse const* find(std::string_view id, Kinds kinds, std::size_t project) const;
    std::map<std::string, std::vector<IdUse>, std::less<>> const& all() const { return uses_; }

private:
    std::map<std::string, std::vector<IdUse>, std::less<>> uses_;
};

}
