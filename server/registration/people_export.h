// Lists of people to take away: a table of typed cells, written as CSV (semicolons and a byte order mark
// where the reader's spreadsheet expects them) or as an XLSX workbook. No cell is ever a formula. Answers of
// a special category are left out unless they were asked for by name.
#pragma once

#include "base/local_time.h"
#include "registration/people.h"

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kutsu::registration
{

using Cell = std::variant<std::monostate, std::string, std::int64_t, LocalTime>;

struct Sheet
{
    std::string name;
    std::vector<std::string> head;
    std::vector<std::vector<Cell>> rows;
};

// Times are those of the event's city.
Sheet sheet_of(events::Event const& event, std::vector<Person> const& people, std::string_view language,
               std::set<std::string, std::less<>> const& revealed);

// fi and ru: semicolons and a byte order mark; else commas.
std::string to_csv(Sheet const& sheet, std::string_view language);
std::string to_xlsx(Sheet const& sheet);

// An answer in words: the labels of chosen options, yes or no.
std::string answer_words(events::Question const& question, json::value const& answer,
                         std::string_view language);

}
