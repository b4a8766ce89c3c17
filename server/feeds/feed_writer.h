// Writes feeds. What an entry looks like is kept until its clock moves, so a change of one event among a
// thousand costs one entry in each language. May be used from any thread.
#pragma once

#include "base/services.h"
#include "calendars/calendar.h"
#include "feeds/feed_contents.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kutsu::feeds
{

class FeedWriter
{
public:
    explicit FeedWriter(Site const& site) : site_(site) {}

    std::string write(calendars::CalendarHead const& head, FeedKey const& key, Contents const& contents);

private:
    using FragmentPtr = std::shared_ptr<calendars::Fragment const>;
    using Make = std::function<std::optional<calendars::Event>()>;
    struct Kept
    {
        std::size_t stamp = 0;
        FragmentPtr fragment;
    };

    void add_event(std::vector<calendars::Fragment>& out, FeedKey const& key, events::Event const& event);
    void add(std::vector<calendars::Fragment>& out, FeedKey const& key, std::string const& id,
             std::size_t stamp, Make const& make);
    FragmentPtr find(std::pair<std::string, std::string> const& place, std::size_t stamp) const;

    Site const& site_;
    mutable std::mutex guard_;
    std::map<std::pair<std::string, std::string>, Kept> kept_; // by id and language
};

}
