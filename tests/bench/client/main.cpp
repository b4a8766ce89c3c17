// The load generator: opens all sockets, says "ready", waits for a line, then submits registrations all at
// once or at a rate, and reports figures and a ledger of every request.
#include "client/connect.h"
#include "client/crowd.h"
#include "client/frame.h"
#include "client/outcome.h"
#include "common/gate.h"
#include "common/guests.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace kutsu::bench
{
namespace
{

struct Options
{
    std::vector<std::uint16_t> ports;
    std::string events;
    std::string ledger;
    std::size_t sockets = 10'000;
    std::size_t requests = 10'000;
    double rate = 0;
    Choice choice = Choice::in_turn;
    std::uint64_t seed = 1;
    double patience = 15;
};

Options read_options(int count, char** arguments)
{
    Options options;
    CLI::App app("Registers a crowd of guests over WebSockets.");
    app.add_option("--port", options.ports, "of a server, may be given again")->required();
    app.add_option("--events", options.events, "file of slugs, one a line")->required();
    app.add_option("--ledger", options.ledger, "file to write what was sent and answered")->required();
    app.add_option("--sockets", options.sockets)->check(CLI::PositiveNumber);
    app.add_option("--requests", options.requests)->check(CLI::PositiveNumber);
    app.add_option("--rate", options.rate, "requests a second; 0 is all at once");
    app.add_option("--choose", options.choice, "how guests choose among the events")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Choice>{
            {"in-turn", Choice::in_turn}, {"uniform", Choice::uniform}, {"zipf", Choice::zipf}}));
    app.add_option("--seed", options.seed);
    app.add_option("--patience", options.patience, "seconds without a sign after which the rest is given up");
    try {
        app.parse(count, arguments);
    } catch (CLI::ParseError const& error) {
        std::exit(app.exit(error));
    }
    return options;
}

std::string submission(std::size_t number, Guest const& guest, std::string const& event)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(number) +
           R"(,"method":"registration.submit","params":{"event":")" + event + R"(","submission_id":")" +
           guest.submission_id + R"(","name":")" + guest.name + R"(","email":")" + guest.email +
           R"(","language":")" + std::string(guest.language) + R"(","answers":)" + answers_of(guest) + "}}";
}

std::vector<Request> make_requests(Options const& options, std::vector<Guest> const& guests,
                                   std::vector<std::string> const& events)
{
    auto const instants = arrivals(guests.size(), options.rate, options.seed);
    std::vector<Request> requests;
    requests.reserve(guests.size());
    for (std::size_t i = 0; i < guests.size(); ++i) {
        auto const text = submission(i, guests[i], events[guests[i].event]);
        auto const mask = static_cast<std::uint32_t>(0x9E3779B9U * (i + 1));
        requests.push_back({i % options.sockets, instants[i], text_frame(text, mask)});
    }
    return requests;
}

void run(Options const& options)
{
    raise_descriptor_limit(options.sockets + 50);
    auto const events = read_lines(options.events);
    auto const guests = make_guests(options.requests, events.size(), options.choice, options.seed);
    auto const requests = make_requests(options, guests, events);
    auto const connecting = now();
    auto const sockets = open_sockets(options.sockets, options.ports);
    auto const connected = now() - connecting;

    wait_for_go();
    auto const course = run_crowd(sockets, requests, static_cast<Nanoseconds>(options.patience * 1e9));
    say_done();

    auto const outcomes = outcomes_of(course);
    write_ledger(options.ledger, guests, events, requests, course, outcomes);
    auto figures = figures_of(requests, course, outcomes);
    figures["sockets"] = options.sockets;
    figures["upgrade_seconds"] = static_cast<double>(connected) / 1e9;
    report(figures);
    close_sockets(sockets);
}

}
}

int main(int count, char** arguments)
{
    try {
        kutsu::bench::run(kutsu::bench::read_options(count, arguments));
        return 0;
    } catch (std::exception const& error) {
        std::cerr << "bench_client: " << error.what() << '\n';
        return 1;
    }
}
