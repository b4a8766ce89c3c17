#include "feeds/dav_collection.h"

#include "base/secret.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

std::string tag_of(std::string_view bytes)
{
    return fmt::format("\"{}\"", to_hex(sha256(bytes)).substr(0, 32));
}

// The id before the host: nothing that would have to be escaped in an address.
std::string file_name(std::string_view uid)
{
    return std::string(uid.substr(0, uid.find('@'))) + ".ics";
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// i;ascii-casemap (RFC 4790 §9.2).
bool holds(std::string_view text, std::string_view part)
{
    return !std::ranges::search(text, part, {}, lower, lower).empty() || part.empty();
}

}

DavCollection dav_collection(std::string id, calendars::Calendar const& calendar)
{
    DavCollection made{std::move(id), calendar.head.name.words.str(), {}, {}, {}};
    if (calendar.head.description)
        made.about = calendar.head.description->words.str();
    for (auto const& event : calendar.events) {
        auto bytes = calendars::write_object(calendars::write_event(event));
        auto tag = tag_of(bytes);
        auto const& uid = event.uid.str();
        made.objects.insert_or_assign(file_name(uid), DavObject{event.when, std::move(bytes), std::move(tag),
                                                                uid, event.last_modified});
    }
    std::string all;
    for (auto const& [name, object] : made.objects)
        all += name + object.etag;
    made.digest = to_hex(sha256(made.title + made.about + all)).substr(0, 32);
    return made;
}

std::vector<std::string> matching(DavCollection const& collection, calendars::dav::Query const& query)
{
    std::vector<std::string> names;
    if (query.none)
        return names;
    for (auto const& [name, object] : collection.objects) {
        if (query.range && !calendars::dav::overlaps(*query.range, object.when))
            continue;
        if (!query.uid || holds(object.uid, *query.uid))
            names.push_back(name);
    }
    return names;
}

DavMembers members_of(DavCollection const& collection)
{
    DavMembers members;
    for (auto const& [name, object] : collection.objects)
        members[name] = object.etag;
    return members;
}

DavChanges changes_since(DavMembers const& before, DavCollection const& now)
{
    DavChanges changes;
    for (auto const& [name, object] : now.objects) {
        auto const known = before.find(name);
        if (known == before.end() || known->second != object.etag)
            changes.changed.push_back(name);
    }
    for (auto const& [name, tag] : before) {
        if (!now.objects.contains(name))
            changes.removed.push_back(name);
    }
    return changes;
}

}
