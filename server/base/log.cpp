#include "base/log.h"

#include "base/local_time.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

namespace kutsu
{
namespace
{

std::shared_ptr<spdlog::logger> logger()
{
    static auto const made = [] {
        auto const log = spdlog::stderr_logger_mt("kutsu");
        log->set_pattern("%v");
        log->flush_on(spdlog::level::info);
        return log;
    }();
    return made;
}

bool terminal()
{
    static bool const is_terminal = ::isatty(STDERR_FILENO) == 1;
    return is_terminal;
}

spdlog::level::level_enum level_of(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warn:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string_view name_of(LogLevel level)
{
    constexpr std::string_view names[] = {"debug", "info", "warn", "error"};
    return names[static_cast<int>(level) - 1];
}

std::string line_of(LogLevel level, std::string_view what, LogFields const& fields)
{
    // The log speaks of the machine's time, also when --clock shifts the program's.
    auto const now = format_utc(SystemClock().now());
    if (terminal()) {
        auto line = fmt::format("{} {:5} {}", now.substr(11, 8), name_of(level), what);
        for (auto const& [name, value] : fields)
            line += fmt::format(" {}={}", name, value);
        return line;
    }
    boost::json::object line{{"at", now}, {"level", name_of(level)}, {"what", what}};
    for (auto const& [name, value] : fields)
        line[name] = value;
    return boost::json::serialize(line);
}

}

void init_log(LogLevel level)
{
    logger()->set_level(level_of(level));
}

void log(LogLevel level, std::string_view what, LogFields const& fields)
{
    if (logger()->should_log(level_of(level)))
        logger()->log(level_of(level), "{}", line_of(level, what, fields));
}

}
