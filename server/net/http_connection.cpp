#include "net/http_connection.h"

#include "base/log.h"
#include "net/encoding.h"
#include "net/handshake.h"
#include "net/http_answer.h"
#include "net/http_request.h"
#include "net/http_stream.h"
#include "net/metrics.h"
#include "net/websocket.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>

namespace kutsu::net
{
namespace
{

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

constexpr std::size_t usual_body_limit = 1024 * 1024; // of paths that no route answers
constexpr int turn_length = 32; // requests that one connection may have answered before others get their turn

struct Exchange
{
    Request request;
    Match match;
    bool is_head = false;
    Steady begun = std::chrono::steady_clock::now();

    // What logs and metrics call it: never the target, which may hold a secret.
    std::string route() const
    {
        return match.route ? match.route->pattern : match.allowed.empty() ? "none" : "other";
    }
};

class HttpConnection final : public Peer
{
public:
    HttpConnection(Thread& thread, Socket socket, Admission admission)
        : Peer(thread), stream_(std::move(socket), thread.core.options), admission_(std::move(admission))
    {}

    static asio::awaitable<void> run(std::shared_ptr<HttpConnection> self);

    void tick(Steady now) override { stream_.tick(now); }
    void drain() override;
    void abort() override { stream_.close(); }

private:
    asio::awaitable<void> serve();
    asio::awaitable<std::optional<Refusal>> serve_one();
    asio::awaitable<std::optional<Refusal>> exchange(Head const& head, Framing const& framing);
    asio::awaitable<Response> respond(Exchange const& asked) const;
    asio::awaitable<void> refuse(Refusal refusal);

    std::optional<Refusal> upgrade(Head const& head, Framing const& framing);
    std::optional<Response> answer_without_route(Exchange const& asked) const;
    AnswerContext context(std::string id) const;
    void record(Exchange const& done, int status) const;
    GuardRules const& rules();

    HttpStream stream_;
    Admission admission_;
    bool closing_ = false;
    bool old_version_ = false;
    bool upgraded_ = false;
    std::optional<GuardRules> rules_; // when listening on every address: with the one that was called
};

asio::awaitable<void> HttpConnection::run(std::shared_ptr<HttpConnection> self)
{
    auto serving = self->serve();
    co_await std::move(serving);
    if (self->upgraded_)
        co_return;
    auto leaving = self->stream_.linger();
    co_await std::move(leaving);
}

void HttpConnection::drain()
{
    if (stream_.is_between_requests())
        stream_.close();
}

asio::awaitable<void> HttpConnection::serve()
{
    for (int answered = 0; !closing_ && !upgraded_; ++answered) {
        auto serving = serve_one();
        if (auto refusal = co_await std::move(serving)) {
            auto refusing = refuse(std::move(*refusal));
            co_await std::move(refusing);
        }
        if (answered % turn_length == turn_length - 1) {
            auto waiting = asio::post(thread_.io, asio::use_awaitable);
            co_await std::move(waiting);
        }
    }
}

asio::awaitable<std::optional<Refusal>> HttpConnection::serve_one()
{
    auto reading = stream_.read_block();
    auto const block = co_await std::move(reading);
    if (!block)
        co_return block.error();
    if (auto refused = check_layout(*block))
        co_return refused;
    auto const head = parse_head(*block);
    if (!head)
        co_return head.error();
    auto const framing = check_head(*head, rules());
    if (!framing)
        co_return framing.error();
    if (framing->path == "/live" ||
        (thread_.core.options.conformance_echo && framing->path == "/conformance/echo"))
        co_return upgrade(*head, *framing);
    auto exchanging = exchange(*head, *framing);
    co_return co_await std::move(exchanging);
}

// One request whose header block is in order, to its answer.
asio::awaitable<std::optional<Refusal>> HttpConnection::exchange(Head const& head, Framing const& framing)
{
    Exchange asked{
        make_request(head, framing,
                     caller_address(head, admission_.address(), thread_.core.options.trusted_proxies)),
        thread_.core.router.find(head.method, framing.path), head.method == "HEAD"};
    auto const limit = asked.match.route ? asked.match.route->body_limit : usual_body_limit;
    if (framing.content_length > limit)
        co_return Refusal{413, fmt::format("The body may have at most {} bytes here.", limit), {}};
    auto reading = stream_.read_body(framing);
    auto body = co_await std::move(reading);
    if (!body)
        co_return body.error();
    asked.request.body = std::move(*body);
    asked.request.captures = asked.match.captures;

    auto responding = respond(asked);
    auto const response = co_await std::move(responding);
    closing_ = closing_ || !framing.keep_alive || thread_.draining;
    old_version_ = head.version < 11;
    auto block = header_block(response, context(asked.request.id));
    record(asked, response.status); // before the peer can know, so that who has an answer finds it counted
    auto const has_body = !asked.is_head && may_have_body(response.status);
    auto writing = stream_.write(std::move(block), has_body ? response.body : nullptr);
    if (!co_await std::move(writing))
        closing_ = true;
    co_return std::nullopt;
}

asio::awaitable<Response> HttpConnection::respond(Exchange const& asked) const
{
    auto const& core = thread_.core;
    auto const& request = asked.request;
    std::exception_ptr failure;
    try {
        if (auto response = answer_without_route(asked))
            co_return std::move(*response);
        auto answering = asked.match.route ? asked.match.route->handler(request) : core.not_found(request);
        co_return co_await std::move(answering);
    } catch (...) {
        failure = std::current_exception();
    }
    log_error("a request failed",
              {{"request", request.id}, {"route", asked.route()}, {"what", describe_failure(failure)}});
    co_return core.failure(request, failure);
}

asio::awaitable<void> HttpConnection::refuse(Refusal refusal)
{
    closing_ = true;
    if (refusal.status == 0)
        co_return;
    auto id = new_request_id();
    auto const status = fmt::format_int(refusal.status).str();
    count("kutsu_http_requests_total", {{"route", "refused"}, {"status", status}});
    log(LogLevel::debug, "request refused", {{"request", id}, {"status", status}, {"why", refusal.detail}});
    auto const response = refusal_response(refusal);
    auto block = header_block(response, context(std::move(id)));
    auto writing = stream_.write(std::move(block), response.body);
    co_await std::move(writing);
}

// Hands the socket over to a WebSocket, or says why not.
std::optional<Refusal> HttpConnection::upgrade(Head const& head, Framing const& framing)
{
    auto const is_live = framing.path == "/live";
    if (head.method != "GET")
        return Refusal{405, "This address knows only GET.", {{"Allow", "GET"}}};
    auto subprotocol = check_handshake(head, {is_live, thread_.core.origins});
    if (!subprotocol)
        return subprotocol.error();
    if (stream_.has_unused_bytes() || framing.content_length > 0)
        return Refusal{400, "Nothing may follow the handshake before it is answered.", {}};
    if (thread_.draining)
        return Refusal{503, "The server is stopping.", {{"Retry-After", "2"}}};
    auto request = make_request(
        head, framing, caller_address(head, admission_.address(), thread_.core.options.trusted_proxies));
    count("kutsu_http_requests_total", {{"route", framing.path}, {"status", "101"}});
    log(LogLevel::debug, "socket opened", {{"request", request.id}, {"route", framing.path}});
    upgraded_ = true;
    open_websocket(thread_, std::move(stream_.socket()), std::move(admission_),
                   {head, std::move(request), std::move(*subprotocol), !is_live});
    return std::nullopt;
}

std::optional<Response> HttpConnection::answer_without_route(Exchange const& asked) const
{
    auto const& allowed = asked.request.path == "*" ? thread_.core.router.methods() : asked.match.allowed;
    if (asked.match.route || allowed.empty())
        return std::nullopt;
    if (asked.request.method == "OPTIONS")
        return Response{204, {{"Allow", allow_header(allowed)}}, nullptr};
    return refusal_response(
        {405, "This address does not know that method.", {{"Allow", allow_header(allowed)}}});
}

AnswerContext HttpConnection::context(std::string id) const
{
    return {std::move(id), thread_.core.base_url.starts_with("https:"), closing_, old_version_};
}

void HttpConnection::record(Exchange const& done, int status) const
{
    auto const route = done.route();
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - done.begun).count();
    auto const status_text = fmt::format_int(status).str();
    count("kutsu_http_requests_total", {{"route", route}, {"status", status_text}});
    observe("kutsu_http_request_seconds", seconds, {{"route", route}});
    log(status >= 500 ? LogLevel::warn : LogLevel::debug, "request",
        {{"request", done.request.id},
         {"method", done.is_head ? "HEAD" : done.request.method},
         {"route", route},
         {"status", status_text},
         {"ms", fmt::format("{:.3f}", seconds * 1000)}});
}

GuardRules const& HttpConnection::rules()
{
    auto const& common = thread_.core.guard;
    if (!is_wildcard(thread_.core.options.address))
        return common;
    if (!rules_) {
        rules_ = common;
        error_code failed;
        auto const called = bracketed(stream_.socket().local_endpoint(failed).address().to_string());
        rules_->hosts.push_back(called);
        rules_->hosts.push_back(fmt::format("{}:{}", called, thread_.core.port));
    }
    return *rules_;
}

}

void open_http(Thread& thread, Socket socket, Admission admission)
{
    auto connection = std::make_shared<HttpConnection>(thread, std::move(socket), std::move(admission));
    auto running = HttpConnection::run(std::move(connection));
    asio::co_spawn(thread.io, std::move(running), note_escape);
}

std::expected<Head, Refusal> parse_head(std::string_view block)
{
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(block.size() + 1));
    parser.body_limit(boost::none);
    error_code failed;
    parser.put(asio::buffer(block.data(), block.size()), failed);
    if (!parser.is_header_done())
        return std::unexpected(Refusal{400, "The header block is malformed.", {}});

    auto const& message = parser.get();
    Head head;
    head.method = std::string_view(message.method_string().data(), message.method_string().size());
    head.target = std::string_view(message.target().data(), message.target().size());
    head.version = message.version();
    for (auto const& field : message)
        head.fields.emplace_back(lower_case({field.name_string().data(), field.name_string().size()}),
                                 std::string(field.value().data(), field.value().size()));
    return head;
}

}
