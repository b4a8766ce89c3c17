#include "feeds/departures_ledger.h"

#include "base/log.h"
#include "db/database.h"
#include "feeds/departures_store.h"
#include "feeds/feed_shelf.h"

#include <algorithm>
#include <exception>
#include <iterator>

namespace kutsu::feeds
{

void DeparturesLedger::note_changes()
{
    std::scoped_lock const lock(guard_);
    try {
        if (!seen_)
            show(db_.read_now(store::load_departures));
        compare_with_last();
        if (!unsaved_.empty())
            save();
    } catch (std::exception const& failure) {
        log_warn("what left the calendars is not stored yet; it will be tried again",
                 {{"why", db::describe(failure)}});
    }
}

// With no last picture, only what is back while nobody looked is news.
void DeparturesLedger::compare_with_last()
{
    auto const known = shelf_.departures();
    auto const last = seen_ ? seen_ : std::make_shared<events::Picture const>();
    auto const now = catalogue_.picture();
    auto news = compare(*last, *now, *known, clock_.now());
    seen_ = now;
    if (news.empty())
        return;
    show(apply_movements(*known, news));
    std::ranges::move(news.back, std::back_inserter(unsaved_.back));
    std::ranges::move(news.left, std::back_inserter(unsaved_.left));
}

void DeparturesLedger::save()
{
    auto saved = db_.write_now(store::save_movements, unsaved_);
    if (!saved) // too much waits for the database
        return;
    unsaved_ = {};
    show(std::move(*saved));
}

void DeparturesLedger::show(Departures departures)
{
    shelf_.set_departures(std::make_shared<Departures const>(std::move(departures)));
}

}
