#include "registration/reminder_commands.h"

#include "base/log.h"
#include "db/change_log.h"
#include "db/database.h"
#include "events/catalogue.h"
#include "events/events_page_parts.h"
#include "registration/deeds.h"
#include "registration/desk.h"
#include "registration/form_store.h"
#include "registration/reminder.h"
#include "registration/reminder_store.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

constexpr std::chrono::hours shadows_are_kept{24 * 365};
constexpr int offers_a_look = 500;

Result<db::TimerOutcome> skipped(std::string why)
{
    return db::TimerOutcome{true, std::move(why)};
}

bool still_due(store::EventDates const& event, db::DueTimer const& due)
{
    if (due.kind == timer::opens)
        return event.opens_at == due.due_at;
    if (due.kind == timer::closes)
        return event.closes_at == due.due_at;
    return event.ends_at == due.due_at;
}

std::string state_of(events::Event const& event, Instant now)
{
    std::string name(events::state_code(events::registration_state(event, now)));
    std::ranges::replace(name, '_', '-');
    return name;
}

events::EventPtr event_of(Services& services, std::int64_t event_id)
{
    auto const picture = services.catalogue.picture();
    auto const found = std::ranges::find_if(picture->by_start,
                                            [&](auto const& event) { return event->event_id == event_id; });
    return found == picture->by_start.end() ? nullptr : *found;
}

}

Result<db::TimerOutcome> remind(db::Transaction& transaction, db::DueTimer const& due, Instant now,
                                std::chrono::milliseconds time_of_day)
{
    auto const event = store::event_dates(transaction, due.subject);
    if (!event)
        return skipped("the event is gone");
    if (!takes_place(event->status) || !event->reminders)
        return skipped("the event does not take place or reminds nobody");
    if (event->starts_at <= now)
        return skipped("the event has begun");
    if (reminder_at({event->starts_local, event->time_zone, event->starts_at}, time_of_day) != due.due_at)
        return skipped("the event has been moved");
    auto const letters = store::queue_reminders(transaction, *event, now);
    return db::TimerOutcome{false, fmt::format("{} {}", letters, letters == 1 ? "letter" : "letters")};
}

Result<db::TimerOutcome> tell_offer_expires(db::Transaction& transaction, db::DueTimer const& due,
                                            Instant now)
{
    if (store::queue_offer_expiring(transaction, due.subject, now) == 0)
        return skipped("nothing is offered any more");
    return db::TimerOutcome{false, "1 letter"};
}

Result<db::TimerOutcome> tell_state(db::Transaction& transaction, db::DueTimer const& due, Instant now,
                                    events::Catalogue const& catalogue)
{
    auto const dates = store::event_dates(transaction, due.subject);
    if (!dates)
        return skipped("the event is gone");
    auto const event = catalogue.find(dates->slug);
    if (!event || !takes_place(dates->status) || !still_due(*dates, due))
        return skipped("the event has been changed");
    json::object flip{{"kind", "status"}, {"status", dates->status}, {"registration", state_of(*event, now)}};
    db::record_change(transaction,
                      {dates->event_id, "status", json::array{std::move(flip)}, "clock", due.kind, now});
    return db::TimerOutcome{};
}

Result<db::TimerOutcome> forget_shadows(db::Transaction& transaction, Instant now)
{
    auto const gone = store::remove_shadows(transaction, now - shadows_are_kept);
    return db::TimerOutcome{false, fmt::format("{} removed", gone)};
}

Result<db::TimerOutcome> forget_answers(db::Transaction& transaction, Instant now)
{
    auto const gone = store::purge_answers(transaction, now);
    return db::TimerOutcome{false, fmt::format("{} answers and {} files removed", gone.answers, gone.files)};
}

void watch_offers(Services& services)
{
    auto const offers =
        services.db.read_now(store::offers_without_notice, shortest_offer_with_notice.count(), offers_a_look);
    if (offers.empty())
        return;
    auto const now = services.clock.now();
    auto const deed = [&](db::Transaction& transaction) -> Result<bool> {
        for (auto const& offer : offers) {
            if (auto const at = offer_notice_at(offer.made_at, offer.expires_at, offer.time_zone))
                db::add_timer(transaction, offer.registration,
                              {std::string(timer::offer_expiring), *at, offer.expires_at}, now);
        }
        return true;
    };
    (void)services.db.write_now(deed);
}

int expire_offers_due(Services& services)
{
    auto const now = services.clock.now();
    auto const events = services.db.read_now(store::events_with_expired_offers, now);
    for (auto const event_id : events) {
        auto const event = event_of(services, event_id);
        if (!event)
            continue; // the next look knows it
        auto const done = services.desk.act_now(event_id, deed("expire_offers", "clock", *event, now));
        if (!done)
            log_warn("offers could not be ended yet",
                     {{"problem", std::string(wire_name(done.error().name))}});
    }
    return static_cast<int>(events.size());
}

std::optional<Instant> next_offer_end(Services& services)
{
    return services.db.read_now(store::next_offer_end);
}

}
