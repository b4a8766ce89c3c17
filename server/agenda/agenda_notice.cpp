#include "agenda/agenda_notice.h"

#include "agenda/agenda_store.h"
#include "registration/session_notice.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::agenda
{
namespace
{

bool takes_place(std::string_view status)
{
    return status == "confirmed";
}

registration::SessionNotice notice_of(store::Notice const& noted)
{
    registration::SessionNotice notice{noted.session_id,
                                       noted.title,
                                       noted.time_zone,
                                       {noted.old_starts_at, noted.old_ends_at, noted.old_room},
                                       {}};
    if (takes_place(noted.status))
        notice.now = registration::SessionTime{noted.starts_at, noted.ends_at, noted.room};
    return notice;
}

bool is_as_it_was(store::Notice const& noted)
{
    return takes_place(noted.status) && noted.starts_at == noted.old_starts_at &&
           noted.ends_at == noted.old_ends_at && noted.room == noted.old_room;
}

}

bool concerns_guests(Session const& before, Session const& after)
{
    if (!takes_place(before.status))
        return false; // nobody was told of it
    return !takes_place(after.status) || before.starts_at != after.starts_at ||
           before.ends_at != after.ends_at || before.room != after.room;
}

void note_changes(db::Transaction& transaction, std::int64_t event_id, std::string const& event,
                  std::vector<Session> const& before, std::vector<Session> const& changed, Instant now)
{
    bool any = false;
    for (auto const& session : changed) {
        auto const was = std::ranges::find(before, session.id, &Session::id);
        if (was == before.end() || !concerns_guests(*was, session))
            continue;
        store::note_before(transaction, event_id, *was, now);
        any = true;
    }
    // Timers of the same instant are one; one that finds nothing to tell does nothing.
    if (any)
        db::add_timer(transaction, event, {std::string(notice_timer), now + notice_delay, {}}, now);
}

Result<db::TimerOutcome> tell_changes(db::Transaction& transaction, db::DueTimer const& due, Instant now)
{
    auto const event = store::event_of_notices(transaction, due.subject);
    if (!event || event->ends_at <= now)
        return db::TimerOutcome{true, "the event is gone or over"};
    auto const noted = store::take_notices(transaction, event->event_id);
    std::vector<registration::SessionNotice> notices;
    for (auto const& each : noted) {
        if (!is_as_it_was(each))
            notices.push_back(notice_of(each));
    }
    if (notices.empty())
        return db::TimerOutcome{true, "nothing to tell"};
    auto const told = registration::tell_of_sessions(transaction, event->event_id, notices,
                                                     std::to_string(event->version), now);
    return db::TimerOutcome{false, fmt::format("{} mails", told)};
}

}
