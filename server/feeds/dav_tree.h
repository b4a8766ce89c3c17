// What is where under /dav/ (RFC 4791), read only:
//
//   /dav/                     where discovery begins
//   /dav/principal/           everybody's principal
//   /dav/LANG/                calendars in one language: events, kind-KIND, city-CITY, project-ID;
//                             event-SLUG is there too, but not listed
//   /dav/LANG/CALENDAR/FILE   an object, PUBLIC_ID.ics
//   /dav/me/                  one's own, with an app password: the secret of a personal calendar
//   /dav/me/calendar/FILE
#pragma once

#include "base/services.h"
#include "events/catalogue.h"
#include "feeds/dav_collection.h"
#include "feeds/departures.h"
#include "feeds/feed_key.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::feeds
{

struct DavPlace
{
    enum class Kind
    {
        root = 1,
        principal,
        home,
        calendar,
        object,
        own_home,
        own_calendar,
        own_object
    };
    Kind kind = Kind::root;
    std::string language; // of home, calendar, object
    std::string calendar; // "kind-seminar"
    std::string file;

    bool is_own() const
    {
        return kind == Kind::own_home || kind == Kind::own_calendar || kind == Kind::own_object;
    }
    bool is_calendar() const { return kind == Kind::calendar || kind == Kind::own_calendar; }
    bool is_object() const { return kind == Kind::object || kind == Kind::own_object; }
};

// Of a decoded path; a missing slash at the end of a collection is forgiven.
std::optional<DavPlace> parse_dav_path(std::string_view path);
// As it stands in answers: encoded, collections with a slash at the end.
std::string dav_href(DavPlace const& place);

// The feed behind a calendar's name; nothing for a name that can mean none.
std::optional<FeedKey> dav_feed(std::string_view language, std::string_view calendar);

// Public calendars as collections, made once for each state of their feed. May be used from any thread.
class DavShelf
{
public:
    DavShelf(Services const& services) : services_(services) {}

    // Null when there is no such calendar.
    DavCollectionPtr find(DavPlace const& place, Departures const& departures);
    // The names listed in a home.
    std::vector<std::string> listed() const;

private:
    struct Kept
    {
        std::size_t revision = 0;
        DavCollectionPtr collection;
    };

    Services const& services_;
    std::mutex guard_;
    std::map<FeedKey, Kept> kept_;
};

}
