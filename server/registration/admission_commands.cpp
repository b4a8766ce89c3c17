#include "registration/admission_commands.h"

#include "base/in_order.h"
#include "registration/seats_commands.h"

#include <algorithm>
#include <iterator>

namespace kutsu::registration
{
namespace
{

// So many are under way at once: they share the commits of their lane.
constexpr std::size_t under_way = 128;

Decided decided(std::string registration, Result<json::object> const& answer)
{
    if (!answer)
        return {std::move(registration), std::string(wire_name(answer.error().name)), {}};
    auto const* status = answer->if_contains("status");
    return {std::move(registration), "done",
            status && status->is_string() ? std::string(status->get_string()) : std::string()};
}

asio::awaitable<Decided> decide_one(Services& services, Desked const& desked, Verdict verdict)
{
    auto const registration = verdict.decision.registration;
    auto answer = co_await decide(services, desked.event, desked.actor, verdict.decision);
    if (!answer && answer.error().name == ProblemName::full && verdict.or_waitlist) {
        verdict.decision.to = "waitlisted";
        answer = co_await decide(services, desked.event, desked.actor, verdict.decision);
    }
    co_return decided(registration, answer);
}

}

asio::awaitable<Result<PeopleList>> waiting_for_approval(Services& services, Desked const& desked)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    PeopleQuery query;
    query.filter.choices["status"] = {"pending"};
    query.descending = false;
    query.limit = most_people;
    co_return co_await list_people(services, desked, std::move(query), true);
}

asio::awaitable<Result<std::vector<Decided>>> decide_all(Services& services, Desked const& desked,
                                                         std::vector<Verdict> verdicts)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    std::vector<Decided> results;
    for (std::size_t begin = 0; begin < verdicts.size(); begin += under_way) {
        std::vector<asio::awaitable<Decided>> deeds;
        for (auto i = begin; i < std::min(begin + under_way, verdicts.size()); ++i)
            deeds.push_back(decide_one(services, desked, std::move(verdicts[i])));
        auto done = co_await in_order(std::move(deeds));
        std::ranges::move(done, std::back_inserter(results));
    }
    co_return results;
}

}
