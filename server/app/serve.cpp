#include "app/serve.h"

#include "accounts/accounts_pages.h"
#include "agenda/agenda_api.h"
#include "app/clock_work.h"
#include "app/follower.h"
#include "app/play.h"
#include "app/service_routes.h"
#include "base/log.h"
#include "base/messages.h"
#include "db/database.h"
#include "db/waker.h"
#include "events/events_api.h"
#include "events/events_pages.h"
#include "events/events_store.h"
#include "feeds/feeds.h"
#include "live/live.h"
#include "mail/worker.h"
#include "net/server.h"
#include "registration/desk.h"
#include "registration/form_api.h"
#include "registration/form_pages.h"
#include "registration/people_api.h"
#include "registration/people_pages.h"
#include "registration/people_watch.h"
#include "registration/registration_api.h"
#include "registration/registration_pages.h"
#include "registration/ways_api.h"
#include "registration/ways_pages.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <optional>
#include <sys/resource.h>
#include <thread>

namespace kutsu::app
{
namespace
{

void raise_file_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < 12'000)
        log_warn("few files may be open: 10000 watchers will not fit",
                 {{"limit", std::to_string(limit.rlim_max)}});
}

net::ServerOptions server_options(Config const& config)
{
    net::ServerOptions options;
    options.address = config.listen.address;
    options.port = config.listen.port;
    options.threads =
        config.threads != 0 ? config.threads : std::max(1U, std::thread::hardware_concurrency());
    options.base_url = config.base_url;
    options.default_language = config.language;
    options.conformance_echo = config.conformance_echo;
    options.header_limit = config.http_header_limit;
    options.message_limit = config.socket_message_limit;
    options.header_timeout = config.http_header_timeout;
    options.body_timeout = config.http_body_timeout;
    options.idle_timeout = config.http_idle_timeout;
    options.drain_timeout = config.http_drain_timeout;
    options.connection_limit = config.http_connection_limit;
    options.connections_per_address = config.http_connections_per_address;
    options.trusted_proxies = config.http_trusted_proxies;
    options.send_queue_limit = config.socket_send_queue_limit;
    options.in_flight_limit = config.socket_in_flight_limit;
    options.messages_per_second = static_cast<double>(config.socket_messages_per_second);
    options.message_burst = static_cast<double>(config.socket_message_burst);
    return options;
}

registration::DeskOptions desk_options(Config const& config)
{
    return {config.desk_lanes,
            config.desk_batch_limit,
            config.desk_queue_limit,
            config.desk_deadline,
            config.rate_registrations_per_address,
            config.rate_registrations_per_email,
            config.rate_invitation_codes_per_address,
            config.desk_answer_after};
}

Site make_site(Config const& config, Installation& installation, net::Server const& server,
               bool say_localhost)
{
    Site site;
    site.base_url = config.base_url.empty() ? server.base_url() : config.base_url;
    constexpr std::string_view loopback = "http://127.0.0.1:";
    if (config.base_url.empty() && say_localhost && site.base_url.starts_with(loopback))
        site.base_url = "http://localhost:" + site.base_url.substr(loopback.size());
    site.uid_host = installation.uid_host(site.base_url);
    site.default_language = config.language;
    site.mail_from = config.mail_from;
    site.clock_notice = config.clock ? format_utc(*config.clock) : "";
    return site;
}

// No body is longer than the operator's limit, whatever a route would take; files have a limit of their own.
std::vector<net::Route> limited(std::vector<net::Route> routes, std::size_t body_limit)
{
    for (auto& route : routes) {
        if (!route.pattern.ends_with("/files"))
            route.body_limit = std::min(route.body_limit, body_limit);
    }
    return routes;
}

void add_tables(net::Server& server, Services& services, feeds::Feeds& feeds, registration::Uploads& uploads,
                Config const& config)
{
    auto files = assets();
    files.file_limit = static_cast<std::int64_t>(config.registration_upload_limit);
    accounts::SignInLimits const limits{config.rate_sign_ins_per_address, config.rate_sign_ins_per_email};
    auto const add = [&](std::vector<net::Route> routes) {
        server.add_routes(limited(std::move(routes), config.http_body_limit));
    };
    add(service_routes(services));
    add(events::page_routes(services, files));
    add(events::api_routes(services));
    add(registration::page_routes(services, files, uploads));
    add(registration::form_api_routes(services, uploads));
    add(registration::form_page_routes(services, files));
    add(registration::api_routes(services));
    add(registration::people_page_routes(services, files));
    add(registration::people_api_routes(services));
    add(registration::ways_page_routes(services, files));
    add(registration::ways_api_routes(services));
    add(agenda::api_routes(services));
    add(accounts::routes(services, files, limits));
    add(feeds.routes());
    server.add_methods(events::api_methods(services));
    server.add_methods(registration::api_methods(services));
    server.add_methods(registration::people_methods(services));
    server.add_methods(registration::ways_methods(services));
    server.add_methods(agenda::api_methods(services));
    server.set_not_found([&services](net::Request const& request) { return not_found(services, request); });
    server.set_failure([&services](net::Request const& request, std::exception_ptr const& failure) {
        return failure_response(services, request, failure);
    });
    server.set_method_failure(method_failure);
}

// Until SIGTERM or SIGINT; looks after the private cluster meanwhile, for which this has to be the main
// thread.
void wait_for_the_end(Installation& installation)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int const signal : {SIGTERM, SIGINT, SIGCHLD})
        sigaddset(&signals, signal);
    timespec const second{1, 0};
    for (;;) {
        int const signal = ::sigtimedwait(&signals, nullptr, &second);
        if (signal == SIGTERM || signal == SIGINT)
            return;
        if (auto* cluster = installation.cluster())
            cluster->supervise();
    }
}

}

void block_serve_signals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int const signal : {SIGTERM, SIGINT, SIGCHLD})
        sigaddset(&signals, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int serve(Config const& config, Installation& installation, ServeExtras const& extras)
{
    raise_file_limit();
    auto const clock = make_clock(config);
    SystemRandom random;
    auto const keys = installation.keys();
    db::Database database(installation.conninfo(), config.database_sessions,
                          {config.database_queue_limit, config.database_queue_wait});
    db::Waker waker(installation.conninfo());
    events::Catalogue catalogue;
    net::Server server(server_options(config));
    auto const site = make_site(config, installation, server, extras.say_localhost);
    live::Live live(server.contexts());
    Follower* log_reader = nullptr; // there before anybody is served
    registration::Desk desk(
        installation.conninfo(), *clock, keys, [&waker] { waker.wake(); }, desk_options(config),
        [&waker, &log_reader](std::vector<db::Change> changes) {
            log_reader->feed(std::move(changes));
            waker.wake_others();
        });
    Services services{*clock, random, database, waker, catalogue, desk, keys, site, live};

    catalogue.replace_all(database.read_now(events::store::load_all), clock->now());
    mail::Worker mail(
        installation.conninfo(), database, catalogue, *clock, keys, site,
        mail::make_sender(config.smtp_url, site.uid_host, config.data / "mail", config.mail_timeout),
        {config.mail_retry_first, config.mail_retry_longest, config.mail_give_up},
        [&desk] { return desk.is_rushed(); });
    feeds::Feeds feeds(services);
    Follower follower(installation.conninfo(), services, [&mail, &feeds](bool seats_only) {
        if (!seats_only)
            feeds.note_changes();
        mail.wake();
    });
    log_reader = &follower;
    ClockWork clock_work(services, config.mail_reminder_time);
    registration::Uploads uploads(config.registration_upload_limit, config.rate_uploads_per_address);
    add_tables(server, services, feeds, uploads, config);
    server.start();
    std::optional<Play> play;
    if (extras.play)
        play.emplace(services, *server.contexts().front());

    fmt::print("listening on http://{}\n", server.address());
    std::fflush(stdout);
    if (extras.when_ready)
        extras.when_ready(services);
    wait_for_the_end(installation);

    log_info("stopping");
    if (play)
        play->stop();
    server.stop();
    clock_work.stop();
    desk.stop();
    follower.stop();
    mail.stop();
    waker.stop();
    return 0;
}

}
