#include "base/config.h"
#include "base/config_options.h"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace kutsu
{
namespace
{

Environment const home{{"HOME", "/home/aino"}};

std::vector<std::string> problems_of(FlagValues const& flags, Environment const& environment = home,
                                     std::string const& file = {})
{
    auto const config = read_config(flags, environment, {"kutsu.toml", file});
    std::vector<std::string> lines;
    if (!config)
        for (auto const& error : config.error())
            lines.push_back(to_string(error));
    return lines;
}

Config config_of(FlagValues const& flags, Environment const& environment = home, std::string const& file = {})
{
    auto config = read_config(flags, environment, {"kutsu.toml", file});
    EXPECT_TRUE(config.has_value()) << (config ? "" : to_string(config.error().front()));
    return config.value_or(Config{});
}

Setting setting_of(Config const& config, std::string_view key)
{
    auto const found = std::ranges::find(config.settings, key, &Setting::key);
    return found == config.settings.end() ? Setting{} : *found;
}

TEST(config, every_default_is_a_value_it_accepts)
{
    auto const config = config_of({});

    EXPECT_EQ(config.listen.address, "127.0.0.1");
    EXPECT_EQ(config.listen.port, 8080);
    EXPECT_EQ(config.data, "/home/aino/.local/state/kutsu");
    EXPECT_EQ(config.database_url, "");
    EXPECT_EQ(config.mail_from, "kutsu@localhost");
    EXPECT_EQ(config.clock, std::nullopt);
    EXPECT_EQ(config.http_header_limit, 16 * 1024u);
    EXPECT_EQ(config.http_idle_timeout, std::chrono::seconds(60));
    EXPECT_EQ(config.desk_batch_limit, 128u);
    EXPECT_EQ(config.settings.size(), options().size());
}

TEST(config, every_option_has_three_different_spellings_and_a_help)
{
    std::set<std::string> spellings;
    for (auto const& option : options()) {
        EXPECT_TRUE(spellings.insert(flag_of(option)).second) << option.key;
        EXPECT_TRUE(spellings.insert(environment_of(option)).second) << option.key;
        EXPECT_FALSE(option.help.empty()) << option.key;
    }
    EXPECT_TRUE(spellings.contains("--database-url"));
    EXPECT_TRUE(spellings.contains("KUTSU_DATABASE_URL"));
    EXPECT_TRUE(spellings.contains("--http-header-limit"));
    EXPECT_TRUE(spellings.contains("KUTSU_HTTP_HEADER_LIMIT"));
}

TEST(config, flags_win_over_the_environment_and_that_over_the_file)
{
    std::string const file = "threads = 1\nlanguage = \"ru\"\nlog = \"warn\"\n";
    Environment const environment{{"HOME", "/h"}, {"KUTSU_THREADS", "2"}, {"KUTSU_LANGUAGE", "en"}};

    auto const config = config_of({{"threads", "3"}}, environment, file);

    EXPECT_EQ(config.threads, 3u);
    EXPECT_EQ(config.language, "en");
    EXPECT_EQ(config.log, LogLevel::warn);
    EXPECT_EQ(setting_of(config, "threads").source, Source::flag);
    EXPECT_EQ(setting_of(config, "threads").where, "--threads");
    EXPECT_EQ(setting_of(config, "language").where, "KUTSU_LANGUAGE");
    EXPECT_EQ(setting_of(config, "log").where, "kutsu.toml:3");
    EXPECT_EQ(setting_of(config, "listen").source, Source::by_default);
}

TEST(config, dots_dashes_and_underscores_are_the_same_in_the_file)
{
    for (std::string const file : {"database_url = 'postgresql:///a'", "database-url = 'postgresql:///a'",
                                   "[database]\nurl = 'postgresql:///a'", "database.url = 'postgresql:///a'"})
        EXPECT_EQ(config_of({}, home, file).database_url, "postgresql:///a") << file;

    auto const config = config_of({}, home, "[http]\nheader_limit = '32KiB'\nidle-timeout = '5min'\n");
    EXPECT_EQ(config.http_header_limit, 32 * 1024u);
    EXPECT_EQ(config.http_idle_timeout, std::chrono::minutes(5));
}

TEST(config, an_unknown_key_is_named_with_its_line_and_the_nearest_known_one)
{
    auto const problems =
        problems_of({}, home, "# mail\n\n[smtp]\nulr = \"smtp://localhost\"\n\n[xylophone]\ntuned = true\n");

    ASSERT_EQ(problems.size(), 2u);
    EXPECT_EQ(problems[0], "kutsu.toml:4: unknown key \"smtp.ulr\" — did you mean \"smtp.url\"?");
    EXPECT_EQ(problems[1],
              "kutsu.toml:7: unknown key \"xylophone.tuned\"; `kutsu config show` lists what is known");
}

TEST(config, a_file_that_is_no_toml_is_named_with_its_line)
{
    auto const problems = problems_of({}, home, "threads = 1\nlisten = 127.0.0.1:80\n");

    ASSERT_EQ(problems.size(), 1u);
    EXPECT_TRUE(problems[0].starts_with("kutsu.toml:2: ")) << problems[0];
}

TEST(config, a_key_set_twice_in_two_spellings_is_an_error)
{
    auto const problems =
        problems_of({}, home, "database_url = 'postgresql:///a'\n[database]\nurl = 'postgresql:///b'\n");

    ASSERT_EQ(problems.size(), 1u);
    EXPECT_TRUE(problems[0].find("already set at kutsu.toml:") != std::string::npos) << problems[0];
}

TEST(config, all_wrong_values_are_reported_at_once_with_source_and_expectation)
{
    Environment const environment{{"HOME", "/h"}, {"KUTSU_THREADS", "many"}};

    auto const problems =
        problems_of({{"listen", "nowhere"}}, environment, "clock = 'noon'\ndesk.lanes = [1]\n");

    ASSERT_EQ(problems.size(), 4u);
    EXPECT_EQ(problems[0],
              "kutsu.toml:2: \"desk.lanes\" is no single value — expected a whole number from 1 to 64");
    EXPECT_EQ(problems[1], "--listen: \"nowhere\" is not what listen can be — expected ADDRESS:PORT, such as "
                           "127.0.0.1:8080 or [::]:8080");
    EXPECT_EQ(problems[2],
              "kutsu.toml:1: \"noon\" is not what clock can be — expected an instant as in RFC 3339, such as "
              "2027-05-03T06:00:00Z");
    EXPECT_EQ(problems[3],
              "KUTSU_THREADS: \"many\" is not what threads can be — expected a whole number from 0 to 256");
}

TEST(config, an_unknown_variable_of_ours_is_a_warning)
{
    Environment const environment{
        {"HOME", "/h"}, {"KUTSU_LISTN", "x"}, {"KUTSU_CONFIG", "/x"}, {"PATH", "/bin"}};

    auto const config = config_of({}, environment);

    ASSERT_EQ(config.warnings.size(), 1u);
    EXPECT_EQ(config.warnings[0],
              "unknown environment variable KUTSU_LISTN — did you mean \"KUTSU_LISTEN\"?");
}

TEST(config, an_empty_variable_counts_as_absent)
{
    auto const config = config_of({}, {{"HOME", "/h"}, {"KUTSU_LISTEN", ""}, {"KUTSU_DATA", ""}});

    EXPECT_EQ(config.listen.port, 8080);
    EXPECT_EQ(config.data, "/h/.local/state/kutsu");
}

TEST(config, the_data_folder_follows_the_xdg_rules)
{
    EXPECT_EQ(config_of({}, {{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}).data, "/s/kutsu");
    EXPECT_EQ(config_of({}, {{"HOME", "/h"}, {"XDG_STATE_HOME", "relative"}}).data, "/h/.local/state/kutsu");
    EXPECT_EQ(config_of({}, {}).data, "/var/lib/kutsu");
}

struct ListenCase
{
    std::string text;
    std::string address; // empty: refused
    int port = 0;
};

TEST(config, listen_takes_addresses_with_ports)
{
    for (auto const& [text, address, port] : std::vector<ListenCase>{{"127.0.0.1:0", "127.0.0.1", 0},
                                                                     {"0.0.0.0:80", "0.0.0.0", 80},
                                                                     {"localhost:8080", "127.0.0.1", 8080},
                                                                     {"[::1]:8080", "::1", 8080},
                                                                     {"::1:8080", ""},
                                                                     {"127.0.0.1", ""},
                                                                     {"127.0.0.1:65536", ""},
                                                                     {"127.0.0.1:-1", ""},
                                                                     {"[127.0.0.1]:80", ""},
                                                                     {"example.org:80", ""},
                                                                     {":80", ""}}) {
        auto const config = read_config({{"listen", text}}, home, {});
        ASSERT_EQ(config.has_value(), !address.empty()) << text;
        if (config) {
            EXPECT_EQ(config->listen.address, address) << text;
            EXPECT_EQ(config->listen.port, port) << text;
        }
    }
}

TEST(config, quantities_need_a_unit_and_stay_in_their_range)
{
    EXPECT_EQ(config_of({{"http.header_timeout", "1500ms"}}).http_header_timeout,
              std::chrono::milliseconds(1500));
    EXPECT_EQ(config_of({{"mail.give_up", "2 h"}}).mail_give_up, std::chrono::hours(2));
    EXPECT_EQ(config_of({{"http.body_limit", "2048"}}).http_body_limit, 2048u);

    EXPECT_EQ(problems_of({{"http.header_timeout", "10"}}).size(), 1u);
    EXPECT_EQ(problems_of({{"http.header_timeout", "-1s"}}).size(), 1u);
    EXPECT_EQ(problems_of({{"http.body_limit", "99999999999999999999GiB"}}).size(), 1u);
    EXPECT_EQ(problems_of({{"http.header_limit", "1"}}),
              (std::vector<std::string>{
                  "--http-header-limit: \"1\" is not what http.header_limit can be — expected a size "
                  "from 1KiB to 1MiB, such as 16KiB"}));
}

TEST(config, the_clock_is_an_instant_in_text_or_toml)
{
    auto const expected = std::optional(from_ms(1'809'324'000'000)); // 2027-05-03T06:00:00Z

    EXPECT_EQ(config_of({{"clock", "2027-05-03T06:00:00Z"}}).clock, expected);
    EXPECT_EQ(config_of({{"clock", "2027-05-03T09:00:00+03:00"}}).clock, expected);
    EXPECT_EQ(config_of({}, home, "clock = 2027-05-03T06:00:00Z").clock, expected);
}

TEST(config, proxies_are_a_list_of_addresses)
{
    std::vector<std::string> const both{"127.0.0.1", "2001:db8::1"};

    EXPECT_EQ(config_of({{"http.trusted_proxies", "127.0.0.1, 2001:db8::1"}}).http_trusted_proxies, both);
    EXPECT_EQ(config_of({}, home, "http.trusted_proxies = ['127.0.0.1', '2001:db8::1']").http_trusted_proxies,
              both);
    EXPECT_EQ(config_of({}).http_trusted_proxies, std::vector<std::string>{});
    EXPECT_EQ(problems_of({{"http.trusted_proxies", "127.0.0.1,,"}}).size(), 1u);
    EXPECT_EQ(problems_of({{"http.trusted_proxies", "proxy.example.org"}}).size(), 1u);
}

TEST(config, a_base_url_is_an_origin)
{
    EXPECT_EQ(config_of({{"base_url", "https://kutsu.example.org/"}}).base_url, "https://kutsu.example.org");
    for (auto const* wrong :
         {"kutsu.example.org", "ftp://x", "https://x/path", "https://", "https://a@b", "https://x?y"})
        EXPECT_EQ(problems_of({{"base_url", wrong}}).size(), 1u) << wrong;
}

TEST(config, passwords_are_starred_wherever_settings_are_shown)
{
    auto const config =
        config_of({{"smtp.url", "smtps://aino:se:cr@t@mail.example.org:465"},
                   {"database.url", "host=db user=kutsu password='top secret' dbname=kutsu"}});

    EXPECT_EQ(config.smtp_url, "smtps://aino:se:cr@t@mail.example.org:465");
    EXPECT_EQ(setting_of(config, "smtp.url").value, "smtps://aino:***@mail.example.org:465");
    EXPECT_EQ(setting_of(config, "database.url").value, "host=db user=kutsu password=*** dbname=kutsu");
    auto const all = show_text(config) + show_json(config);
    EXPECT_EQ(all.find("secret"), std::string::npos);
    EXPECT_EQ(all.find("se:cr"), std::string::npos);
    EXPECT_EQ(setting_of(config_of({{"database.url", "postgresql://u@h/db?password=x&sslmode=disable"}}),
                         "database.url")
                  .value,
              "postgresql://u@h/db?password=***&sslmode=disable");
}

TEST(config, a_wrong_secret_is_not_repeated_in_its_error)
{
    auto const problems = problems_of({{"smtp.url", "smpt://aino:hunter2@mail.example.org"}});

    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].find("hunter2"), std::string::npos) << problems[0];
}

TEST(config, shown_json_names_value_and_origin_and_can_be_given_back)
{
    Environment const environment{{"HOME", "/h"}, {"KUTSU_CONFORMANCE_ECHO", "on"}};
    auto const config = config_of({{"threads", "007"}}, environment, "http.idle_timeout = \"90s\"");

    auto const shown = boost::json::parse(show_json(config)).as_object();

    EXPECT_EQ(shown.size(), options().size());
    EXPECT_EQ(shown.at("threads").at("value"), 7);
    EXPECT_EQ(shown.at("threads").at("source"), "flag");
    EXPECT_EQ(shown.at("conformance_echo").at("value"), true);
    EXPECT_EQ(shown.at("conformance_echo").at("where"), "KUTSU_CONFORMANCE_ECHO");
    EXPECT_EQ(shown.at("http.idle_timeout").at("value"), "90s");
    EXPECT_EQ(shown.at("http.idle_timeout").at("where"), "kutsu.toml:1");
    EXPECT_EQ(shown.at("http.body_limit").at("value"), "1MiB");
}

TEST(config, the_command_line_takes_every_option)
{
    CLI::App app;
    FlagValues flags;
    add_options(app, flags);

    app.parse("--listen 127.0.0.1:0 --conformance-echo --desk-batch-limit=7 --config x.toml", false);

    EXPECT_EQ(flags, (FlagValues{{"config", "x.toml"},
                                 {"conformance_echo", "true"},
                                 {"desk.batch_limit", "7"},
                                 {"listen", "127.0.0.1:0"}}));
    EXPECT_THROW(app.parse("--listn x", false), CLI::ParseError);
}

TEST(config, a_named_file_must_exist)
{
    auto const missing = find_config_file({{"config", "/nonexistent/kutsu.toml"}}, home);

    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(to_string(missing.error()),
              "--config: cannot read the configuration file /nonexistent/kutsu.toml");
}

}
}
