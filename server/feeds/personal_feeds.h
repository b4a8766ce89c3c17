// Personal calendars over HTTP: /calendar/personal/SECRET.ics and its other forms. Unknown secrets are 404,
// revoked ones 410; while the database is away a calendar that was read lately is answered from memory.
#pragma once

#include "base/services.h"
#include "net/http.h"
#include "registration/personal_calendar.h"

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kutsu::feeds
{

class PersonalFeeds
{
public:
    explicit PersonalFeeds(Services& services) : services_(services) {}

    // Must not outlive this object.
    std::vector<net::Route> routes();

private:
    using Calendar = registration::PersonalCalendar;
    struct Remembered
    {
        std::string secret_hash;
        Calendar calendar;
    };

    net::asio::awaitable<net::Response> answer(net::Request const& request);
    net::Response serve(net::Request const& request, Calendar const& own) const;
    void remember(std::string const& secret_hash, Calendar const& calendar);
    std::optional<Calendar> recall(std::string const& secret_hash) const;

    Services& services_;
    SystemClock date_clock_;
    mutable std::mutex guard_;     // of what follows
    std::list<Remembered> recent_; // the latest first
    std::unordered_map<std::string, std::list<Remembered>::iterator> by_hash_;
};

}
