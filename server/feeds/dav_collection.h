// A calendar as CalDAV serves it: objects by file name, each with its bytes and entity tag, and the state as
// a whole. A value; made anew when the calendar changes.
#pragma once

#include "base/clock.h"
#include "calendars/calendar.h"
#include "calendars/dav_request.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::feeds
{

struct DavObject
{
    calendars::Span when;
    std::string bytes;
    std::string etag; // quoted
    std::string uid;
    Instant modified;
};

struct DavCollection
{
    std::string id; // names it in the table of sync states; never holds a secret
    std::string title;
    std::string about;
    std::string digest; // of names and tags: equal exactly when a client has nothing to fetch
    std::map<std::string, DavObject, std::less<>> objects; // by file name, "ev-sem-spring.ics"
};
using DavCollectionPtr = std::shared_ptr<DavCollection const>;

DavCollection dav_collection(std::string id, calendars::Calendar const& calendar);

// Names of the objects that a query means.
std::vector<std::string> matching(DavCollection const& collection, calendars::dav::Query const& query);

using DavMembers = std::map<std::string, std::string>; // file name → tag
DavMembers members_of(DavCollection const& collection);

struct DavChanges
{
    std::vector<std::string> changed; // new ones too
    std::vector<std::string> removed;
};
DavChanges changes_since(DavMembers const& before, DavCollection const& now);

}
