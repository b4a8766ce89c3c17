// Who works on an agenda right now and which session they hold, for the others who do. Kept in this process
// only, as long as the socket lives: a hint to people, never a lock.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace kutsu::agenda
{

struct Present
{
    std::string user; // public id
    std::string name;
    std::optional<std::string> session; // looked at
    bool holding = false;               // picked up, about to be moved
};

class Presence
{
public:
    // `socket` names the connection. Gives everybody who is there then, in the notification's form.
    boost::json::array set(std::string const& event, std::uintptr_t socket, Present present);
    boost::json::array remove(std::string const& event, std::uintptr_t socket);

private:
    boost::json::array all(std::string const& event) const;

    mutable std::mutex guard_;
    std::map<std::string, std::map<std::uintptr_t, Present>> present_; // by event and socket
};

}
