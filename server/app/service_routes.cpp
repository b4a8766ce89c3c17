#include "app/service_routes.h"

#include "base/embedded.h"
#include "base/log.h"
#include "base/messages.h"
#include "db/error.h"
#include "events/catalogue.h"
#include "html/error_pages.h"
#include "net/content_coding.h"
#include "net/metrics.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <map>

namespace kutsu::app
{
namespace
{

namespace json = boost::json;

struct Asset
{
    std::string address; // /assets/kutsu.1a2b3c4d5e6f.css
    std::string type;
    std::shared_ptr<std::string const> bytes;
    std::shared_ptr<std::string const> gzip; // ready-made: they never change while the program runs
    std::shared_ptr<std::string const> br;

    std::shared_ptr<std::string const> const& in(net::Encoding encoding) const
    {
        return encoding == net::Encoding::br ? br : encoding == net::Encoding::gzip ? gzip : bytes;
    }
};

std::shared_ptr<std::string const> shared(std::string bytes)
{
    return std::make_shared<std::string const>(std::move(bytes));
}

std::map<std::string, Asset, std::less<>> const& all_assets()
{
    static auto const found = [] {
        std::map<std::string, Asset, std::less<>> assets;
        for (auto const& file : embedded_client()) {
            auto const dot = file.path.rfind('.');
            auto const name = file.path.substr(0, dot);
            auto const extension = file.path.substr(dot);
            auto const hash = to_hex(sha256(file.bytes)).substr(0, 12);
            std::string const bytes(file.bytes);
            assets.emplace(
                file.path,
                Asset{fmt::format("/assets/{}.{}{}", name, hash, extension),
                      extension == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
                      shared(bytes), shared(net::gzip(bytes)), shared(net::brotli(bytes))});
        }
        return assets;
    }();
    return found;
}

std::string address_of(std::string_view name)
{
    auto const found = all_assets().find(name);
    return found == all_assets().end() ? std::string() : found->second.address;
}

asio::awaitable<net::Response> serve_asset(net::Request const& request)
{
    for (auto const& [name, asset] : all_assets()) {
        if (asset.address != request.path)
            continue;
        net::Response response;
        auto const encoding = net::choose_encoding(request.header("accept-encoding"));
        response.body = asset.in(encoding);
        response.headers = {{"Content-Type", asset.type},
                            {"Cache-Control", "public, max-age=31536000, immutable"},
                            {"Vary", "Accept-Encoding"}};
        if (encoding != net::Encoding::identity)
            response.headers.emplace_back("Content-Encoding", std::string(net::content_encoding(encoding)));
        co_return response;
    }
    co_return net::text_response("There is no such file.\n", 404);
}

// OpenAPI and AsyncAPI: what programs can rely on.
asio::awaitable<net::Response> api_document(std::string_view name)
{
    for (auto const& file : embedded_api_documents()) {
        if (file.path != name)
            continue;
        net::Response response;
        response.body = std::make_shared<std::string const>(file.bytes);
        response.headers = {{"Content-Type", "application/json"},
                            {"Cache-Control", "public, max-age=300"},
                            {"Access-Control-Allow-Origin", "*"}};
        co_return response;
    }
    co_return net::text_response("There is no such document.\n", 404);
}

asio::awaitable<net::Response> healthz(net::Request const&)
{
    co_return net::text_response("alive\n");
}

asio::awaitable<net::Response> readyz(Services& services, net::Request const&)
{
    bool const away = services.catalogue.away();
    json::object body{{"ready", !away},
                      {"database", away ? "away" : "reachable"},
                      {"schema", "current"},
                      {"tzdata", tzdata_version()},
                      {"version", KUTSU_VERSION}};
    if (!services.site.clock_notice.empty())
        body["clock"] = services.site.clock_notice;
    auto response = net::json_response(body, away ? 503 : 200);
    if (away)
        response.headers.emplace_back("Retry-After", "2");
    co_return net::with_header(std::move(response), "Cache-Control", "no-store");
}

asio::awaitable<net::Response> metrics(Services& services, net::Request const&)
{
    auto const as_of = services.catalogue.picture()->as_of;
    auto const age = services.catalogue.away() ? services.clock.now() - as_of : std::chrono::milliseconds(0);
    net::gauge("kutsu_feed_age_seconds", std::chrono::duration<double>(age).count());
    auto response = net::text_response(net::metrics_text());
    response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                        {"Cache-Control", "no-store"}};
    co_return response;
}

asio::awaitable<net::Response> robots(net::Request const&)
{
    co_return net::text_response(
        "User-agent: *\nDisallow: /app/\nDisallow: /api/\nDisallow: /*/registrations/\n"
        "Allow: /calendar/\n");
}

void describe_metrics()
{
    net::describe_metric("kutsu_registrations_total", "counter",
                         "Registrations stored, by the status they got");
    net::describe_metric("kutsu_commit_batch_size", "histogram",
                         "Submissions and deeds decided in one commit");
    net::describe_metric("kutsu_commit_seconds", "histogram",
                         "From sending a batch of the desk to its commit");
    net::describe_metric("kutsu_desk_queue", "gauge",
                         "Submissions and deeds waiting in all lanes of the desk");
    net::describe_metric("kutsu_desk_wait_seconds", "histogram",
                         "How long the first of a batch had waited when the batch was sent");
    net::describe_metric("kutsu_desk_requests_total", "counter",
                         "What the desk decided, by the tier that did: fast, exact or deed");
    net::describe_metric("kutsu_desk_returned_total", "counter",
                         "Batches that the fast tier returned, because of events or of parties in them");
    net::describe_metric("kutsu_deeds_total", "counter", "Deeds about seats after registering, by outcome");
    net::describe_metric("kutsu_watchers", "gauge", "Sockets that watch an event");
    net::describe_metric("kutsu_exceptions_total", "counter", "Failures that no handler caught");
    net::describe_metric("kutsu_feed_age_seconds", "gauge",
                         "Age of what pages and feeds show; 0 with the database at hand");
}

constexpr std::int64_t wait_ms = 2000;

Problem away_problem()
{
    Problem problem{ProblemName::overloaded, {}, {}, {}, {}, {}};
    problem.retry_after_ms = wait_ms;
    return problem;
}

bool is_away(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (db::DatabaseAway const&) {
        return true;
    } catch (db::Overloaded const&) {
        return true;
    } catch (std::exception const& error) {
        return db::means_away(db::failure_of(error).sqlstate);
    }
}

std::string description(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& error) {
        return db::describe(error);
    } catch (...) {
        return "something that is no exception of ours";
    }
}

std::string page_language(Services const& services, net::Request const& request)
{
    auto const first = request.path.substr(1, request.path.find('/', 1) - 1);
    return is_language(first) ? first : services.site.default_language;
}

}

html::Assets assets()
{
    return {address_of("kutsu.css"), address_of("register.js"), address_of("live.js"),
            address_of("people.js")};
}

std::vector<net::Route> service_routes(Services& services)
{
    describe_metrics();
    return {
        {"GET", "/healthz", healthz},
        {"GET", "/readyz", [&services](net::Request const& request) { return readyz(services, request); }},
        {"GET", "/metrics", [&services](net::Request const& request) { return metrics(services, request); }},
        {"GET", "/robots.txt", robots},
        {"GET", "/assets/{file}", serve_asset},
        {"GET", "/api/v1/openapi.json", [](net::Request const&) { return api_document("openapi.json"); }},
        {"GET", "/api/v1/asyncapi.json", [](net::Request const&) { return api_document("asyncapi.json"); }},
    };
}

asio::awaitable<net::Response> not_found(Services& services, net::Request const& request)
{
    if (request.path.starts_with("/api/")) {
        auto const problem = refuse(ProblemName::not_found);
        co_return net::problem_response(problem.error(),
                                        net::language_of(request, services.site.default_language));
    }
    if (request.path.starts_with("/calendar/"))
        co_return net::text_response("There is no such calendar.\n", 404);
    co_return html::not_found_page(page_language(services, request), assets());
}

std::optional<Problem> method_failure(std::exception_ptr const& failure)
{
    if (!is_away(failure))
        return std::nullopt;
    return away_problem();
}

net::Response failure_response(Services const& services, net::Request const& request,
                               std::exception_ptr const& failure)
{
    bool const away = is_away(failure);
    // That the database is away is said once, by the follower; what else went wrong is worth a line.
    if (!away)
        log_error("a handler failed", {{"request", request.id}, {"error", description(failure)}});
    if (request.path.starts_with("/api/")) {
        auto response =
            net::problem_response(away_problem(), net::language_of(request, services.site.default_language));
        response.status = away ? 503 : 500;
        return response;
    }
    auto const language = page_language(services, request);
    return away ? html::unavailable_page(language, assets(), wait_ms)
                : html::broken_page(language, assets(), request.id);
}

}
