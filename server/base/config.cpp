#include "base/config.h"

#include "base/config_sources.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <unistd.h>

namespace kutsu
{
namespace
{

using Errors = std::vector<ConfigError>;

std::string text_in(Environment const& environment, std::string_view name)
{
    auto const found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

std::string default_data(Environment const& environment)
{
    auto const state = text_in(environment, "XDG_STATE_HOME");
    if (state.starts_with('/')) // the XDG specification: relative paths are to be ignored
        return state + "/kutsu";
    auto const home = text_in(environment, "HOME");
    return (home.empty() ? std::string("/var/lib") : home + "/.local/state") + "/kutsu";
}

struct Sources
{
    WrittenValues flags, environment, file;

    std::pair<Source, Written> of(Option const& option, std::string const& fallback) const
    {
        auto const key = folded_key(option.key);
        if (auto const found = flags.find(key); found != flags.end())
            return {Source::flag, found->second};
        if (auto const found = environment.find(key); found != environment.end())
            return {Source::environment, found->second};
        if (auto const found = file.find(key); found != file.end())
            return {Source::file, found->second};
        return {Source::by_default, {fallback, ""}};
    }
};

WrittenValues read_flags(FlagValues const& flags)
{
    WrittenValues values;
    for (auto const& [key, text] : flags)
        if (auto const* option = find_option(folded_key(key)))
            values[folded_key(key)] = {text, flag_of(*option)};
    return values;
}

// A number or a truth as JSON writes it, however it was written by the operator.
std::string plain(Config const& config, Option const& option)
{
    if (auto const* truth = std::get_if<bool Config::*>(&option.target))
        return config.**truth ? "true" : "false";
    return fmt::format("{}", config.*std::get<std::size_t Config::*>(option.target));
}

void set(Config& config, Option const& option, std::pair<Source, Written> const& given, Errors& errors)
{
    auto const& [source, written] = given;
    if (!assign(config, option, written.text))
        errors.push_back(
            {written.where, fmt::format("\"{}\" is not what {} can be — expected {}",
                                        shown(option, written.text), option.key, expected_by(option))});
    bool const is_plain = option.kind == OptionKind::count || option.kind == OptionKind::boolean;
    config.settings.push_back({std::string(option.key), flag_of(option), environment_of(option),
                               is_plain ? plain(config, option) : shown(option, written.text), is_plain,
                               source, written.where, std::string(option.help)});
}

std::expected<ConfigFile, ConfigError> read_text(std::string const& path, std::string const& named_by)
{
    std::error_code error;
    std::ifstream file(path);
    if (!file || !std::filesystem::is_regular_file(path, error))
        return std::unexpected(
            ConfigError{named_by, fmt::format("cannot read the configuration file {}", path)});
    return ConfigFile{path, std::string(std::istreambuf_iterator<char>(file), {})};
}

Environment own_environment()
{
    Environment environment;
    for (auto entry = ::environ; entry && *entry; ++entry) {
        std::string_view const line(*entry);
        auto const equals = line.find('=');
        auto const name = line.substr(0, equals);
        if (equals != std::string_view::npos &&
            (name.starts_with("KUTSU_") || name == "HOME" || name == "XDG_STATE_HOME"))
            environment.emplace(name, line.substr(equals + 1));
    }
    return environment;
}

}

std::string_view name_of(Source source)
{
    constexpr std::string_view names[] = {"default", "file", "environment", "flag"};
    return names[static_cast<int>(source) - 1];
}

std::string to_string(ConfigError const& error)
{
    return error.where.empty() ? error.what : fmt::format("{}: {}", error.where, error.what);
}

std::expected<Config, std::vector<ConfigError>>
read_config(FlagValues const& flags, Environment const& environment, ConfigFile const& file)
{
    Config config;
    Errors errors;
    Sources sources;
    sources.file = read_file(file, errors);
    sources.environment = read_environment(environment, config.warnings);
    sources.flags = read_flags(flags);
    config.file = file.path;

    for (auto const& option : options())
        set(config, option,
            sources.of(option,
                       option.key == "data" ? default_data(environment) : std::string(option.fallback)),
            errors);

    if (!errors.empty())
        return std::unexpected(std::move(errors));
    return config;
}

std::expected<ConfigFile, ConfigError> find_config_file(FlagValues const& flags,
                                                        Environment const& environment)
{
    if (auto const named = flags.find("config"); named != flags.end())
        return read_text(named->second, "--config");
    if (auto const named = text_in(environment, "KUTSU_CONFIG"); !named.empty())
        return read_text(named, "KUTSU_CONFIG");

    auto data = text_in(environment, "KUTSU_DATA");
    if (auto const flag = flags.find("data"); flag != flags.end())
        data = flag->second;
    for (auto const& path :
         {std::string("kutsu.toml"), (data.empty() ? default_data(environment) : data) + "/kutsu.toml",
          std::string("/etc/kutsu/kutsu.toml")})
        if (std::error_code error; std::filesystem::is_regular_file(path, error))
            return read_text(path, "");
    return ConfigFile{};
}

std::expected<Config, std::vector<ConfigError>> load_config(FlagValues const& flags)
{
    auto const environment = own_environment();
    auto const file = find_config_file(flags, environment);
    if (!file)
        return std::unexpected(Errors{file.error()});
    return read_config(flags, environment, *file);
}

}
