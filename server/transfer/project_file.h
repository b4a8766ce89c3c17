// A project file (format kutsu-import/1) that has been read and found good: it can be stored as it is.
// Reading is pure and reports every problem at once. A file holds one project, or several as {"format",
// "projects": […]}.
#pragma once

#include "base/json.h"
#include "transfer/file_problem.h"
#include "transfer/ids.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

inline constexpr std::string_view file_format = "kutsu-import/1";

struct ProjectPart
{
    json::value document; // an object, without "format"
    std::string path;     // where it stands in the file

    json::object const& object() const { return document.get_object(); }
};

struct ProjectFile
{
    std::vector<ProjectPart> projects;
    Ids ids;
};

std::expected<ProjectFile, FileProblems> read_project_file(std::string_view text);
// The same for a document that has been parsed (read_text).
std::expected<ProjectFile, FileProblems> check_document(json::value document);

}
