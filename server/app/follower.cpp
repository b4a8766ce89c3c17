#include "app/follower.h"

#include "base/log.h"
#include "db/database.h"
#include "events/catalogue.h"
#include "events/events_store.h"
#include "events/seats_patch.h"
#include "live/live.h"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>

namespace kutsu::app
{
namespace
{

namespace json = boost::json;

live::Update update_of(db::Change const& change)
{
    auto const& changes = change.payload.at("changes").as_array();
    json::object params{{"event", change.event_slug},
                        {"version", change.event_version},
                        {"changes", changes},
                        {"at", format_utc(change.at)}};
    live::Update update{change.event_version, net::notification("event.changed", params), nullptr, {}};
    params["by"] = change.actor;
    update.for_organisers = net::notification("event.changed", params);
    for (auto const& each : changes) {
        auto with_version = each.as_object();
        with_version["version"] = change.event_version;
        update.changes.push_back(std::move(with_version));
    }
    return update;
}

// Each event as it is after its changes: from memory where they are about seats only, else read anew.
std::vector<events::EventPtr> pictures_after(Services& services, std::vector<db::Change> const& changes)
{
    std::map<std::int64_t, std::vector<db::Change const*>> by_event;
    for (auto const& change : changes)
        by_event[change.event_id].push_back(&change);
    std::vector<events::EventPtr> pictures;
    std::vector<std::int64_t> to_read;
    auto const picture = services.catalogue.picture();
    for (auto const& [event_id, rows] : by_event) {
        auto const present = picture->find(rows.front()->event_slug);
        std::vector<events::LoggedChange> newer;
        for (auto const* row : rows) {
            if (present && row->event_version > present->version)
                newer.push_back({row->event_version, &row->payload});
        }
        if (present && newer.empty())
            continue; // the picture is newer than the news
        auto patched = present ? events::with_seats(*present, newer) : nullptr;
        if (patched)
            pictures.push_back(std::move(patched));
        else
            to_read.push_back(event_id);
    }
    if (!to_read.empty()) {
        auto loaded = services.db.read_now(events::store::load_events, to_read);
        std::ranges::move(loaded, std::back_inserter(pictures));
    }
    return pictures;
}

}

Follower::Follower(std::string conninfo, Services& services, std::function<void(bool)> changed)
    : services_(services), changed_(std::move(changed))
{
    db::ChangeCallbacks callbacks;
    callbacks.on_changes = [this](std::vector<db::Change> const& changes) { apply(changes); };
    callbacks.on_events = [this](auto const& appeared, auto const& vanished) { compare(appeared, vanished); };
    callbacks.on_away = [this](bool away) { set_away(away); };
    follower_ = std::make_unique<db::ChangeFollower>(std::move(conninfo), std::move(callbacks));
}

void Follower::stop()
{
    follower_->stop();
}

// The picture first, then the news of it: whoever asks after hearing the news sees at least that much.
void Follower::apply(std::vector<db::Change> const& changes)
{
    if (auto pictures = pictures_after(services_, changes); !pictures.empty())
        services_.catalogue.replace(std::move(pictures), services_.clock.now());
    for (auto const& change : changes)
        services_.live.publish(change.event_slug, update_of(change));
    changed_(std::ranges::all_of(changes, [](db::Change const& change) { return change.kind == "seats"; }));
}

void Follower::compare(std::vector<db::EventVersion> const& appeared,
                       std::vector<std::int64_t> const& vanished)
{
    if (!vanished.empty() || services_.catalogue.picture()->by_start.empty()) {
        services_.catalogue.replace_all(services_.db.read_now(events::store::load_all),
                                        services_.clock.now());
    } else {
        std::vector<std::int64_t> ids;
        for (auto const& event : appeared)
            ids.push_back(event.event_id);
        services_.catalogue.replace(services_.db.read_now(events::store::load_events, ids),
                                    services_.clock.now());
    }
    changed_(false);
}

void Follower::set_away(bool away)
{
    if (away)
        log_warn("the database is away; pages and feeds answer from memory");
    else
        log_info("the database is back");
    if (away)
        services_.catalogue.touch(services_.clock.now());
    services_.catalogue.set_away(away);
}

}
