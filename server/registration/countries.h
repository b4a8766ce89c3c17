// Countries by their two letters (ISO 3166), named in the reader's language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

bool is_country(std::string_view code); // "FI"
std::vector<std::string> const& country_codes();

struct Country
{
    std::string code;
    std::string name;
};
// In the order of the language's alphabet.
std::vector<Country> const& countries(std::string_view language);
std::string country_name(std::string_view language, std::string_view code);

}
