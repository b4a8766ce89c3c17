#include "agenda/agenda_commands.h"

#include "agenda/agenda_history.h"
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

struct UndoDeed
{
    UndoInput input;
    std::string actor;
    Instant now;
};

struct PublishDeed
{
    PublishInput input;
    std::string actor;
    Instant now;
};

json::object wire_form(Session const& session, events::Event const& event)
{
    for (auto const* sessions : {&event.sessions, &event.drafts}) {
        auto const seen = std::ranges::find(*sessions, session.id, &events::Session::id);
        if (seen != sessions->end())
            return events::to_json(*seen);
    }
    return {{"id", session.id}, {"version", session.version}, {"status", session.status}};
}

// What the notification says: one change a session, as the public sees it; nothing of drafts.
json::array changes_of(std::vector<Session> const& before, Edited const& edited, events::Event const& event)
{
    json::array changes;
    for (auto const& session : edited.sessions) {
        auto const was = std::ranges::find(before, session.id, &Session::id);
        bool const was_public = was != before.end() && is_public(*was);
        if (is_public(session))
            changes.push_back({{"kind", was_public ? "session.changed" : "session.added"},
                               {"id", session.id},
                               {"session", wire_form(session, event)}});
        else if (was_public)
            changes.push_back({{"kind", "session.removed"}, {"id", session.id}});
    }
    return changes;
}

// An edit as it is stored, whatever made it.
struct Outcome
{
    Edited edited;
    std::string origin;       // the client's op_id
    store::EditRecord record; // its version is filled in here
};

EditDone store_edit(db::Transaction& transaction, store::EventOfAgenda const& event,
                    std::vector<Session> const& before, Outcome outcome)
{
    auto& record = outcome.record;
    auto const& sessions = outcome.edited.sessions;
    EditDone done;
    for (auto const& session : sessions)
        store::save(transaction, event.event_id, session, record.at);
    note_changes(transaction, event.event_id, event.id, before, sessions, record.at);
    auto const now_is = events::event_now(transaction, event.event_id);
    for (auto const& session : sessions)
        done.sessions.push_back(wire_form(session, *now_is));
    done.version = db::record_change(
        transaction, {event.event_id, outcome.edited.shifted ? "agenda.shifted" : "agenda.edited",
                      changes_of(before, outcome.edited, *now_is), record.actor, outcome.origin, record.at});
    record.event_version = done.version;
    store::remember_edit(transaction, event.event_id, record, before, sessions);
    store::set_agenda_version(transaction, event.event_id, done.version);
    return done;
}

// The event, locked; and what was answered when this op_id has been carried out already.
struct Begun
{
    store::EventOfAgenda event;
    std::optional<EditDone> done;
};

Result<Begun> begin(db::Transaction& transaction, std::string const& slug, std::string const& op_id)
{
    auto event = store::lock_event(transaction, slug);
    if (!event)
        return refuse(ProblemName::not_found);
    Begun begun{std::move(*event), {}};
    if (!op_id.empty()) {
        if (auto const version = store::version_of_operation(transaction, begun.event.event_id, op_id))
            begun.done = EditDone{*version, {}};
    }
    return begun;
}

Result<EditDone> edit(db::Transaction& transaction, Deed const& deed)
{
    auto const begun = begin(transaction, deed.input.event, deed.input.op_id);
    if (!begun)
        return std::unexpected(begun.error());
    if (begun->done)
        return *begun->done;
    auto const& event = begun->event;
    auto const before = store::list_sessions(transaction, event.event_id);
    auto edited = apply(before, deed.input.operations, event.time_zone,
                        store::list_rooms(transaction, event.event_id), deed.new_ids);
    if (!edited)
        return std::unexpected(edited.error());
    return store_edit(transaction, event, before,
                      {std::move(*edited), deed.input.op_id, {.actor = deed.actor, .at = deed.now}});
}

Result<EditDone> undo(db::Transaction& transaction, UndoDeed const& deed)
{
    auto const begun = begin(transaction, deed.input.event, deed.input.op_id);
    if (!begun)
        return std::unexpected(begun.error());
    if (begun->done)
        return *begun->done;
    auto const& event = begun->event;
    auto const target = store::undoable(transaction, event.event_id, deed.actor, deed.input.version);
    if (!target)
        return refuse(ProblemName::conflict, "problem.nothing-to-undo.detail");
    auto const before = store::list_sessions(transaction, event.event_id);
    auto edited = restore(before, store::pasts_of(transaction, event.event_id, *target));
    if (!edited)
        return std::unexpected(edited.error());
    auto done = store_edit(
        transaction, event, before,
        {std::move(*edited), deed.input.op_id, {.actor = deed.actor, .undoes = *target, .at = deed.now}});
    store::mark_undone(transaction, event.event_id, *target, done.version);
    return done;
}

Result<EditDone> publish_drafts(db::Transaction& transaction, PublishDeed const& deed)
{
    auto const begun = begin(transaction, deed.input.event, deed.input.op_id);
    if (!begun)
        return std::unexpected(begun.error());
    if (begun->done)
        return *begun->done;
    auto const& event = begun->event;
    auto const before = store::list_sessions(transaction, event.event_id);
    auto edited = publish(before, deed.input.sessions);
    if (!edited)
        return std::unexpected(edited.error());
    return store_edit(transaction, event, before,
                      {std::move(*edited),
                       deed.input.op_id,
                       {.actor = deed.actor,
                        .published = true,
                        .name = deed.input.name,
                        .note = deed.input.note,
                        .at = deed.now}});
}

Result<void> may_edit(Services const& services, std::string const& slug, accounts::Actor const& actor)
{
    auto const event = services.catalogue.find(slug);
    if (!event)
        return refuse(ProblemName::not_found);
    return accounts::require(actor, accounts::Right::edit_agenda, accounts::scope_of(*event));
}

asio::awaitable<Result<EditDone>> told(Services& services, std::string slug, Result<EditDone> done)
{
    if (done) {
        services.waker.wake();
        co_await events::seen(services.catalogue, std::move(slug), done->version);
    }
    co_return done;
}

}

asio::awaitable<Result<EditDone>> edit_agenda(Services& services, EditInput input,
                                              accounts::Actor const& actor)
{
    if (auto allowed = may_edit(services, input.event, actor); !allowed)
        co_return std::unexpected(allowed.error());
    co_return co_await edit_agenda_as(services, std::move(input), actor.id);
}

asio::awaitable<Result<EditDone>> edit_agenda_as(Services& services, EditInput input, std::string actor)
{
    Deed deed{std::move(input), std::move(actor), services.clock.now(), {}};
    for (std::size_t i = 0; i < deed.input.operations.size(); ++i)
        deed.new_ids.push_back(random_public_id(services.random));
    auto done = co_await services.db.write(edit, deed);
    co_return co_await told(services, deed.input.event, std::move(done));
}

asio::awaitable<Result<EditDone>> undo_edit(Services& services, UndoInput input, accounts::Actor const& actor)
{
    if (auto allowed = may_edit(services, input.event, actor); !allowed)
        co_return std::unexpected(allowed.error());
    UndoDeed const deed{std::move(input), actor.id, services.clock.now()};
    auto done = co_await services.db.write(undo, deed);
    co_return co_await told(services, deed.input.event, std::move(done));
}

asio::awaitable<Result<EditDone>> publish_agenda(Services& services, PublishInput input,
                                                 accounts::Actor const& actor)
{
    if (auto allowed = may_edit(services, input.event, actor); !allowed)
        co_return std::unexpected(allowed.error());
    PublishDeed const deed{std::move(input), actor.id, services.clock.now()};
    auto done = co_await services.db.write(publish_drafts, deed);
    co_return co_await told(services, deed.input.event, std::move(done));
}

asio::awaitable<Result<json::object>> agenda_history(Services& services, std::string event,
                                                     accounts::Actor const& actor)
{
    if (auto allowed = may_edit(services, event, actor); !allowed)
        co_return std::unexpected(allowed.error());
    std::int64_t const limit = 200;
    auto const edits = co_await services.db.read(store::list_edits, event, limit);
    json::array items;
    for (auto const& edit : edits) {
        json::object item{{"version", edit.event_version},
                          {"by", edit.actor},
                          {"at", format_utc(edit.at)},
                          {"published", edit.published},
                          {"undoes", json::value_from(edit.undoes)},
                          {"undone_by", json::value_from(edit.undone_by)},
                          {"name", json::value_from(edit.name)},
                          {"note", to_plain(edit.note)}};
        items.push_back(std::move(item));
    }
    json::array drafts;
    if (auto const known = services.catalogue.find(event)) {
        for (auto const& session : known->drafts)
            drafts.push_back(events::to_json(session));
    }
    co_return json::object{{"items", std::move(items)}, {"drafts", std::move(drafts)}};
}

}
