// What must fit together between the records of one project, beyond shapes, references and times: groups and
// their events, rooms and their venues, forms, seats. Pure; tolerates members of the wrong shape, which are
// reported elsewhere.
#pragma once

#include "base/json.h"
#include "transfer/file_problem.h"

#include <string>

namespace kutsu::transfer
{

void check_consistency(json::object const& project, std::string const& path, FileProblems& problems);

// The two halves of it.
void check_records(json::object const& project, std::string const& path, FileProblems& problems);
void check_seats(json::object const& project, std::string const& path, FileProblems& problems);

// How a person is called: in the first script there is, and in the other one (may be empty).
struct PersonNames
{
    std::string name;
    std::string other_script;
};
PersonNames names_of(json::object const& person);

}
