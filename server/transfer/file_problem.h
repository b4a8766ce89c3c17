// What is wrong with a project file: where, as a JSON path ($.events[3].agenda[2].starts_local), and why, as
// an English sentence part that follows it ("is missing"). Operators and integrators read these.
#pragma once

#include <string>
#include <vector>

namespace kutsu::transfer
{

struct FileProblem
{
    std::string path;
    std::string reason;
    bool taken = false; // the file is good, but the database holds such a record already: a conflict

    friend bool operator==(FileProblem const&, FileProblem const&) = default;
};

using FileProblems = std::vector<FileProblem>;

}
