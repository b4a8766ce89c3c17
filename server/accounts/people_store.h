// The people of an event as its organisers read them.
#pragma once

#include "db/reader.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::accounts
{

struct Person
{
    std::int64_t arrival = 0;
    std::string name;
    std::optional<std::string> name_other_script;
    std::optional<std::string> organisation;
    std::string status;
    std::optional<std::int64_t> position; // in the queue
    std::int64_t seats = 1;               // with companions
    std::optional<std::string> attendance;
};
BOOST_DESCRIBE_STRUCT(Person, (),
                      (arrival, name, name_other_script, organisation, status, position, seats, attendance))

struct Slice
{
    std::int64_t first = 0;
    std::int64_t count = 0;
};

// In order of arrival.
std::vector<Person> list_people(db::Reader& reader, std::string const& event_slug, Slice const& slice);

// Semicolons, CRLF and a byte order mark, as spreadsheets in our countries expect it; no cell is a formula.
std::string people_csv(std::vector<Person> const& people, std::string_view language);

}
