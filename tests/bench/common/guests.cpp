#include "common/guests.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>

namespace kutsu::bench
{
namespace
{

using Random = std::mt19937_64;

constexpr double zipf_exponent = 1.1;
constexpr std::array<std::string_view, 3> languages = {"fi", "en", "ru"};
constexpr std::array<std::string_view, 6> people = {"Aino Nieminen",    "Мария Щербинина", "Väinö Mäkelä",
                                                    "Айгуль Серікқызы", "Anna Virtanen",   "John Smith"};

std::string uuid(Random& random)
{
    std::uint64_t const high = (random() & ~0xF000ULL) | 0x4000ULL;        // version 4
    std::uint64_t const low = (random() & ~(3ULL << 62U)) | (2ULL << 62U); // variant 1
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx", unsigned(high >> 32U),
                  unsigned(high >> 16U & 0xFFFFU), unsigned(high & 0xFFFFU), unsigned(low >> 48U),
                  static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
    return text.data();
}

// Cumulative shares of events whose popularity falls as rank^-exponent.
std::vector<double> zipf_shares(std::size_t events)
{
    std::vector<double> shares(events);
    double sum = 0;
    for (std::size_t rank = 0; rank < events; ++rank)
        shares[rank] = sum += std::pow(static_cast<double>(rank + 1), -zipf_exponent);
    for (auto& share : shares)
        share /= sum;
    return shares;
}

class Chooser
{
public:
    Chooser(Choice choice, std::size_t events) : choice_(choice), events_(events)
    {
        if (choice == Choice::zipf)
            shares_ = zipf_shares(events);
    }

    std::size_t operator()(std::size_t number, Random& random)
    {
        if (choice_ == Choice::in_turn)
            return number % events_;
        if (choice_ == Choice::uniform)
            return random() % events_;
        auto const point = std::uniform_real_distribution<double>(0, 1)(random);
        auto const found = std::ranges::lower_bound(shares_, point);
        return std::min(events_ - 1, static_cast<std::size_t>(found - shares_.begin()));
    }

private:
    Choice choice_;
    std::size_t events_;
    std::vector<double> shares_;
};

}

std::vector<Guest> make_guests(std::size_t count, std::size_t events, Choice choice, std::uint64_t seed)
{
    Random random(seed);
    Chooser choose(choice, events);
    std::vector<Guest> guests;
    guests.reserve(count);
    for (std::size_t number = 0; number < count; ++number) {
        auto id = uuid(random);
        auto email = "guest-" + id.substr(0, 8) + id.substr(24) + "@example.org";
        auto name = std::string(people[number % people.size()]) + ' ' + std::to_string(number);
        guests.push_back({std::move(id), std::move(name), std::move(email),
                          languages[number % languages.size()], choose(number, random)});
    }
    return guests;
}

std::string answers_of(Guest const& guest)
{
    return R"({"diet":"kasvisruoka, ei pähkinöitä","channel":")" + std::string(guest.language) +
           R"(","company":true})";
}

std::vector<std::int64_t> arrivals(std::size_t count, double rate, std::uint64_t seed)
{
    std::vector<std::int64_t> instants(count, 0);
    if (rate <= 0)
        return instants;
    Random random(seed + 1);
    std::exponential_distribution<double> gap(rate);
    double seconds = 0;
    for (auto& instant : instants)
        instant = static_cast<std::int64_t>((seconds += gap(random)) * 1e9);
    return instants;
}

std::vector<std::string> read_lines(std::string const& path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        if (!line.empty())
            lines.push_back(line);
    if (lines.empty())
        throw std::runtime_error(path + " names no event");
    return lines;
}

}
