#include "registration/form_commands.h"

#include "db/change_log.h"
#include "db/database.h"
#include "db/waker.h"
#include "events/catalogue.h"
#include "events/events_commands.h"
#include "events/form_json.h"
#include "registration/deeds.h"
#include "registration/desk.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

// An event without a form gets one that nobody has opened yet.
events::RegistrationForm present_form(events::Event const& event)
{
    if (event.form)
        return *event.form;
    events::RegistrationForm form;
    form.version = 0;
    form.time_zone = event.span.starts.time_zone;
    form.admission = "approval";
    return form;
}

std::unexpected<Problem> changed_meanwhile(events::RegistrationForm const& present)
{
    Problem problem;
    problem.name = ProblemName::conflict;
    problem.detail = "form.changed_meanwhile";
    problem.current = events::form_definition(present, events::Reader::organiser);
    return std::unexpected(std::move(problem));
}

// Pools that stay as they are make no work.
bool same_pools(std::vector<events::SeatPool> const& a, std::vector<events::SeatPool> const& b)
{
    return std::ranges::equal(a, b, [](auto const& one, auto const& other) {
        return one.key == other.key && one.by == other.by && one.label == other.label &&
               one.capacity == other.capacity;
    });
}

struct EditDeed
{
    FormDesire desire;
    Instant now;
};

Result<FormDone> edit(db::Transaction& transaction, EditDeed const& deed)
{
    auto const event_id = store::lock_event_of_form(transaction, deed.desire.slug);
    if (!event_id)
        return refuse(ProblemName::not_found);
    auto event = *events::event_now(transaction, *event_id);
    auto const present = present_form(event);
    if (deed.desire.version && *deed.desire.version != present.version)
        return changed_meanwhile(present);
    auto edit = edited_form(deed.desire.sent, present);
    if (!edit)
        return std::unexpected(edit.error());
    auto const answered = store::answered_questions(transaction, *event_id);
    if (auto errors = settle_with_answers(*edit, present, answered); !errors.empty())
        return refuse_fields(std::move(errors));
    store::save_form(transaction, *event_id, edit->form);
    event.form = edit->form;
    if (!same_pools(edit->form.pools, present.pools) &&
        !store::set_pools(transaction, *event_id, edit->form.pools, offer_until(event, deed.now), deed.now))
        return refuse_fields({{"pools", "field.pools_taken", {}}});
    // Forms that were imported have no version kept until somebody edits them.
    if (present.version > 0)
        store::keep_version(transaction, *event_id, {present.version, "import", deed.now},
                            events::form_definition(present, events::Reader::organiser));
    auto definition =
        events::form_definition(*events::event_now(transaction, *event_id)->form, events::Reader::organiser);
    store::keep_version(transaction, *event_id, {edit->form.version, deed.desire.actor, deed.now},
                        definition);
    FormDone done{std::move(definition), edit->form.version, 0};
    done.event_version = db::record_change(
        transaction,
        {*event_id, "form", json::array{json::object{{"kind", "form"}, {"version", done.version}}},
         deed.desire.actor, "", deed.now});
    return done;
}

// Larger pools and another policy for groups may have made room: whoever waits gets it before anybody else.
asio::awaitable<void> serve_queues(Services& services, events::EventPtr event, std::string const& actor)
{
    auto asked = deed("serve_queues", actor, *event, services.clock.now());
    co_await services.desk.act(event->event_id, std::move(asked));
}

}

Result<events::EventPtr> event_of_editor(Services& services, std::optional<accounts::Actor> const& actor,
                                         std::string_view slug)
{
    if (!actor)
        return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    auto event = services.catalogue.find(slug);
    auto const may = [&](accounts::Right right) {
        return accounts::may(*actor, right, accounts::scope_of(*event));
    };
    using enum accounts::Right;
    if (!event || (!events::is_public(*event) && !may(see_drafts) && !may(see_people)))
        return refuse(ProblemName::not_found);
    if (!may(edit_event))
        return refuse(ProblemName::not_allowed);
    return event;
}

asio::awaitable<Result<FormDone>> edit_form(Services& services, FormDesire desire)
{
    EditDeed const deed{std::move(desire), services.clock.now()};
    auto done = co_await services.db.write(edit, deed);
    if (!done)
        co_return done;
    services.waker.wake();
    co_await events::seen(services.catalogue, deed.desire.slug, done->event_version);
    if (auto const event = services.catalogue.find(deed.desire.slug))
        co_await serve_queues(services, event, deed.desire.actor);
    co_return done;
}

asio::awaitable<std::vector<store::FormVersion>> form_versions(Services& services, std::int64_t event_id)
{
    co_return co_await services.db.read(store::list_versions, event_id);
}

asio::awaitable<Result<json::object>> form_of_version(Services& services, std::int64_t event_id,
                                                      std::int64_t version)
{
    auto definition = co_await services.db.read(store::definition_of, event_id, version);
    if (!definition)
        co_return refuse(ProblemName::not_found);
    co_return std::move(*definition);
}

}
