#include "registration/seats_commands.h"

#include "db/database.h"
#include "registration/deeds.h"
#include "registration/desk.h"
#include "registration/seats_store.h"

namespace kutsu::registration
{
namespace
{

Result<void> allow(accounts::Actor const& actor, events::Event const& event)
{
    return accounts::require(actor, accounts::Right::manage_registrations, accounts::scope_of(event));
}

std::unexpected<Problem> conflict(std::string detail, json::value truth)
{
    auto refused = refuse(ProblemName::conflict, std::move(detail));
    refused.error().current = std::move(truth);
    return refused;
}

// Carries the deed out and waits until this process shows it.
asio::awaitable<Result<DeedAnswer>> act(Services& services, events::EventPtr event, json::object deed)
{
    auto answer = co_await services.desk.act(event->event_id, std::move(deed));
    if (answer && answer->outcome == "done")
        co_await events::seen(services.catalogue, answer->event_slug, answer->event_version);
    co_return answer;
}

}

asio::awaitable<Result<json::object>> limits(Services& services, events::EventPtr event,
                                             accounts::Actor const& actor)
{
    if (auto const allowed = allow(actor, *event); !allowed)
        co_return std::unexpected(allowed.error());
    auto found = co_await services.db.read(store::limits, event->event_id);
    if (!found)
        co_return refuse(ProblemName::not_found);
    co_return std::move(*found);
}

asio::awaitable<Result<json::object>> set_capacity(Services& services, events::EventPtr event,
                                                   accounts::Actor const& actor, CapacityChange change)
{
    if (auto const allowed = allow(actor, *event); !allowed)
        co_return std::unexpected(allowed.error());
    auto asked = to_deed(change, deed("set_capacity", actor.id, *event, services.clock.now()));
    auto answer = co_await act(services, event, std::move(asked));
    if (!answer)
        co_return std::unexpected(answer.error());
    if (answer->outcome == "not_found")
        co_return refuse(ProblemName::not_found);
    if (answer->outcome == "conflict")
        co_return conflict("problem.capacity-conflict.detail", std::move(answer->answer));
    auto truth = std::move(answer->answer.as_object());
    truth["version"] = answer->event_version;
    co_return truth;
}

asio::awaitable<Result<json::object>> decide(Services& services, events::EventPtr event,
                                             accounts::Actor const& actor, Decision decision)
{
    if (auto const allowed = allow(actor, *event); !allowed)
        co_return std::unexpected(allowed.error());
    auto asked = to_deed(decision, deed("decide", actor.id, *event, services.clock.now()));
    auto answer = co_await act(services, event, std::move(asked));
    if (!answer)
        co_return std::unexpected(answer.error());
    if (answer->outcome == "not_found")
        co_return refuse(ProblemName::not_found);
    if (answer->outcome == "full")
        co_return refuse(ProblemName::full, "problem.decide-full.detail");
    if (answer->outcome == "ended")
        co_return conflict("problem.already-ended.detail", std::move(answer->answer));
    if (answer->outcome == "conflict")
        co_return conflict("problem.decide-conflict.detail", std::move(answer->answer));
    co_return std::move(answer->answer.as_object());
}

asio::awaitable<Result<std::vector<Promotion>>> promotions(Services& services, events::EventPtr event,
                                                           accounts::Actor const& actor, std::int64_t before,
                                                           std::int64_t limit)
{
    if (auto const allowed = allow(actor, *event); !allowed)
        co_return std::unexpected(allowed.error());
    co_return co_await services.db.read(store::promotions, event->event_id, before, limit);
}

}
