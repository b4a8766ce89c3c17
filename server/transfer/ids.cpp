#include "transfer/ids.h"

namespace kutsu::transfer
{

std::optional<IdUse> Ids::declare(std::string const& id, IdUse use)
{
    auto& uses = uses_[id];
    auto const group = sharing_ids_with(use.kind);
    std::optional<IdUse> forbidden_by;
    for (auto const& earlier : uses) {
        // What has no table of its own, and a programme that funds several projects, may come again
        // elsewhere.
        auto const forbids =
            (earlier.kind & group) && (earlier.project == use.project || (use.kind & kind::stored));
        if (forbids && !forbidden_by)
            forbidden_by = earlier;
    }
    uses.push_back(std::move(use)); // in any case, so that references to it are not wrong as well
    return forbidden_by;
}

IdUse const* Ids::find(std::string_view id, Kinds kinds, std::size_t project) const
{
    auto const found = uses_.find(id);
    if (found == uses_.end())
        return nullptr;
    for (auto const& use : found->second) {
        if ((use.kind & kinds) && use.project == project)
            return &use;
    }
    return nullptr;
}

}
