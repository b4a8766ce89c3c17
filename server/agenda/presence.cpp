#include "agenda/presence.h"

namespace kutsu::agenda
{

boost::json::array Presence::set(std::string const& event, std::uintptr_t socket, Present present)
{
    std::scoped_lock const lock(guard_);
    present_[event][socket] = std::move(present);
    return all(event);
}

boost::json::array Presence::remove(std::string const& event, std::uintptr_t socket)
{
    std::scoped_lock const lock(guard_);
    auto const found = present_.find(event);
    if (found == present_.end())
        return {};
    found->second.erase(socket);
    if (found->second.empty())
        present_.erase(found);
    return all(event);
}

boost::json::array Presence::all(std::string const& event) const
{
    boost::json::array people;
    auto const found = present_.find(event);
    if (found == present_.end())
        return people;
    for (auto const& [socket, present] : found->second) {
        boost::json::object person{
            {"id", present.user}, {"name", present.name}, {"holding", present.holding}};
        person["session"] = present.session ? boost::json::value(*present.session) : boost::json::value();
        people.push_back(std::move(person));
    }
    return people;
}

}
