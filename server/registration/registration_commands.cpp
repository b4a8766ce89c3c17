#include "registration/registration_commands.h"

#include "db/database.h"
#include "db/waker.h"
#include "registration/desk.h"
#include "registration/receipt.h"
#include "registration/registration_store.h"

namespace kutsu::registration
{
namespace
{

using Answered = Result<store::Found>;

std::string hash_of(std::string const& token)
{
    return to_hex(sha256(token));
}

// The row as it is now, at the end of a deed in the same transaction.
Answered found_now(db::Transaction& transaction, std::string const& hash)
{
    auto found = store::find(transaction, hash);
    if (!found)
        return refuse(ProblemName::not_found);
    return std::move(*found);
}

json::object shadow_status(std::string_view status)
{
    return {{"status", status},
            {"position", nullptr},
            {"sessions", json::array()},
            {"offer_expires_at_ms", nullptr}};
}

Answered end_deed(db::Transaction& transaction, std::string const& hash, std::string const& status,
                  Instant const& now)
{
    auto found = store::find(transaction, hash);
    if (!found)
        return refuse(ProblemName::not_found);
    if (found->shadow)
        store::change_shadow(transaction, hash, shadow_status(status));
    else
        store::end(transaction, hash, status, now);
    return found_now(transaction, hash);
}

Answered decline_deed(db::Transaction& transaction, std::string const& hash, Instant const& now)
{
    auto found = store::find(transaction, hash);
    if (!found)
        return refuse(ProblemName::not_found);
    auto const status = found->answer.at("status").as_string();
    if (status == "declined")
        return std::move(*found);
    if (status != "offered")
        return refuse(ProblemName::conflict, "problem.nothing-offered.detail");
    store::end(transaction, hash, "declined", now);
    return found_now(transaction, hash);
}

Answered accept_deed(db::Transaction& transaction, std::string const& hash, Instant const& now)
{
    auto const outcome = store::accept(transaction, hash, now);
    if (outcome == "expired")
        return refuse(ProblemName::closed, "problem.offer-expired.detail");
    if (outcome == "not_offered")
        return refuse(ProblemName::conflict, "problem.nothing-offered.detail");
    return found_now(transaction, hash); // also not_found, and a shadow
}

Answered change_deed(db::Transaction& transaction, std::string const& hash, json::object const& changes,
                     Instant const& now)
{
    auto found = store::find(transaction, hash);
    if (!found)
        return refuse(ProblemName::not_found);
    auto const status = found->answer.at("status").as_string();
    if (status == "cancelled" || status == "declined")
        return refuse(ProblemName::conflict, "problem.already-ended.detail");
    if (found->shadow)
        store::change_shadow(transaction, hash, changes);
    else
        store::change(transaction, hash, changes, now);
    return found_now(transaction, hash);
}

asio::awaitable<Result<Registration>> told(Services& services, std::string token, Answered answered)
{
    if (!answered)
        co_return std::unexpected(answered.error());
    services.waker.wake();
    co_await events::seen(services.catalogue, answered->event_slug, answered->event_version);
    co_return registration_of(answered->answer, std::move(token), answered->event_slug);
}

json::object changes_of(Change const& change, events::Event const& event)
{
    json::object changes;
    if (change.name)
        changes["name"] = *change.name;
    if (change.name_other_script)
        changes["name_other_script"] = *change.name_other_script;
    if (change.organisation)
        changes["organisation"] = *change.organisation;
    if (change.language)
        changes["language"] = *change.language;
    if (change.answers) {
        changes["answers"] = *change.answers;
        changes["form_version"] = event.form ? event.form->version : 1;
    }
    if (change.sessions)
        changes["sessions"] = json::array(change.sessions->begin(), change.sessions->end());
    return changes;
}

// The same checks as at registering, on what is changed.
std::vector<FieldError> check_change(Change& change, Registration const& present, events::Event const& event)
{
    std::vector<FieldError> errors;
    if (change.answers)
        errors = check_changed_answers(*change.answers, present.answers, event);
    if (change.sessions)
        check_sessions(*change.sessions, event, errors);
    return errors;
}

}

asio::awaitable<Result<Registration>> get(Services& services, std::string token)
{
    auto const hash = hash_of(token);
    auto found = co_await services.db.read(store::find, hash);
    if (!found)
        co_return refuse(ProblemName::not_found);
    co_return registration_of(found->answer, std::move(token), found->event_slug);
}

asio::awaitable<Result<Registration>> cancel(Services& services, std::string token)
{
    auto const hash = hash_of(token);
    auto const now = services.clock.now();
    std::string const status = "cancelled";
    auto answered = co_await services.db.write(end_deed, hash, status, now);
    co_return co_await told(services, std::move(token), std::move(answered));
}

asio::awaitable<Result<Registration>> change(Services& services, std::string token, Change change)
{
    auto const present = co_await get(services, token);
    if (!present)
        co_return std::unexpected(present.error());
    auto const event = services.catalogue.find(present->receipt.event);
    if (!event)
        co_return refuse(ProblemName::not_found);
    if (auto errors = check_change(change, *present, *event); !errors.empty())
        co_return refuse_fields(std::move(errors));
    auto const hash = hash_of(token);
    auto const changes = changes_of(change, *event);
    auto const now = services.clock.now();
    auto answered = co_await services.db.write(change_deed, hash, changes, now);
    co_return co_await told(services, std::move(token), std::move(answered));
}

asio::awaitable<Result<Registration>> accept_offer(Services& services, std::string token)
{
    auto const hash = hash_of(token);
    auto const now = services.clock.now();
    auto answered = co_await services.db.write(accept_deed, hash, now);
    co_return co_await told(services, std::move(token), std::move(answered));
}

asio::awaitable<Result<Registration>> decline_offer(Services& services, std::string token)
{
    auto const hash = hash_of(token);
    auto const now = services.clock.now();
    auto answered = co_await services.db.write(decline_deed, hash, now);
    co_return co_await told(services, std::move(token), std::move(answered));
}

asio::awaitable<Result<Receipt>> register_guest(Services& services, std::string event_slug,
                                                json::object fields, Door door)
{
    auto const event = services.catalogue.find_public(event_slug);
    if (!event)
        co_return refuse(ProblemName::not_found);
    std::vector<FieldError> errors;
    auto submission = decode_submission(fields, door.language, door.id_required, errors);
    auto const unfit = check(submission, *event);
    errors.insert(errors.end(), unfit.begin(), unfit.end());
    // A date says more than a field: who comes too early or too late hears that first.
    if (auto const state = events::registration_state(*event, services.clock.now()); !errors.empty()) {
        if (state == events::RegistrationState::not_open_yet)
            co_return refuse(ProblemName::not_open_yet);
        if (state != events::RegistrationState::open && state != events::RegistrationState::waitlist &&
            state != events::RegistrationState::full)
            co_return refuse(ProblemName::closed);
        co_return refuse_fields(std::move(errors));
    }
    if (!event->form)
        co_return refuse(ProblemName::closed);
    if (auto admitted = services.desk.admit(door.peer, submission.email); !admitted)
        co_return std::unexpected(admitted.error());
    if (submission.submission_id.empty())
        submission.submission_id = random_uuid(services.random);
    submission.event = event->slug;
    auto receipt = co_await services.desk.submit(std::move(submission), event);
    if (receipt)
        co_await events::seen(services.catalogue, event->slug, receipt->event_version);
    co_return receipt;
}

int expire_offers(Services& services)
{
    auto const now = services.clock.now();
    auto const ended = services.db.write_now(
        [](db::Transaction& transaction, Instant const& at) {
            return Result<std::int64_t>(store::expire_offers(transaction, at));
        },
        now);
    if (ended && *ended > 0)
        services.waker.wake();
    return ended ? static_cast<int>(*ended) : 0;
}

}
