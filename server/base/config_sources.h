// What kutsu.toml and the environment say, before it is checked: text by option, and where it was written.
#pragma once

#include "base/config_options.h"

namespace kutsu
{

struct Written
{
    std::string text;
    std::string where; // "kutsu.toml:14", "KUTSU_LISTEN", "--listen"
};
using WrittenValues = std::map<std::string, Written, std::less<>>; // by folded key

// Null when there is no such option.
Option const* find_option(std::string_view folded_key);

// Unknown keys, lists and keys set twice are errors, in the order of their lines.
WrittenValues read_file(ConfigFile const& file, std::vector<ConfigError>& errors);
// Unknown variables of ours are only warned of: the environment belongs to more than one program.
WrittenValues read_environment(Environment const& environment, std::vector<std::string>& warnings);

}
