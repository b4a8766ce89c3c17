#include "registration/people_commands.h"

#include "db/change_log.h"
#include "db/database.h"
#include "db/waker.h"
#include "registration/desk.h"
#include "registration/people_store.h"
#include "registration/seats_commands.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

Result<std::int64_t> fold_new(db::Transaction& transaction, std::int64_t const& event_id)
{
    return store::fold_new_people(transaction, event_id);
}

struct Looks
{
    std::int64_t event_id = 0;
    std::optional<std::string> id;
    std::vector<std::string> what;
    std::string actor;
    Instant at;
};

Result<bool> note_looks(db::Transaction& transaction, Looks const& looks)
{
    for (auto const& what : looks.what)
        store::note_look(transaction, {looks.event_id, looks.id, what, looks.actor, looks.at});
    return true;
}

// The questions of a form that have few answers, and the others.
struct Asked
{
    std::vector<std::string> choices;
    std::vector<std::string> others;
};

Asked asked_of(events::Event const& event)
{
    Asked asked;
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        bool const few =
            question.type == "choice" || question.type == "multi_choice" || question.type == "boolean";
        (few && !question.special_category ? asked.choices : asked.others).push_back(question.key);
    }
    return asked;
}

std::int64_t taken_out(std::vector<FacetCount>& facets, std::string_view name)
{
    auto const found = std::ranges::find(facets, name, &FacetCount::facet);
    if (found == facets.end())
        return 0;
    auto const count = found->count;
    facets.erase(found);
    return count;
}

PeopleList ask_list(db::Reader& reader, std::int64_t event_id, PeopleQuery const& query, Asked const& asked,
                    Sight const& sight, bool with_facets)
{
    PeopleList list;
    list.version = store::event_version(reader, event_id);
    list.people = store::list_people(reader, event_id, query, sight.contacts);
    if (std::ssize(list.people) > query.limit) {
        list.people.pop_back();
        list.next = cursor_after(query, list.people.back());
    }
    if (!with_facets)
        return list;
    list.facets = store::count_facets(
        reader, event_id, query.filter, sight.contacts ? asked.choices : decltype(asked.choices)(),
        sight.contacts ? asked.others : decltype(asked.others)(), sight.contacts);
    list.total = taken_out(list.facets, "total");
    list.all = taken_out(list.facets, "all");
    if (!sight.contacts)
        std::erase_if(list.facets, [](FacetCount const& each) { return each.facet != "status"; });
    return list;
}

asio::awaitable<Result<void>> prepare(Services& services, Desked const& desked, PeopleQuery const& query,
                                      std::optional<std::string> id)
{
    auto const event_id = desked.event->event_id;
    if (!query.filter.q.empty()) {
        auto const folded = co_await services.db.write(fold_new, event_id);
        if (!folded)
            co_return std::unexpected(folded.error());
    }
    if (!query.reveal.empty()) {
        Looks const looks{event_id,
                          std::move(id),
                          {query.reveal.begin(), query.reveal.end()},
                          desked.actor.id,
                          services.clock.now()};
        auto const noted = co_await services.db.write(note_looks, looks);
        if (!noted)
            co_return std::unexpected(noted.error());
    }
    co_return Result<void>();
}

}

Result<Desked> people_of(Services& services, std::optional<accounts::Actor> actor, std::string_view slug)
{
    auto event = services.catalogue.find(slug);
    if (!actor)
        return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    if (!event)
        return refuse(ProblemName::not_found);
    auto const sight = sight_of(*actor, *event);
    if (!sight.people)
        return refuse(events::is_public(*event) ? ProblemName::not_allowed : ProblemName::not_found);
    return Desked{std::move(event), std::move(*actor), sight};
}

asio::awaitable<Result<PeopleList>> list_people(Services& services, Desked const& desked, PeopleQuery query,
                                                bool with_facets)
{
    auto const ready = co_await prepare(services, desked, query, std::nullopt);
    if (!ready)
        co_return std::unexpected(ready.error());
    auto const asked = asked_of(*desked.event);
    co_return co_await services.db.read(ask_list, desked.event->event_id, query, asked, desked.sight,
                                        with_facets);
}

asio::awaitable<Result<std::vector<Person>>> everybody(Services& services, Desked const& desked,
                                                       PeopleQuery query, std::string what)
{
    if (!desked.sight.contacts)
        co_return refuse(ProblemName::not_allowed);
    auto const ready = co_await prepare(services, desked, query, std::nullopt);
    if (!ready)
        co_return std::unexpected(ready.error());
    Looks const looks{
        desked.event->event_id, std::nullopt, {std::move(what)}, desked.actor.id, services.clock.now()};
    auto const noted = co_await services.db.write(note_looks, looks);
    if (!noted)
        co_return std::unexpected(noted.error());
    query.limit = most_in_a_file;
    query.cursor.reset();
    bool const everywhere = true;
    co_return co_await services.db.read(store::list_people, desked.event->event_id, query, everywhere);
}

namespace
{

Result<PersonFile> ask_file(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    auto person = store::find_person(reader, event_id, id);
    if (!person)
        return refuse(ProblemName::not_found);
    return PersonFile{std::move(*person), store::timeline(reader, event_id, id)};
}

}

asio::awaitable<Result<PersonFile>> person_file(Services& services, Desked const& desked, std::string id,
                                                std::set<std::string, std::less<>> reveal)
{
    PeopleQuery query;
    query.reveal = std::move(reveal);
    auto const ready = co_await prepare(services, desked, query, id);
    if (!ready)
        co_return std::unexpected(ready.error());
    auto file = co_await services.db.read(ask_file, desked.event->event_id, id);
    if (file && !desked.sight.contacts)
        file->timeline.clear();
    co_return file;
}

// ── Editing ──

namespace
{

struct Editing
{
    store::EditRow row;
    std::optional<std::int64_t> version;
    events::EventPtr event;
    Sight sight;
};

Result<std::pair<Person, std::int64_t>> edit_deed(db::Transaction& transaction, Editing const& editing)
{
    auto const& row = editing.row;
    store::lock_event(transaction, row.event_id);
    auto const before = store::find_person(transaction, row.event_id, row.id);
    if (!before)
        return refuse(ProblemName::not_found);
    if (store::is_erased(transaction, row.event_id, row.id))
        return refuse(ProblemName::gone);
    if (editing.version && *editing.version != before->version) {
        auto refused = refuse(ProblemName::conflict, "people.changed_meanwhile.detail");
        refused.error().current = to_json(*before, *editing.event, {editing.sight, {}});
        return refused;
    }
    try {
        store::edit_person(transaction, row);
    } catch (std::exception const& error) {
        if (db::failure_of(error).constraint == "registration_once_per_email")
            return refuse(ProblemName::conflict, "people.email_registered.detail");
        throw;
    }
    auto const version = db::record_change(transaction, {row.event_id, "people.edited",
                                                         store::seats_changes(transaction, row.event_id),
                                                         row.actor, row.id, row.at});
    return std::pair(*store::find_person(transaction, row.event_id, row.id), version);
}

}

asio::awaitable<Result<Person>> edit_person(Services& services, Desked const& desked, std::string id,
                                            PersonEdit edit, std::optional<std::int64_t> version)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const form_version = desked.event->form ? desked.event->form->version : 1;
    Editing const editing{{desked.event->event_id, std::move(id), std::move(edit), form_version,
                           desked.actor.id, services.clock.now()},
                          version,
                          desked.event,
                          desked.sight};
    auto edited = co_await services.db.write(edit_deed, editing);
    if (!edited)
        co_return std::unexpected(edited.error());
    services.waker.wake();
    co_await events::seen(services.catalogue, desked.event->slug, edited->second);
    co_return std::move(edited->first);
}

asio::awaitable<Result<events::Seats>> set_capacity(Services& services, Desked const& desked,
                                                    CapacityChange change)
{
    auto const limits = co_await set_capacity(services, desked.event, desked.actor, std::move(change));
    if (!limits)
        co_return std::unexpected(limits.error());
    auto const event = services.catalogue.find(desked.event->slug);
    co_return event ? event->seats : desked.event->seats;
}

}
