#include "base/config_sources.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <numeric>
#include <sstream>

namespace kutsu
{
namespace
{

// Changes of one letter, a swap of neighbours included, that lead from one word to the other.
std::size_t distance(std::string_view from, std::string_view to)
{
    std::vector<std::size_t> before(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            bool const same = from[i - 1] == to[j - 1];
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[to.size()];
}

// " — did you mean "smtp.url"?", or where to look when nothing is near.
std::string suggestion(std::string_view key, std::vector<std::string> const& known)
{
    auto const nearer = [&](auto const& a, auto const& b) { return distance(key, a) < distance(key, b); };
    auto const best = std::ranges::min_element(known, nearer);
    if (distance(key, *best) * 2 > std::max(key.size(), best->size()))
        return "; `kutsu config show` lists what is known";
    return fmt::format(" — did you mean \"{}\"?", *best);
}

template <class Spelling>
std::vector<std::string> known_names(Spelling spelling)
{
    std::vector<std::string> names;
    for (auto const& option : options())
        names.emplace_back(spelling(option));
    return names;
}

// ── kutsu.toml ──

// The value as an operator would write it for a flag; nothing for tables and lists of other things than text.
std::optional<std::string> text_of(toml::node const& node)
{
    if (auto const* list = node.as_array()) {
        std::string joined;
        for (auto const& each : *list) {
            if (!each.is_string())
                return std::nullopt;
            joined += (joined.empty() ? "" : ", ") + each.as_string()->get();
        }
        return joined;
    }
    if (auto const* text = node.as_string())
        return text->get();
    std::ostringstream out;
    if (auto const* number = node.as_integer())
        out << number->get();
    else if (auto const* truth = node.as_boolean())
        out << (truth->get() ? "true" : "false");
    else if (auto const* instant = node.as_date_time())
        out << instant->get();
    else
        return std::nullopt;
    return out.str();
}

struct FileReader
{
    std::string const& path;
    WrittenValues& values;
    std::vector<ConfigError>& errors;

    void read(toml::table const& table, std::string const& prefix)
    {
        for (auto const& [key, node] : table) {
            auto const name = prefix + std::string(key.str());
            auto const where = fmt::format("{}:{}", path, key.source().begin.line);
            if (auto const* below = node.as_table(); below && !find_option(folded_key(name)))
                read(*below, name + '.');
            else
                take(name, node, where);
        }
    }

    void take(std::string const& name, toml::node const& node, std::string const& where)
    {
        auto const folded = folded_key(name);
        auto const* option = find_option(folded);
        if (!option) {
            auto const known = known_names([](auto const& each) { return each.key; });
            errors.push_back({where, fmt::format("unknown key \"{}\"{}", name, suggestion(name, known))});
            return;
        }
        auto const text = text_of(node);
        if (!text)
            errors.push_back(
                {where, fmt::format("\"{}\" is no single value — expected {}", name, expected_by(*option))});
        else if (auto const [at, fresh] = values.try_emplace(folded, Written{*text, where}); !fresh)
            errors.push_back({where, fmt::format("\"{}\" was already set at {}", name, at->second.where)});
    }
};

}

Option const* find_option(std::string_view folded)
{
    auto const found =
        std::ranges::find(options(), folded, [](auto const& option) { return folded_key(option.key); });
    return found == options().end() ? nullptr : &*found;
}

WrittenValues read_file(ConfigFile const& file, std::vector<ConfigError>& errors)
{
    WrittenValues values;
    try {
        auto const table = toml::parse(file.text, file.path);
        FileReader{file.path, values, errors}.read(table, "");
    } catch (toml::parse_error const& error) {
        errors.push_back(
            {fmt::format("{}:{}", file.path, error.source().begin.line), std::string(error.description())});
    }
    std::ranges::sort(errors, {}, [](ConfigError const& error) {
        return std::pair(std::stoul(error.where.substr(error.where.rfind(':') + 1)), error.what);
    });
    return values;
}

WrittenValues read_environment(Environment const& environment, std::vector<std::string>& warnings)
{
    WrittenValues values;
    auto const known = known_names(environment_of);
    for (auto const& [name, text] : environment) {
        if (!name.starts_with("KUTSU_") || name == "KUTSU_CONFIG" || text.empty())
            continue;
        auto const found = std::ranges::find(known, name);
        if (found == known.end())
            warnings.push_back(
                fmt::format("unknown environment variable {}{}", name, suggestion(name, known)));
        else
            values[folded_key(options()[static_cast<std::size_t>(found - known.begin())].key)] = {text, name};
    }
    return values;
}

}
