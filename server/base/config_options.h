// The table of options behind config.h, and how a value is read from text.
#pragma once

#include "base/config.h"

#include <limits>
#include <variant>

namespace kutsu
{

// What a value looks like; decides how it is read, checked and shown.
enum class OptionKind
{
    text = 1,
    listen,
    addresses,
    folder,
    database_url,
    base_url,
    smtp_url,
    email,
    language,
    instant,
    log_level,
    boolean,
    count,
    bytes,
    duration
};

using OptionTarget = std::variant<std::string Config::*, std::size_t Config::*, bool Config::*,
                                  std::chrono::milliseconds Config::*, ListenAddress Config::*,
                                  std::vector<std::string> Config::*, std::filesystem::path Config::*,
                                  std::optional<Instant> Config::*, LogLevel Config::*>;

struct Option
{
    std::string_view key;
    OptionKind kind;
    OptionTarget target;
    std::string_view fallback; // the default, as it would be written
    std::string_view help;
    std::size_t at_least = 0; // count, bytes (bytes) and duration (milliseconds)
    std::size_t at_most = std::numeric_limits<std::size_t>::max();
};

std::vector<Option> const& options();
std::string flag_of(Option const& option);        // --http-header-limit
std::string environment_of(Option const& option); // KUTSU_HTTP_HEADER_LIMIT
// Dots, dashes and underscores are the same in a key of the file.
std::string folded_key(std::string_view key);

// Reads `text` into its place; false when it is not what expected_by() describes.
bool assign(Config& config, Option const& option, std::string_view text);
std::string expected_by(Option const& option); // "a duration from 1s to 1h, such as 10s"
// The text as `config show` may print it: passwords are starred.
std::string shown(Option const& option, std::string_view text);

}
