#include "accounts/people_store.h"
#include "base/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::accounts
{
namespace
{

// Spreadsheets run what begins like this, full-width forms included (CWE-1236).
bool begins_a_formula(std::string_view cell)
{
    constexpr std::array<std::string_view, 10> beginnings = {"=",  "+",      "-",      "@",      "\t",
                                                             "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    return std::ranges::any_of(beginnings,
                               [&](std::string_view beginning) { return cell.starts_with(beginning); });
}

std::string quoted(std::string_view cell)
{
    std::string result = begins_a_formula(cell) ? "\"'" : "\"";
    for (auto const c : cell) {
        if (c == '"')
            result += '"';
        result += c;
    }
    return result + '"';
}

std::string line(std::vector<std::string> const& cells)
{
    std::string result;
    for (auto const& cell : cells)
        result += (result.empty() ? "" : ";") + quoted(cell);
    return result + "\r\n";
}

std::string words(std::string_view language, std::string_view group, std::string const& value)
{
    auto const key = fmt::format("accounts.{}.{}", group, value);
    return value.empty() ? value : has_message(language, key) ? message(language, key) : value;
}

}

std::string people_csv(std::vector<Person> const& people, std::string_view language)
{
    std::vector<std::string> head;
    for (auto const* column : {"arrival", "name", "name_other_script", "organisation", "status", "position",
                               "party", "attendance"})
        head.push_back(message(language, fmt::format("accounts.column.{}", column)));
    auto csv = "\xef\xbb\xbf" + line(head);
    for (auto const& person : people)
        csv += line({std::to_string(person.arrival), person.name, person.name_other_script.value_or(""),
                     person.organisation.value_or(""), words(language, "registration", person.status),
                     person.position ? std::to_string(*person.position) : "", std::to_string(person.seats),
                     words(language, "attendance", person.attendance.value_or(""))});
    return csv;
}

}
