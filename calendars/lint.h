// The judge of every feed: reads raw bytes and says which rules they break, knowing nothing of the writer.
// Rules are numbered as in the checklist of the handbook's page on calendars ("R14").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::calendars
{

struct Violation
{
    std::string rule;
    std::size_t line = 0; // of the file, from 1
    std::string what;

    friend bool operator==(Violation const&, Violation const&) = default;
};

// Nothing when the bytes are a feed anyone may subscribe to.
std::vector<Violation> lint(std::string_view bytes);

}
