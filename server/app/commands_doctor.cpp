// kutsu doctor: what operators get wrong, each with what to do about it.
#include "app/commands.h"
#include "app/installation.h"
#include "base/local_time.h"
#include "base/messages.h"
#include "db/database.h"
#include "db/error.h"
#include "db/migrations.h"
#include "db/raw.h"
#include "db/timers.h"
#include "mail/sender.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace kutsu::app
{
namespace
{

// Counts what needs the operator.
class Report
{
public:
    void fine(std::string_view what) { fmt::print("ok       {}\n", what); }

    void problem(std::string_view what, std::string_view remedy)
    {
        fmt::print("problem  {}\n         → {}\n", what, remedy);
        ++problems_;
    }

    // Worth knowing, nothing to do.
    void note(std::string_view what, std::string_view more)
    {
        fmt::print("note     {}\n         → {}\n", what, more);
    }

    int problems() const { return problems_; }

private:
    int problems_ = 0;
};

void check_disk(Report& report, Config const& config)
{
    std::error_code failed;
    auto const space = std::filesystem::space(config.data, failed);
    constexpr std::uintmax_t enough = 500ULL * 1024 * 1024;
    if (failed)
        report.problem(fmt::format("the data folder {} cannot be looked at", config.data.string()),
                       "Check --data.");
    else if (space.available < enough)
        report.problem(
            fmt::format("only {} MB are free for {}", space.available / 1024 / 1024, config.data.string()),
            "Make room: PostgreSQL stops when the disk is full.");
    else
        report.fine(fmt::format("data folder {}, {} GB free", config.data.string(),
                                space.available / 1024 / 1024 / 1024));
}

void check_schema(Report& report, std::string const& conninfo)
{
    auto const status = db::status(conninfo);
    if (!status.problem.empty())
        report.problem("the schema is not one of this program", status.problem);
    else if (!status.is_current())
        report.problem(
            fmt::format("the schema is at version {}, this program needs {}", status.version, status.wanted),
            "Run: kutsu db migrate (or kutsu serve).");
    else
        report.fine(fmt::format("schema version {}", status.version));
}

void check_database(Report& report, Installation& installation)
{
    db::Connection connection(installation.conninfo());
    auto const version = connection.exec("show server_version_num").integer(0, 0);
    if (version < 150000)
        report.problem(fmt::format("PostgreSQL {} is too old", version / 10000),
                       "Use PostgreSQL 15 or later.");
    else
        report.fine(fmt::format("PostgreSQL {}{}", version / 10000,
                                installation.cluster() ? ", private cluster" : ""));
    for (auto const* setting : {"fsync", "synchronous_commit", "full_page_writes"}) {
        auto const value = std::string(connection.exec(fmt::format("show {}", setting)).text(0, 0));
        if (value == "off")
            report.problem(fmt::format("{} is off: a crash loses registrations that were confirmed", setting),
                           fmt::format("Set {} = on.", setting));
    }
    auto const theirs =
        connection.exec("select (extract(epoch from clock_timestamp()) * 1000)::bigint").integer(0, 0);
    auto const skew = std::abs(theirs - to_ms(SystemClock().now()));
    if (skew > 2000)
        report.problem(fmt::format("the clocks of database and server differ by {} s", skew / 1000),
                       "Keep both right with NTP.");
    else
        report.fine("clocks of database and server agree");
}

// Reminders, openings, closings: what the clock should have done by now.
void check_timers(Report& report, std::string const& conninfo, Config const& config)
{
    if (!db::status(conninfo).is_current())
        return;
    auto const now = make_clock(config)->now();
    auto const standing = db::Database(conninfo, 1).read_now(db::timer_standing, now);
    if (standing.late > 0)
        report.problem(
            fmt::format("{} {} late, the first since {}", standing.late,
                        standing.late == 1 ? "timer is" : "timers are", format_utc(*standing.oldest)),
            "Is kutsu serve running? Its log names timers that fail; table timer has their errors.");
    if (standing.failed > 0)
        report.problem(
            fmt::format("{} timers failed and were given up", standing.failed),
            "See last_error in table timer; set state to 'waiting' and done_at to null to try again.");
    if (standing.late == 0 && standing.failed == 0)
        report.fine("no timer is late");
}

// The counters under which seats are decided say what the registrations say.
void check_seats(Report& report, std::string const& conninfo)
{
    if (!db::status(conninfo).is_current())
        return;
    auto const flaws = db::Connection(conninfo).exec("select event, counter from counter_flaws()");
    for (int row = 0; row < flaws.rows(); ++row)
        report.problem(fmt::format("event {}: the counter of seats ({}) is not what the registrations say",
                                   flaws.text(row, 0), flaws.text(row, 1)),
                       "Do not correct it by hand. Keep a backup (kutsu backup) and tell the developers.");
    if (flaws.rows() == 0)
        report.fine("counters of seats agree with the registrations");
}

// Kazakhstan changed on 1 March 2024: with older data every time in Petropavl is an hour wrong.
void check_zones(Report& report)
{
    auto const at = *parse_instant("2024-07-01T00:00:00Z");
    if (!is_known_zone("Asia/Almaty") || offset_at(at, "Asia/Almaty") != std::chrono::hours(5))
        report.problem(fmt::format("the time zone data ({}) is older than 2024a", tzdata_version()),
                       "Update the package tzdata and restart.");
    else
        report.fine(fmt::format("time zone data {}", tzdata_version()));
}

void check_mail(Report& report, Config const& config)
{
    if (config.smtp_url.empty())
        return report.note(
            "there is no SMTP server: mails are written to files",
            fmt::format("Set --smtp-url; meanwhile look into {}.", (config.data / "mail").string()));
    try {
        auto const server = mail::parse_smtp_url(config.smtp_url, "localhost");
        std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const curl(curl_easy_init(), curl_easy_cleanup);
        curl_easy_setopt(curl.get(), CURLOPT_URL, server.url.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
        curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
        curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 5L);
        if (!server.user.empty()) {
            curl_easy_setopt(curl.get(), CURLOPT_USERNAME, server.user.c_str());
            curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, server.password.c_str());
            if (!server.loopback)
                curl_easy_setopt(curl.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        }
        if (auto const code = curl_easy_perform(curl.get()); code != CURLE_OK)
            report.problem(fmt::format("the SMTP server does not answer: {}", curl_easy_strerror(code)),
                           "Check --smtp-url and whether the server is running.");
        else
            report.fine("the SMTP server answers");
    } catch (std::invalid_argument const& error) {
        report.problem(error.what(), "Correct --smtp-url.");
    }
}

void check_addresses(Report& report, Config const& config)
{
    bool const loopback = config.listen.address == "127.0.0.1" || config.listen.address == "::1";
    if (config.base_url.empty() && !loopback)
        report.problem("no base URL is set: links in mails and feeds say the listening address",
                       "Set --base-url to what people type.");
    else if (!config.base_url.empty() && !config.base_url.starts_with("https://") && !loopback)
        report.problem("people reach the server without TLS: sign-in cookies can be read on the way",
                       "Put a reverse proxy with TLS in front and set --base-url to https.");
    else
        report.fine(fmt::format("base URL {}",
                                config.base_url.empty() ? "from the listening address" : config.base_url));
}

}

int run_doctor(Config const& config, CommandLine const&)
{
    Report report;
    Installation installation(config, db::Tenancy::guest);
    check_disk(report, config);
    check_database(report, installation);
    check_schema(report, installation.conninfo());
    check_timers(report, installation.conninfo(), config);
    check_seats(report, installation.conninfo());
    check_zones(report);
    check_mail(report, config);
    check_addresses(report, config);
    fmt::print("{}\n", report.problems() == 0 ? std::string("Nothing to do.")
                                              : fmt::format("{} to look at.", report.problems()));
    return report.problems() == 0 ? 0 : 1;
}

}
