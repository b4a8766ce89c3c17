#include "feeds/feeds.h"

#include "base/log.h"
#include "db/database.h"
#include "feeds/departures_store.h"
#include "feeds/feed_shelf.h"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <mutex>

namespace kutsu::feeds
{
namespace
{

// The first one answers what has no calendar there, so that a reader never gets a page.
constexpr std::array<char const*, 5> patterns = {"/calendar/{file}", "/calendar/events/{file}",
                                                 "/calendar/kinds/{file}", "/calendar/cities/{file}",
                                                 "/calendar/projects/{file}"};

}

struct Feeds::Inside
{
    explicit Inside(Services& given)
        : services(given), shelf(given.site, given.catalogue, given.clock, date_clock)
    {}

    void note_changes();
    void save();
    void show(Departures departures);

    Services& services;
    SystemClock date_clock;
    FeedShelf shelf;

    std::mutex guard; // of what follows
    std::shared_ptr<events::Picture const> seen; // null until the ledger has been read
    Movements unsaved;
};

Feeds::Feeds(Services& services) : inside_(std::make_unique<Inside>(services)) {}

Feeds::~Feeds() = default;

std::vector<net::Route> Feeds::routes()
{
    auto const answer = [this](net::Request const& request) -> net::asio::awaitable<net::Response> {
        co_return inside_->shelf.answer(request);
    };
    std::vector<net::Route> routes;
    for (auto const* pattern : patterns)
        routes.push_back({"GET", pattern, answer});
    return routes;
}

void Feeds::note_changes()
{
    try {
        inside_->note_changes();
    } catch (std::exception const& failure) {
        log_warn("what left the calendars is not stored yet; it will be tried again",
                 {{"why", db::describe(failure)}});
    }
}

// In memory at once, in the database as soon as it takes it.
void Feeds::Inside::note_changes()
{
    std::scoped_lock const lock(guard);
    if (!seen)
        show(services.db.read_now(store::load_departures));
    auto after = services.catalogue.picture();
    auto news = compare(seen ? *seen : events::Picture(), *after, *shelf.departures(), services.clock.now());
    seen = std::move(after);
    if (!news.empty())
        show(apply(*shelf.departures(), news));
    std::ranges::move(news.back, std::back_inserter(unsaved.back));
    std::ranges::move(news.left, std::back_inserter(unsaved.left));
    if (!unsaved.empty())
        save();
}

void Feeds::Inside::save()
{
    auto saved = services.db.write_now(store::save_movements, unsaved);
    if (!saved) // too much waits for the database
        return;
    unsaved = {};
    show(std::move(*saved));
}

void Feeds::Inside::show(Departures departures)
{
    shelf.set_departures(std::make_shared<Departures const>(std::move(departures)));
}

}
