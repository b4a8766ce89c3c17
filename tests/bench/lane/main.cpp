// The limit that a server is compared with: the same rows through the same statements, in full batches that
// wait for nobody, without sockets, checks of fields or answers to guests.
#include "base/local_time.h"
#include "common/gate.h"
#include "common/guests.h"
#include "lane/batches.h"
#include "lane/rows.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>

namespace kutsu::bench
{
namespace
{

struct Options
{
    std::string conninfo;
    std::string events;
    std::string instant;
    std::size_t requests = 10'000;
    std::size_t batch = 128;
    bool exact = false;
    Choice choice = Choice::in_turn;
    std::uint64_t seed = 1;
};

Options read_options(int count, char** arguments)
{
    Options options;
    CLI::App app("Commits registrations in full batches on one connection.");
    app.add_option("--conninfo", options.conninfo)->required();
    app.add_option("--events", options.events, "file of event_ids, one a line")->required();
    app.add_option("--instant", options.instant, "what time it is for the desk")->required();
    app.add_option("--requests", options.requests)->check(CLI::PositiveNumber);
    app.add_option("--batch", options.batch)->check(CLI::PositiveNumber);
    app.add_flag("--exact", options.exact, "through the exact tier only");
    app.add_option("--choose", options.choice, "how guests choose among the events")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Choice>{
            {"in-turn", Choice::in_turn}, {"uniform", Choice::uniform}, {"zipf", Choice::zipf}}));
    app.add_option("--seed", options.seed);
    try {
        app.parse(count, arguments);
    } catch (CLI::ParseError const& error) {
        std::exit(app.exit(error));
    }
    return options;
}

std::vector<Batch> make_batches(Options const& options)
{
    auto const events = read_lines(options.events);
    auto const instant = parse_instant(options.instant);
    if (!instant)
        throw std::runtime_error("--instant is no instant: " + options.instant);
    std::vector<Batch> batches;
    std::vector<registration::Party> parties;
    for (auto const& guest : make_guests(options.requests, events.size(), options.choice, options.seed)) {
        parties.push_back(party_of(guest, std::stoll(events[guest.event])));
        if (parties.size() == options.batch) {
            batches.emplace_back(*instant, parties);
            parties.clear();
        }
    }
    if (!parties.empty())
        batches.emplace_back(*instant, parties);
    return batches;
}

void run(Options const& options)
{
    auto const batches = make_batches(options);
    LaneConnection lane(options.conninfo);
    std::map<std::string, std::int64_t> outcomes;
    std::vector<Nanoseconds> times;

    wait_for_go();
    auto const cpu = thread_cpu();
    auto const began = now();
    for (auto const& batch : batches) {
        auto const asked = now();
        if (options.exact)
            lane.commit_exactly(batch, outcomes);
        else
            lane.commit(batch, outcomes);
        times.push_back(now() - asked);
    }
    auto const seconds = static_cast<double>(now() - began) / 1e9;
    say_done();

    report({{"requests", options.requests},
            {"batch", options.batch},
            {"exact_batches", lane.exact_batches()},
            {"outcomes", json::value_from(outcomes)},
            {"seconds", seconds},
            {"rate", static_cast<double>(options.requests) / seconds},
            {"batch_time", percentiles(std::move(times))},
            {"cpu_seconds", static_cast<double>(thread_cpu() - cpu) / 1e9}});
}

}
}

int main(int count, char** arguments)
{
    try {
        kutsu::bench::run(kutsu::bench::read_options(count, arguments));
        return 0;
    } catch (std::exception const& error) {
        std::cerr << "bench_lane: " << error.what() << '\n';
        return 1;
    }
}
