// Who registers for what: made from a seed, so that a run can be repeated and its ledger compared with the
// tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::bench
{

// How guests choose among the events.
enum class Choice
{
    in_turn = 1,
    uniform,
    zipf // exponent 1.1: the first event is the most popular
};

struct Guest
{
    std::string submission_id;
    std::string name;
    std::string email; // unlike any other guest's of any seed
    std::string_view language;
    std::size_t event = 0; // index into the list of events
};

std::vector<Guest> make_guests(std::size_t count, std::size_t events, Choice choice, std::uint64_t seed);

// The three answers of every form, as a JSON object: a text, a choice and a boolean.
std::string answers_of(Guest const& guest);

// Instants, in nanoseconds from the beginning, at which `count` independent people come at `rate` a second;
// all zero when the rate is zero: everybody at once.
std::vector<std::int64_t> arrivals(std::size_t count, double rate, std::uint64_t seed);

// One a line.
std::vector<std::string> read_lines(std::string const& path);

}
