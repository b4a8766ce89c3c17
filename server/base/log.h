// One log for the program: JSON lines on standard error when that is no terminal, plain words when it is.
// Personal data and secrets never go in; a line about a request carries its id.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu
{

enum class LogLevel
{
    debug = 1,
    info,
    warn,
    error
};

using LogFields = std::vector<std::pair<std::string_view, std::string>>;

void init_log(LogLevel level);
void log(LogLevel level, std::string_view what, LogFields const& fields = {});

inline void log_debug(std::string_view what, LogFields const& fields = {})
{
    log(LogLevel::debug, what, fields);
}

inline void log_info(std::string_view what, LogFields const& fields = {})
{
    log(LogLevel::info, what, fields);
}

inline void log_warn(std::string_view what, LogFields const& fields = {})
{
    log(LogLevel::warn, what, fields);
}

inline void log_error(std::string_view what, LogFields const& fields = {})
{
    log(LogLevel::error, what, fields);
}

}
