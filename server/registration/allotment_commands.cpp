#include "registration/allotment_commands.h"

#include "db/database.h"
#include "db/waker.h"
#include "registration/allotment_store.h"
#include "registration/offer_rules.h"
#include "registration/own_commands.h"

namespace kutsu::registration
{
namespace
{

// An allotment as a deed has left it, and the version at which its event shows that.
struct Left
{
    Allotment allotment;
    std::int64_t event_version = 0;
};

struct Deed
{
    std::int64_t event_id = 0;
    std::string id;
    std::string actor;
    std::optional<Instant> offered_until; // for whoever waits for a seat that becomes free
    Instant now;
    Key key{};
    std::string base_url;
};

Deed deed_of(Services& services, Desked const& desked, std::string id)
{
    auto const now = services.clock.now();
    return {desked.event->event_id,
            std::move(id),
            desked.actor.id,
            offer_expiry(offer_terms(*desked.event), now),
            now,
            services.keys.registration,
            services.site.base_url};
}

std::unexpected<Problem> conflict(std::string detail, Deed const& deed, Allotment const& present)
{
    auto refused = refuse(ProblemName::conflict, std::move(detail));
    refused.error().current = to_json(present, deed.key, deed.base_url);
    return refused;
}

Left left_so(db::Transaction& transaction, Deed const& deed)
{
    auto const version = store::record_seats(transaction, deed.event_id, deed.actor, deed.now);
    return {*store::find_allotment(transaction, deed.event_id, deed.id), version};
}

struct Adding
{
    Deed deed;
    NewAllotment made;
    std::string token_hash;
};

Result<Left> add_deed(db::Transaction& transaction, Adding const& adding)
{
    auto const& [deed, made, token_hash] = adding;
    store::lock_seats(transaction, deed.event_id);
    if (!store::reserve_seats(transaction, deed.event_id, made.seats))
        return refuse(ProblemName::full, "problem.allotment-full.detail");
    store::insert_allotment(transaction, deed.event_id, made, deed.id, token_hash, deed.now);
    if (made.send)
        store::queue_allotment(
            transaction, store::find_allotment(transaction, deed.event_id, deed.id)->allotment_id, deed.now);
    return left_so(transaction, deed);
}

struct Editing
{
    Deed deed;
    AllotmentEdit edit;
    std::optional<std::int64_t> version;
};

Result<Left> edit_deed(db::Transaction& transaction, Editing const& editing)
{
    auto const& [deed, edit, version] = editing;
    store::lock_seats(transaction, deed.event_id);
    auto const present = store::find_allotment(transaction, deed.event_id, deed.id);
    if (!present)
        return refuse(ProblemName::not_found);
    if (version && *version != present->version)
        return conflict({}, deed, *present);
    if (present->state != "open")
        return conflict("problem.allotment-ended.detail", deed, *present);
    if (edit.seats && *edit.seats < present->named)
        return conflict("problem.allotment-named.detail", deed, *present);
    auto const more = edit.seats.value_or(present->seats) - present->seats;
    if (!store::reserve_seats(transaction, deed.event_id, more))
        return refuse(ProblemName::full, "problem.allotment-full.detail");
    store::update_allotment(transaction, present->allotment_id, edit);
    if (more < 0)
        store::serve_queues(transaction, deed.event_id, deed.offered_until, deed.now);
    return left_so(transaction, deed);
}

Result<Left> send_deed(db::Transaction& transaction, Deed const& deed)
{
    store::lock_seats(transaction, deed.event_id);
    auto const present = store::find_allotment(transaction, deed.event_id, deed.id);
    if (!present)
        return refuse(ProblemName::not_found);
    if (present->state != "open")
        return conflict("problem.allotment-ended.detail", deed, *present);
    store::queue_allotment(transaction, present->allotment_id, deed.now);
    return Left{*store::find_allotment(transaction, deed.event_id, deed.id), 0};
}

Result<Left> withdraw_deed(db::Transaction& transaction, Deed const& deed)
{
    store::lock_seats(transaction, deed.event_id);
    auto const present = store::find_allotment(transaction, deed.event_id, deed.id);
    if (!present)
        return refuse(ProblemName::not_found);
    store::end_allotment(transaction, present->allotment_id, "withdrawn", deed.actor, deed.offered_until,
                         deed.now);
    return Left{*store::find_allotment(transaction, deed.event_id, deed.id), 0};
}

asio::awaitable<Result<Allotment>> shown(Services& services, Desked const& desked, Result<Left> left)
{
    if (!left)
        co_return std::unexpected(left.error());
    services.waker.wake();
    if (left->event_version > 0)
        co_await events::seen(services.catalogue, desked.event->slug, left->event_version);
    co_return std::move(left->allotment);
}

// ── Seats ──

struct SeatDeed
{
    Allotment allotment;
    SeatChange change;
    json::object guest; // as allotment_seat() reads it
    Instant now;
};

std::string fill(db::Transaction& transaction, SeatDeed const& deed)
{
    auto const& change = deed.change;
    auto const now = deed.now;
    auto const allotment = deed.allotment.allotment_id;
    bool const keeps_address = change.name && !change.guest.empty() &&
                               store::rename_guest(transaction, allotment, change.guest, *change.name, now);
    if (keeps_address)
        return "seated";
    if (!change.guest.empty() &&
        store::unseat_guest(transaction, allotment, change.guest, now) == "not_found")
        return "not_found";
    return change.name ? store::seat_guest(transaction, allotment, deed.guest, now) : "removed";
}

Result<std::int64_t> seat_deed(db::Transaction& transaction, SeatDeed const& deed)
{
    store::lock_seats(transaction, deed.allotment.event_id);
    auto const present = store::find_allotment(transaction, deed.allotment.event_id, deed.allotment.id);
    if (!present || present->state != "open" || present->until_at <= deed.now)
        return refuse(ProblemName::closed, "problem.allotment-ended.detail");
    auto const outcome = fill(transaction, deed);
    if (outcome == "not_found")
        return refuse(ProblemName::not_found);
    if (outcome != "seated" && outcome != "removed")
        return refuse(ProblemName::full, outcome == "full" ? "problem.allotment-pool.detail"
                                                           : "problem.allotment-filled.detail");
    store::touch_allotment(transaction, present->allotment_id);
    return store::record_seats(transaction, present->event_id, "registration", deed.now);
}

json::object guest_row(Services& services, GuestName const& name)
{
    auto const submission_id = random_uuid(services.random);
    auto const token = registration_token(services.keys.registration, submission_id);
    return {{"public_id", random_public_id(services.random)},
            {"submission_id", submission_id},
            {"token_hash", to_hex(sha256(token))},
            {"name", name.name},
            {"email", name.email},
            {"language", name.language}};
}

Result<std::optional<std::int64_t>> release_deed(db::Transaction& transaction, store::DueAllotment const& due,
                                                 std::optional<Instant> const& offered_until,
                                                 Instant const& now)
{
    store::lock_seats(transaction, due.event_id);
    return store::end_allotment(transaction, due.allotment_id, "released", "clock", offered_until, now);
}

}

asio::awaitable<Result<std::vector<Allotment>>> allotments(Services& services, Desked const& desked)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    co_return co_await services.db.read(store::list_allotments, desked.event->event_id);
}

asio::awaitable<Result<Allotment>> add_allotment(Services& services, Desked const& desked, NewAllotment made)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto id = random_public_id(services.random);
    auto hash = to_hex(sha256(allotment_token(services.keys.registration, id)));
    Adding const adding{deed_of(services, desked, std::move(id)), std::move(made), std::move(hash)};
    auto left = co_await services.db.write(add_deed, adding);
    co_return co_await shown(services, desked, std::move(left));
}

asio::awaitable<Result<Allotment>> edit_allotment(Services& services, Desked const& desked, std::string id,
                                                  AllotmentEdit edit, std::optional<std::int64_t> version)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    Editing const editing{deed_of(services, desked, std::move(id)), std::move(edit), version};
    auto left = co_await services.db.write(edit_deed, editing);
    co_return co_await shown(services, desked, std::move(left));
}

asio::awaitable<Result<Allotment>> send_allotment(Services& services, Desked const& desked, std::string id)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const deed = deed_of(services, desked, std::move(id));
    auto left = co_await services.db.write(send_deed, deed);
    co_return co_await shown(services, desked, std::move(left));
}

asio::awaitable<Result<Allotment>> withdraw_allotment(Services& services, Desked const& desked,
                                                      std::string id)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const deed = deed_of(services, desked, std::move(id));
    auto left = co_await services.db.write(withdraw_deed, deed);
    co_return co_await shown(services, desked, std::move(left));
}

asio::awaitable<Result<AllotmentView>> allotment_behind(Services& services, std::string token)
{
    auto const hash = to_hex(sha256(token));
    auto found = co_await services.db.read(store::find_allotment_by_token, hash);
    if (!found)
        co_return refuse(ProblemName::not_found);
    if (found->state == "withdrawn")
        co_return refuse(ProblemName::gone, "problem.allotment-ended.detail");
    AllotmentView view{std::move(*found), {}, nullptr};
    for (auto const& event : services.catalogue.picture()->by_start) {
        if (event->event_id == view.allotment.event_id)
            view.event = event;
    }
    if (!view.event)
        co_return refuse(ProblemName::not_found);
    view.guests = co_await services.db.read(store::list_guests, view.allotment.allotment_id);
    co_return view;
}

asio::awaitable<Result<AllotmentView>> change_seat(Services& services, SeatChange change, std::string peer)
{
    auto const token = change.token;
    if (auto const admitted = admit_deed(services, peer, token); !admitted)
        co_return std::unexpected(admitted.error());
    auto const view = co_await allotment_behind(services, token);
    if (!view)
        co_return view;
    auto const now = services.clock.now();
    if (!can_be_filled(view->allotment, *view->event, now))
        co_return refuse(ProblemName::closed, "problem.allotment-ended.detail");
    auto guest = change.name ? guest_row(services, *change.name) : json::object();
    SeatDeed const deed{view->allotment, std::move(change), std::move(guest), now};
    auto const version = co_await services.db.write(seat_deed, deed);
    if (!version)
        co_return std::unexpected(version.error());
    services.waker.wake();
    co_await events::seen(services.catalogue, view->event->slug, *version);
    co_return co_await allotment_behind(services, token);
}

int release_allotments(Services& services)
{
    auto const now = services.clock.now();
    int ended = 0;
    for (auto const& due : services.db.read_now(store::due_allotments, now)) {
        auto const event = services.catalogue.find(due.slug);
        auto const offered_until = event ? offer_expiry(offer_terms(*event), now) : std::nullopt;
        auto const released = services.db.write_now(release_deed, due, offered_until, now);
        ended += released && *released ? 1 : 0;
    }
    if (ended > 0)
        services.waker.wake();
    return ended;
}

std::optional<Instant> next_allotment_end(Services& services)
{
    return services.db.read_now(store::next_allotment_end);
}

}
