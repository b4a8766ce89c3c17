#include "net/listener.h"

#include "base/log.h"
#include "net/handshake.h"
#include "net/http_answer.h"
#include "net/http_connection.h"
#include "net/metrics.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace kutsu::net
{
namespace
{

using error_code = boost::system::error_code;
using tcp = asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto out_of_descriptors_pause = 100ms;

[[noreturn]] void cannot_listen(ServerOptions const& options, std::error_code why)
{
    throw std::system_error(
        why, fmt::format("cannot listen on {}:{}. Is another program using the port? Choose another "
                         "address or port with --listen",
                         bracketed(options.address), options.port));
}

tcp::endpoint endpoint_of(ServerOptions const& options)
{
    error_code malformed;
    auto const address =
        asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, malformed);
    if (malformed)
        throw std::system_error(malformed,
                                fmt::format("'{}' is no address to listen on; write 127.0.0.1:8080, "
                                            "0.0.0.0:8080 or [::1]:8080",
                                            options.address));
    return {address, options.port};
}

void open_acceptor(Acceptor& acceptor, tcp::endpoint const& endpoint, bool shared,
                   ServerOptions const& options)
{
    error_code failed;
    acceptor.open(endpoint.protocol(), failed);
    if (!failed)
        acceptor.set_option(Acceptor::reuse_address(true), failed);
    if (!failed && shared)
        acceptor.set_option(reuse_port(true), failed);
    if (!failed)
        acceptor.bind(endpoint, failed);
    if (failed)
        cannot_listen(options, failed);
}

std::string plain_address(tcp::endpoint const& endpoint)
{
    auto const address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

// Somebody for whom there is no place is told so, if it fits into the socket at once.
void turn_away(Socket socket)
{
    auto const response = refusal_response({503, "There are too many connections.", {{"Retry-After", "5"}}});
    auto const text = header_block(response, {new_request_id(), false, true, false}) + *response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
}

void welcome(Thread& thread, Socket socket)
{
    error_code gone;
    auto const from = socket.remote_endpoint(gone);
    if (gone)
        return;
    auto admission = thread.core.admit(plain_address(from));
    if (!admission) {
        count("kutsu_http_requests_total", {{"route", "refused"}, {"status", "503"}});
        return turn_away(std::move(socket));
    }
    open_http(thread, std::move(socket), std::move(*admission));
}

}

void bind_all(std::vector<std::unique_ptr<Thread>>& threads, ServerOptions const& options)
{
    auto endpoint = endpoint_of(options);
    if (endpoint.port() != 0) {
        // With SO_REUSEPORT a second server of the same user would silently share our port: ask without it
        // first.
        Acceptor probe(threads.front()->io);
        open_acceptor(probe, endpoint, false, options);
    }
    for (auto const& thread : threads) {
        open_acceptor(thread->acceptor, endpoint, threads.size() > 1, options);
        endpoint = thread->acceptor.local_endpoint();
        error_code failed;
        thread->acceptor.listen(4096, failed);
        if (failed)
            cannot_listen(options, failed);
    }
}

asio::awaitable<void> accept_connections(Thread& thread)
{
    while (thread.acceptor.is_open()) {
        auto accepting = thread.acceptor.async_accept(quietly);
        auto [failed, socket] = co_await std::move(accepting);
        if (!failed) {
            try {
                welcome(thread, std::move(socket));
            } catch (...) { // out of memory, perhaps: one connection is lost, not the listener
                note_escape(std::current_exception());
            }
            continue;
        }
        if (failed == asio::error::operation_aborted)
            continue;
        // Most likely no descriptor is left: trying again at once would only spin.
        log_warn("a connection could not be accepted", {{"what", failed.message()}});
        thread.pause.expires_after(out_of_descriptors_pause);
        auto pausing = thread.pause.async_wait(quietly);
        co_await std::move(pausing);
    }
}

}
