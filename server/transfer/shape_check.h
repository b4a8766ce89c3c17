// Compares one project of a file with the table of shapes. Pure; every problem is reported.
#pragma once

#include "transfer/file_problem.h"
#include "transfer/ids.h"

#include <string>

namespace kutsu::transfer
{

// First for every project of the file: remembers the ids, reports malformed and repeated ones.
void declare_ids(json::value const& project, std::string const& path, std::size_t number, Ids& ids,
                 FileProblems& problems);
// Then: shapes of all members, and references against the ids.
void check_shapes(json::value const& project, std::string const& path, std::size_t number, Ids const& ids,
                  FileProblems& problems);

// null, absent, or text without words
bool says_nothing(json::value const* value);

}
