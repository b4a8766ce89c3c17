// Keeps memory true to the change log: loads what changed, swaps it into the catalogue, then tells the
// watchers and whoever else reads the log. Changes of seats say all there is to know and are applied without
// asking the database.
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
    // `changed` is called after each look that brought something, on the follower's thread: with true when it
    // was about seats only.
    Follower(std::string conninfo, Services& services, std::function<void(bool seats_only)> changed);
    // What this process has just committed, from any thread.
    void feed(std::vector<db::Change> changes) { follower_->feed(std::move(changes)); }
    void stop();

private:
    void apply(std::vector<db::Change> const& changes);
    void compare(std::vector<db::EventVersion> const& appeared, std::vector<std::int64_t> const& vanished);
    void set_away(bool away);

    Services& services_;
    std::function<void(bool)> changed_;
    std::unique_ptr<db::ChangeFollower> follower_;
};

}
