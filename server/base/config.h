// Every option of the program, once: its name gives all three spellings, for example "http.header_limit" is
// the flag
// --http-header-limit, the environment variable KUTSU_HTTP_HEADER_LIMIT and header_limit under [http] in
// kutsu.toml. Flags win over the environment, the environment over the file, the file over the defaults. Only
// main.cpp and base/ read this; everyone else receives values. The rows themselves are in config_options.cpp.
#pragma once

#include "base/clock.h"
#include "base/log.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI
{
class App;
}

namespace kutsu
{

struct ListenAddress
{
    std::string address = "127.0.0.1"; // an IPv4 or IPv6 literal, without brackets
    std::uint16_t port = 8080;         // 0: a free one
};

// Where a value came from, in rising order of precedence.
enum class Source
{
    by_default = 1,
    file,
    environment,
    flag
};
std::string_view name_of(Source source); // default, file, environment, flag

// One line of `config show`.
struct Setting
{
    std::string key;         // "smtp.url"
    std::string flag;        // "--smtp-url"
    std::string environment; // "KUTSU_SMTP_URL"
    std::string value;       // as it would be written; secrets are starred
    bool is_plain = false;   // a number or a boolean, printed without quotes in JSON
    Source source = Source::by_default;
    std::string where; // "--smtp-url", "KUTSU_SMTP_URL", "kutsu.toml:3"; empty for a default
    std::string help;
};

struct Config
{
    ListenAddress listen;
    std::filesystem::path data;
    std::string database_url; // empty: the private cluster under `data`
    std::string base_url;     // empty: from `listen`; no slash at the end
    std::string smtp_url;     // empty: one .eml file for each mail under DATA/mail
    std::string mail_from;
    std::string language; // default language of the site
    std::optional<Instant> clock;
    std::size_t threads = 0; // 0: one per core
    LogLevel log = LogLevel::info;
    bool conformance_echo = false;

    std::size_t http_header_limit = 0;
    std::size_t http_body_limit = 0;
    std::size_t http_connection_limit = 0;
    std::size_t http_connections_per_address = 0;
    std::vector<std::string> http_trusted_proxies; // whose X-Forwarded-For is believed
    std::chrono::milliseconds http_header_timeout{};
    std::chrono::milliseconds http_body_timeout{};
    std::chrono::milliseconds http_idle_timeout{};
    std::chrono::milliseconds http_drain_timeout{};
    std::size_t socket_message_limit = 0;
    std::size_t socket_send_queue_limit = 0;
    std::size_t socket_in_flight_limit = 0;
    std::size_t socket_messages_per_second = 0; // 0: no limit
    std::size_t socket_message_burst = 0;

    std::size_t database_sessions = 0;
    std::size_t database_queue_limit = 0;
    std::chrono::milliseconds database_queue_wait{};

    std::size_t desk_lanes = 0;
    std::size_t desk_batch_limit = 0;
    std::size_t desk_queue_limit = 0;
    std::chrono::milliseconds desk_deadline{};
    std::chrono::milliseconds desk_answer_after{};

    // A minute, per address or per e-mail; 0: no limit.
    std::size_t registration_upload_limit = 0; // of one file that a guest sends
    std::size_t rate_uploads_per_address = 0;
    std::size_t rate_registrations_per_address = 0;
    std::size_t rate_registrations_per_email = 0;
    std::size_t rate_invitation_codes_per_address = 0;
    std::size_t rate_sign_ins_per_address = 0;
    std::size_t rate_sign_ins_per_email = 0;

    std::chrono::milliseconds mail_timeout{};
    std::chrono::milliseconds mail_retry_first{}; // doubles up to mail_retry_longest
    std::chrono::milliseconds mail_retry_longest{};
    std::chrono::milliseconds mail_give_up{};
    std::chrono::milliseconds mail_reminder_time{}; // after midnight of the day before, on the event's wall

    std::string file; // the kutsu.toml that was read; empty: none
    std::vector<Setting> settings;
    std::vector<std::string> warnings;
};

struct ConfigError
{
    std::string where; // "--listen", "KUTSU_LISTEN", "kutsu.toml:14", "kutsu.toml"
    std::string what;  // says what is wrong and what is expected
};
std::string to_string(ConfigError const& error); // "kutsu.toml:14: unknown key …"

// Flags as given on the command line, by option key ("smtp.url"); "config" is the path of the file.
using FlagValues = std::map<std::string, std::string, std::less<>>;
using Environment = std::map<std::string, std::string, std::less<>>;

struct ConfigFile
{
    std::string path; // as shown to people; empty: there is none
    std::string text;
};

// Pure: what the three sources say, or everything that is wrong with them.
std::expected<Config, std::vector<ConfigError>>
read_config(FlagValues const& flags, Environment const& environment, ConfigFile const& file);

// Where kutsu.toml is looked for: --config, KUTSU_CONFIG (must exist), ./kutsu.toml, DATA/kutsu.toml,
// /etc/kutsu/kutsu.toml (the first that exists).
std::expected<ConfigFile, ConfigError> find_config_file(FlagValues const& flags,
                                                        Environment const& environment);

// The process's own environment and the file that belongs to it, then read_config().
std::expected<Config, std::vector<ConfigError>> load_config(FlagValues const& flags);

// Declares a flag for every option; what is given on the command line ends up in `flags`.
void add_options(CLI::App& app, FlagValues& flags);

// `config show`, as a table for people or as an object {KEY: {value, source, where, flag, environment,
// help}}.
std::string show_text(Config const& config);
std::string show_json(Config const& config);

}
