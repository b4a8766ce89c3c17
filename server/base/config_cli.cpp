#include "base/config.h"
#include "base/config_options.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace kutsu
{

void add_options(CLI::App& app, FlagValues& flags)
{
    auto const keep = [&flags](std::string_view key) {
        return [&flags, key = std::string(key)](std::string const& text) { flags[key] = text; };
    };
    app.add_option_function<std::string>("--config", keep("config"),
                                         "configuration file (default: the first kutsu.toml found)")
        ->type_name("FILE");
    for (auto const& option : options()) {
        bool const is_limit = option.key.find('.') != std::string_view::npos &&
                              option.kind != OptionKind::database_url &&
                              option.kind != OptionKind::smtp_url && option.kind != OptionKind::email;
        auto* const group = is_limit ? "Limits" : "Options";
        auto const help = option.fallback.empty() ? std::string(option.help)
                                                  : fmt::format("{} [{}]", option.help, option.fallback);
        if (option.kind == OptionKind::boolean)
            app.add_flag_callback(
                   flag_of(option), [keep, key = option.key] { keep(key)("true"); }, help)
                ->group(group);
        else
            app.add_option_function<std::string>(flag_of(option), keep(option.key), help)
                ->group(group)
                ->type_name("");
    }
}

std::string show_text(Config const& config)
{
    std::string text = config.file.empty() ? "# no configuration file\n" : fmt::format("# {}\n", config.file);
    for (auto const& setting : config.settings)
        text += fmt::format("{:32} {:24} {}\n", setting.key, setting.value.empty() ? "-" : setting.value,
                            setting.where.empty() ? name_of(setting.source) : setting.where);
    return text;
}

std::string show_json(Config const& config)
{
    boost::json::object all;
    for (auto const& setting : config.settings) {
        auto value = setting.is_plain ? boost::json::parse(setting.value) : boost::json::value(setting.value);
        all[setting.key] = {
            {"value", std::move(value)}, {"source", name_of(setting.source)},  {"where", setting.where},
            {"flag", setting.flag},      {"environment", setting.environment}, {"help", setting.help}};
    }
    return boost::json::serialize(all);
}

}
