#include "base/config_options.h"

#include <algorithm>

namespace kutsu
{
namespace
{

using Kind = OptionKind;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t seconds = 1000;
constexpr std::size_t minutes = 60 * seconds;
constexpr std::size_t hours = 60 * minutes;

std::string spelled(std::string_view key, std::string_view separators, char by)
{
    std::string result(key);
    for (auto& letter : result)
        if (separators.find(letter) != std::string_view::npos)
            letter = by;
    return result;
}

}

// One table; it is long because there are many options.
// NOLINTNEXTLINE(readability-function-size)
std::vector<Option> const& options()
{
    static std::vector<Option> const table = {
        {"listen", Kind::listen, &Config::listen, "127.0.0.1:8080",
         "address and port to serve on; port 0 takes a free one"},
        {"data", Kind::folder, &Config::data, "",
         "folder of files, the private database and, without SMTP, outgoing mail"},
        {"database.url", Kind::database_url, &Config::database_url, "",
         "a PostgreSQL 15 or later; without it the program runs its own under the data folder"},
        {"base_url", Kind::base_url, &Config::base_url, "",
         "what links, feeds and mails say; by default made from listen"},
        {"smtp.url", Kind::smtp_url, &Config::smtp_url, "",
         "mail server; without it mails are files under DATA/mail"},
        {"mail.from", Kind::email, &Config::mail_from, "kutsu@localhost", "sender of all mail"},
        {"language", Kind::language, &Config::language, "fi",
         "language of the site where a reader asks for none of ours"},
        {"clock", Kind::instant, &Config::clock, "",
         "start the program's clock at this instant; for demonstrations and tests"},
        {"threads", Kind::count, &Config::threads, "0", "I/O threads; 0 is one per core", 0, 256},
        {"log", Kind::log_level, &Config::log, "info", "debug, info, warn or error"},
        {"conformance_echo", Kind::boolean, &Config::conformance_echo, "false",
         "serve GET /conformance/echo for protocol tests"},

        {"http.header_limit", Kind::bytes, &Config::http_header_limit, "16KiB", "longest header block", kib,
         mib},
        {"http.body_limit", Kind::bytes, &Config::http_body_limit, "1MiB", "longest request body", kib,
         64 * mib},
        {"http.connection_limit", Kind::count, &Config::http_connection_limit, "20000", "open connections", 1,
         1'000'000},
        {"http.connections_per_address", Kind::count, &Config::http_connections_per_address, "256",
         "open connections of one address; loopback and trusted proxies may have any number", 1, 1'000'000},
        {"http.trusted_proxies", Kind::addresses, &Config::http_trusted_proxies, "",
         "addresses whose X-Forwarded-For is believed"},
        {"http.header_timeout", Kind::duration, &Config::http_header_timeout, "10s",
         "for a request's headers", 100, hours},
        {"http.body_timeout", Kind::duration, &Config::http_body_timeout, "20s", "for a request's body", 100,
         hours},
        {"http.idle_timeout", Kind::duration, &Config::http_idle_timeout, "1min",
         "silence after which a peer is dropped", 100, 24 * hours},
        {"http.drain_timeout", Kind::duration, &Config::http_drain_timeout, "8s",
         "for what is in flight at SIGTERM", 0, minutes},
        {"socket.message_limit", Kind::bytes, &Config::socket_message_limit, "64KiB",
         "longest WebSocket message", kib, 16 * mib},
        {"socket.send_queue_limit", Kind::bytes, &Config::socket_send_queue_limit, "256KiB",
         "what may wait for one slow peer", kib, 64 * mib},
        {"socket.in_flight_limit", Kind::count, &Config::socket_in_flight_limit, "256",
         "requests of one socket that may be worked on at once", 1, 100'000},
        {"socket.messages_per_second", Kind::count, &Config::socket_messages_per_second, "0",
         "messages of one socket; 0 is no limit", 0, 1'000'000},
        {"socket.message_burst", Kind::count, &Config::socket_message_burst, "30",
         "messages of one socket that may come at once", 1, 1'000'000},

        {"database.sessions", Kind::count, &Config::database_sessions, "6",
         "sessions for ordinary questions and deeds", 1, 100},
        {"database.queue_limit", Kind::count, &Config::database_queue_limit, "1000",
         "questions that may wait for a session", 1, 1'000'000},
        {"database.queue_wait", Kind::duration, &Config::database_queue_wait, "1s",
         "longest wait for a session", 10, minutes},

        {"desk.lanes", Kind::count, &Config::desk_lanes, "2",
         "registration lanes, each with a session of its own", 1, 64},
        {"desk.batch_limit", Kind::count, &Config::desk_batch_limit, "128",
         "registrations in one transaction", 1, 10'000},
        {"desk.queue_limit", Kind::count, &Config::desk_queue_limit, "20000",
         "registrations that may wait in a lane", 1, 1'000'000},
        {"desk.deadline", Kind::duration, &Config::desk_deadline, "10s", "longest wait of a registration",
         100, 10 * minutes},
        {"desk.answer_after", Kind::duration, &Config::desk_answer_after, "8ms",
         "no registration is answered sooner, unless many wait, so that time does not tell who is registered",
         0, 1000},

        {"registration.upload_limit", Kind::bytes, &Config::registration_upload_limit, "10MiB",
         "largest file that a guest may send as an answer", kib, 64 * mib},
        {"rate.uploads_per_address", Kind::count, &Config::rate_uploads_per_address, "60",
         "files a minute from one address; 0 is no limit"},
        {"rate.registrations_per_address", Kind::count, &Config::rate_registrations_per_address, "600",
         "registrations a minute from one address; 0 is no limit"},
        {"rate.registrations_per_email", Kind::count, &Config::rate_registrations_per_email, "120",
         "registrations a minute with one e-mail address; 0 is no limit"},
        {"rate.invitation_codes_per_address", Kind::count, &Config::rate_invitation_codes_per_address, "10",
         "wrong invitation codes a minute from one address; 0 is no limit"},
        {"rate.sign_ins_per_address", Kind::count, &Config::rate_sign_ins_per_address, "30",
         "attempts to sign in a minute from one address; 0 is no limit"},
        {"rate.sign_ins_per_email", Kind::count, &Config::rate_sign_ins_per_email, "10",
         "attempts to sign in a minute with one e-mail address; 0 is no limit"},

        {"mail.timeout", Kind::duration, &Config::mail_timeout, "30s",
         "for one mail's delivery to the server", seconds, hours},
        {"mail.retry_first", Kind::duration, &Config::mail_retry_first, "30s",
         "first wait after a failed delivery; doubles", 100, 24 * hours},
        {"mail.retry_longest", Kind::duration, &Config::mail_retry_longest, "1h",
         "longest wait between two deliveries", 100, 24 * hours},
        {"mail.give_up", Kind::duration, &Config::mail_give_up, "48h",
         "after which a mail is not tried again", seconds, 1000 * hours},
        {"mail.reminder_time", Kind::duration, &Config::mail_reminder_time, "12h",
         "time of day, counted from midnight in the event's zone, at which guests are reminded the day "
         "before",
         0, 23 * hours},
    };
    return table;
}

std::string flag_of(Option const& option)
{
    return "--" + spelled(option.key, "._", '-');
}

std::string environment_of(Option const& option)
{
    auto name = "KUTSU_" + spelled(option.key, ".", '_');
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return name;
}

std::string folded_key(std::string_view key)
{
    return spelled(key, ".-", '_');
}

}
