#include "client/outcome.h"

#include <fstream>
#include <map>
#include <stdexcept>

namespace kutsu::bench
{
namespace
{

Outcome outcome_of(json::object const& answer, Nanoseconds at)
{
    Outcome outcome{at, {}, 0, {}};
    if (auto const* result = answer.if_contains("result")) {
        auto const& receipt = result->as_object();
        outcome.status = receipt.at("status").as_string();
        outcome.token = receipt.at("token").as_string();
        if (auto const* position = receipt.if_contains("position"); position && position->is_int64())
            outcome.position = position->get_int64();
        return outcome;
    }
    auto const& error = answer.at("error").as_object();
    auto const* data = error.if_contains("data");
    outcome.status = data && data->is_object() ? std::string(data->at("type").as_string())
                                               : "error " + json::serialize(error.at("code"));
    return outcome;
}

// A quick refusal must not make the answers look quick.
bool is_registered(Outcome const& outcome)
{
    return !outcome.token.empty();
}

}

std::vector<Outcome> outcomes_of(Course const& course)
{
    std::vector<Outcome> outcomes(course.sent_at.size());
    for (auto const& received : course.received) {
        auto const answer = json::parse(received.text).as_object();
        auto const* id = answer.if_contains("id");
        if (!id || !id->is_int64())
            throw std::runtime_error("an answer to nothing: " + received.text);
        auto& outcome = outcomes.at(static_cast<std::size_t>(id->get_int64()));
        if (outcome.answered_at >= 0)
            throw std::runtime_error("answered twice: " + received.text);
        outcome = outcome_of(answer, received.at);
    }
    return outcomes;
}

void write_ledger(std::string const& path, std::vector<Guest> const& guests,
                  std::vector<std::string> const& events, std::vector<Request> const& requests,
                  Course const& course, std::vector<Outcome> const& outcomes)
{
    std::ofstream ledger(path);
    for (std::size_t i = 0; i < guests.size(); ++i) {
        auto const& outcome = outcomes[i];
        ledger << guests[i].submission_id << '\t' << events[guests[i].event] << '\t' << guests[i].email
               << '\t' << requests[i].due << '\t' << course.sent_at[i] << '\t' << outcome.answered_at << '\t'
               << outcome.status << '\t' << outcome.position << '\t' << outcome.token << '\n';
    }
    if (!ledger.flush())
        throw std::runtime_error("cannot write " + path);
}

json::object figures_of(std::vector<Request> const& requests, Course const& course,
                        std::vector<Outcome> const& outcomes)
{
    std::vector<Nanoseconds> latencies;
    std::vector<Nanoseconds> lags;
    std::map<std::string, std::int64_t> statuses;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        ++statuses[outcomes[i].answered_at < 0 ? "unanswered" : outcomes[i].status];
        if (is_registered(outcomes[i]))
            latencies.push_back(outcomes[i].answered_at - requests[i].due);
        if (course.sent_at[i] >= 0)
            lags.push_back(course.sent_at[i] - requests[i].due);
    }
    auto const seconds = static_cast<double>(course.wall) / 1e9;
    return {{"requests", requests.size()},
            {"registered", latencies.size()},
            {"statuses", json::value_from(statuses)},
            {"seconds", seconds},
            {"rate", static_cast<double>(latencies.size()) / seconds},
            {"latency", percentiles(std::move(latencies))},
            {"send_lag", percentiles(std::move(lags))},
            {"generator_cpu_seconds", static_cast<double>(course.cpu) / 1e9},
            {"generator_share", static_cast<double>(course.cpu) / static_cast<double>(course.wall)},
            {"closed_early", course.closed_early}};
}

}
