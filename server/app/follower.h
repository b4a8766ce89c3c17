// Keeps memory true to the change log: loads what changed, swaps it into the catalogue, then tells the
// watchers and whoever else reads the log.
#pragma once

#include "base/services.h"
#include "db/change_log.h"

#include <functional>
#include <memory>
#include <string>

namespace kutsu::app
{

class Follower
{
public:
    // `changed` is called after each look that brought something, on the follower's thread.
    Follower(std::string conninfo, Services& services, std::function<void()> changed);
    void stop();

private:
    void apply(std::vector<db::Change> const& changes);
    void compare(std::vector<db::EventVersion> const& appeared, std::vector<std::int64_t> const& vanished);
    void set_away(bool away);

    Services& services_;
    std::function<void()> changed_;
    std::unique_ptr<db::ChangeFollower> follower_;
};

}
