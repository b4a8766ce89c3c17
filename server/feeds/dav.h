// CalDAV, read only (RFC 4791, RFC 6578): the public calendars and, with an app password, one's own. What
// is where: dav_tree.h. Writing is refused with 403 need-privileges; nothing is advertised that is not
// served.
#pragma once

#include "base/services.h"
#include "calendars/dav_answer.h"
#include "feeds/dav_tree.h"
#include "feeds/feed_shelf.h"
#include "net/http.h"
#include "net/rate_limit.h"

#include <expected>
#include <vector>

namespace kutsu::feeds
{

class Dav
{
public:
    Dav(Services& services, FeedShelf const& shelf);

    // Must not outlive this object.
    std::vector<net::Route> routes();

private:
    // What a request is about, once it has been allowed.
    struct Asked
    {
        net::Request const& request;
        DavPlace place;
        DavCollectionPtr collection; // of calendars and objects
    };
    template <class T>
    using Awaitable = net::asio::awaitable<T>;
    using Outcome = std::expected<Asked, net::Response>;

    Awaitable<net::Response> answer(net::Request const& request);
    Awaitable<Outcome> ask(net::Request const& request);
    Awaitable<std::expected<DavCollectionPtr, net::Response>> own_collection(net::Request const& request);

    Awaitable<net::Response> propfind(Asked const& asked);
    Awaitable<net::Response> report(Asked const& asked);
    Awaitable<net::Response> sync(Asked const& asked, calendars::dav::SyncCollection const& wanted);
    net::Response query(Asked const& asked, calendars::dav::Query const& wanted) const;
    net::Response multiget(Asked const& asked, calendars::dav::Multiget const& wanted) const;
    net::Response get(Asked const& asked) const;

    Awaitable<void> add_folder(calendars::dav::Multistatus& to, Asked const& asked,
                               calendars::dav::Properties const& wanted, bool with_members);
    Awaitable<void> add_calendar(calendars::dav::Multistatus& to, DavPlace const& place,
                                 DavCollection const& collection, calendars::dav::Properties const& wanted);
    // The token of a state; nothing while the database is away.
    Awaitable<std::optional<std::string>> token_of(std::string const& collection, std::string const& digest,
                                                   DavMembers members);

    Services& services_;
    FeedShelf const& feed_shelf_;
    DavShelf shelf_;
    net::RateLimiter misses_;
};

}
