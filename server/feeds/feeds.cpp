#include "feeds/feeds.h"

#include "feeds/dav.h"
#include "feeds/departures_ledger.h"
#include "feeds/feed_shelf.h"
#include "feeds/personal_feeds.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace kutsu::feeds
{
namespace
{

// The first one answers for what is no calendar, so that a reader never gets a page.
constexpr std::array<char const*, 5> patterns = {"/calendar/{file}", "/calendar/events/{file}",
                                                 "/calendar/kinds/{file}", "/calendar/cities/{file}",
                                                 "/calendar/projects/{file}"};

}

struct Feeds::Inside
{
    explicit Inside(Services& services)
        : shelf(services.site, services.catalogue, services.clock, date_clock),
          ledger(services.db, services.catalogue, services.clock, shelf), personal(services),
          dav(services, shelf)
    {}

    SystemClock date_clock;
    FeedShelf shelf;
    DeparturesLedger ledger;
    PersonalFeeds personal;
    Dav dav;
};

namespace
{

net::asio::awaitable<net::Response> served(FeedShelf& shelf, net::Request const& request)
{
    co_return shelf.answer(request);
}

}

Feeds::Feeds(Services& services) : inside_(std::make_unique<Inside>(services)) {}

Feeds::~Feeds() = default;

std::vector<net::Route> Feeds::routes()
{
    // The coroutine holds references to what outlives it, not a closure that may be gone.
    auto const answer = [&shelf = inside_->shelf](net::Request const& request) {
        return served(shelf, request);
    };
    auto routes = inside_->dav.routes();
    std::ranges::move(inside_->personal.routes(), std::back_inserter(routes));
    for (auto const* pattern : patterns)
        routes.push_back({"GET", pattern, answer});
    return routes;
}

void Feeds::note_changes()
{
    inside_->ledger.note_changes();
}

}
