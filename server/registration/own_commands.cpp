#include "registration/own_commands.h"

#include "base/unicode.h"
#include "db/database.h"
#include "db/waker.h"
#include "events/catalogue.h"
#include "registration/deeds.h"
#include "registration/desk.h"
#include "registration/own_store.h"
#include "registration/registration_commands.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

std::string hash_of(std::string const& token)
{
    return to_hex(sha256(token));
}

// Nothing can be found under it afterwards: it is the hash of nothing anybody holds.
std::string random_hash(Random& random)
{
    return to_hex(sha256(random_token(random)));
}

// A deed about this link, in its turn in the event's lane; `more` is what its kind needs. Gives the event's
// slug.
asio::awaitable<Result<std::string>> act(Services& services, std::string_view kind, std::string token,
                                         std::string slug, json::object more)
{
    auto const event = services.catalogue.find(slug);
    if (!event)
        co_return refuse(ProblemName::not_found);
    auto deed = token_deed(kind, token, *event, services.clock.now());
    deed["scrub"] = random_hash(services.random);
    for (auto& [name, value] : more)
        deed[name] = std::move(value);
    auto const answer = co_await services.desk.act(event->event_id, std::move(deed));
    if (!answer)
        co_return std::unexpected(answer.error());
    if (answer->outcome == "ended")
        co_return refuse(ProblemName::closed, "problem.event-over.detail");
    if (answer->outcome == "conflict")
        co_return refuse(ProblemName::conflict, "problem.already-ended.detail");
    if (answer->outcome == "unchanged")
        co_return refuse_fields({{"email", "field.own_email", {}}});
    if (answer->outcome != "done") // somebody with the same link was quicker
        co_return refuse(ProblemName::gone, "problem.link-ended.detail");
    services.waker.wake(); // for the mail
    co_await events::seen(services.catalogue, answer->event_slug, answer->event_version);
    co_return slug;
}

Result<bool> lost_links_deed(db::Transaction& transaction, LostLink const& lost, std::int64_t event_id,
                             std::string const& address_hash, Instant const& now)
{
    store::send_lost_links(transaction, lost.email, event_id, address_hash, now);
    return true;
}

}

Result<void> admit_deed(Services& services, std::string_view peer, std::string_view token)
{
    return services.desk.admit(peer, std::string("link ").append(token));
}

asio::awaitable<Result<std::string>> transfer(Services& services, std::string token, Transfer transfer)
{
    auto const present = co_await get(services, token);
    if (!present)
        co_return std::unexpected(present.error());
    auto const event = services.catalogue.find(present->receipt.event);
    if (auto const may = may_transfer(*present, event, services.clock.now()); !may)
        co_return std::unexpected(may.error());
    auto const submission_id = random_uuid(services.random);
    json::object more{
        {"name", std::move(transfer.name)},
        {"email", std::move(transfer.email)},
        {"new_submission_id", submission_id},
        {"new_token_hash", hash_of(registration_token(services.keys.registration, submission_id))}};
    if (transfer.language)
        more["language"] = *transfer.language;
    if (transfer.organisation)
        more["organisation"] = *transfer.organisation;
    co_return co_await act(services, "transfer", std::move(token), present->receipt.event, std::move(more));
}

asio::awaitable<Result<json::object>> export_data(Services& services, std::string token)
{
    if (auto const present = co_await get(services, token); !present)
        co_return std::unexpected(present.error());
    auto const hash = hash_of(token);
    auto found = co_await services.db.read(store::held, hash);
    if (!found)
        co_return refuse(ProblemName::gone, "problem.link-ended.detail");
    co_return export_of(std::move(*found), services.clock.now());
}

asio::awaitable<Result<std::string>> erase(Services& services, std::string token)
{
    auto const present = co_await get(services, token);
    if (!present)
        co_return std::unexpected(present.error());
    json::object none;
    co_return co_await act(services, "erase", std::move(token), present->receipt.event, std::move(none));
}

asio::awaitable<Result<void>> send_lost_links(Services& services, LostLink lost, std::string peer)
{
    if (auto const admitted = services.desk.admit(peer, "lost link " + lost.email); !admitted)
        co_return std::unexpected(admitted.error());
    auto const event = lost.event.empty() ? nullptr : services.catalogue.find_public(lost.event);
    // An event that is not there is answered like one where nobody is registered.
    auto const event_id = lost.event.empty() ? std::int64_t{0} : event ? event->event_id : std::int64_t{-1};
    auto const address_hash =
        to_hex(hmac_sha256(services.keys.form, "lost-link " + fold_for_search(lost.email)));
    auto const now = services.clock.now();
    auto const written = co_await services.db.write(lost_links_deed, lost, event_id, address_hash, now);
    if (!written)
        co_return std::unexpected(written.error());
    services.waker.wake();
    co_return Result<void>();
}

}
