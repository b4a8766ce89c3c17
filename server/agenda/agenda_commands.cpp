#include "agenda/agenda_commands.h"

#include "agenda/agenda_notice.h"
#include "agenda/agenda_store.h"
#include "db/change_log.h"
#include "db/database.h"
#include "db/waker.h"
#include "events/catalogue.h"
#include "events/events_commands.h"

#include <boost/json.hpp>

#include <algorithm>

namespace kutsu::agenda
{
namespace
{

struct Deed
{
    EditInput input;
    std::string actor;
    Instant now;
    std::vector<std::string> new_ids;
};

json::object wire_form(Session const& session, events::Event const& event)
{
    auto const seen = std::ranges::find(event.sessions, session.id, &events::Session::id);
    if (seen != event.sessions.end())
        return events::to_json(*seen);
    return {{"id", session.id}, {"version", session.version}, {"status", session.status}};
}

// What the notification says: one change a session, as the public sees it.
json::array changes_of(std::vector<Session> const& before, Edited const& edited, events::Event const& event)
{
    json::array changes;
    for (auto const& session : edited.sessions) {
        bool const is_new = std::ranges::find(before, session.id, &Session::id) == before.end();
        if (session.status == "removed")
            changes.push_back({{"kind", "session.removed"}, {"id", session.id}});
        else
            changes.push_back({{"kind", is_new ? "session.added" : "session.changed"},
                               {"id", session.id},
                               {"session", wire_form(session, event)}});
    }
    return changes;
}

Result<EditDone> edit(db::Transaction& transaction, Deed const& deed)
{
    auto const event = store::lock_event(transaction, deed.input.event);
    if (!event)
        return refuse(ProblemName::not_found);
    if (!deed.input.op_id.empty()) {
        if (auto const done = store::version_of_operation(transaction, event->event_id, deed.input.op_id))
            return EditDone{*done, {}};
    }
    auto const before = store::list_sessions(transaction, event->event_id);
    auto const edited = apply(before, deed.input.operations, event->time_zone,
                              store::list_rooms(transaction, event->event_id), deed.new_ids);
    if (!edited)
        return std::unexpected(edited.error());
    EditDone done;
    for (auto const& session : edited->sessions)
        store::save(transaction, event->event_id, session, deed.now);
    note_changes(transaction, event->event_id, event->id, before, edited->sessions, deed.now);
    auto const now_is = events::event_now(transaction, event->event_id);
    for (auto const& session : edited->sessions)
        done.sessions.push_back(wire_form(session, *now_is));
    done.version = db::record_change(
        transaction, {event->event_id, edited->shifted ? "agenda.shifted" : "agenda.edited",
                      changes_of(before, *edited, *now_is), deed.actor, deed.input.op_id, deed.now});
    store::set_agenda_version(transaction, event->event_id, done.version);
    return done;
}

}

asio::awaitable<Result<EditDone>> edit_agenda(Services& services, EditInput input,
                                              accounts::Actor const& actor)
{
    auto const event = services.catalogue.find(input.event);
    if (!event)
        co_return refuse(ProblemName::not_found);
    auto const allowed = accounts::require(actor, accounts::Right::edit_agenda, accounts::scope_of(*event));
    if (!allowed)
        co_return std::unexpected(allowed.error());
    co_return co_await edit_agenda_as(services, std::move(input), actor.id);
}

asio::awaitable<Result<EditDone>> edit_agenda_as(Services& services, EditInput input, std::string actor)
{
    Deed deed{std::move(input), std::move(actor), services.clock.now(), {}};
    for (std::size_t i = 0; i < deed.input.operations.size(); ++i)
        deed.new_ids.push_back(random_public_id(services.random));
    auto done = co_await services.db.write(edit, deed);
    if (done) {
        services.waker.wake();
        co_await events::seen(services.catalogue, deed.input.event, done->version);
    }
    co_return done;
}

}
