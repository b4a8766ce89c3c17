#include "net/http_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <netinet/tcp.h>

namespace kutsu::net
{
namespace
{

using error_code = boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 8 * 1024;
constexpr std::size_t drain_limit = 8 * 1024 * 1024; // read and thrown away after a refusal
constexpr int unsent_limit = 128 * 1024;
constexpr auto linger_time = 2s;
constexpr std::size_t slowest_rate = 16 * 1024; // every so many bytes earn a second more
constexpr auto never = Steady::max();

// Not an answer: the peer has gone, or has not begun to ask.
std::unexpected<Refusal> silence()
{
    return std::unexpected(Refusal{0, {}, {}});
}

std::unexpected<Refusal> no(int status, std::string detail)
{
    return std::unexpected(Refusal{status, std::move(detail), {}});
}

std::chrono::seconds earned_by(std::size_t bytes)
{
    return std::chrono::seconds(bytes / slowest_rate);
}

}

HttpStream::HttpStream(Socket socket, ServerOptions const& options)
    : socket_(std::move(socket)), options_(options)
{
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    // The kernel takes no more than this beyond what is on its way: it saves memory, and each time the socket
    // becomes writable that much has really left.
    socket_.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(unsent_limit),
                       ignored);
}

asio::awaitable<std::expected<std::string, Refusal>> HttpStream::read_block()
{
    expect_block();
    for (;;) {
        auto const was_empty = buffer_.empty();
        auto block = take_block();
        if (!block || !block->empty()) {
            deadline_ = never;
            between_requests_ = false;
            co_return block;
        }
        auto reading = read_more(read_size);
        if (!co_await std::move(reading)) {
            if (timed_out_ && !buffer_.empty())
                co_return no(408, "The request took too long to arrive.");
            co_return silence();
        }
        if (was_empty)
            deadline_ = std::chrono::steady_clock::now() + options_.header_timeout;
    }
}

asio::awaitable<std::expected<std::string, Refusal>> HttpStream::read_body(Framing framing)
{
    auto const begun = std::chrono::steady_clock::now();
    auto const length = static_cast<std::size_t>(framing.content_length);
    if (framing.expects_continue && buffer_.size() < length) {
        auto inviting = write("HTTP/1.1 100 Continue\r\n\r\n", nullptr);
        if (!co_await std::move(inviting))
            co_return silence();
    }
    while (buffer_.size() < length) {
        deadline_ = begun + options_.body_timeout + earned_by(buffer_.size());
        auto reading = read_more(std::min(length - buffer_.size(), 8 * read_size));
        if (co_await std::move(reading))
            continue;
        if (timed_out_)
            co_return no(408, "The body took too long to arrive.");
        co_return silence();
    }
    deadline_ = never;
    auto body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    co_return body;
}

asio::awaitable<bool> HttpStream::write(std::string head, std::shared_ptr<std::string const> body)
{
    timed_out_ = false;
    std::array left = {asio::const_buffer(asio::buffer(head)),
                       body ? asio::buffer(*body) : asio::const_buffer()};
    while (left[0].size() + left[1].size() > 0) {
        error_code failed;
        auto const size = socket_.write_some(left, failed);
        if (failed == asio::error::would_block && !timed_out_) {
            deadline_ = std::chrono::steady_clock::now() + options_.body_timeout;
            auto waiting = socket_.async_wait(Socket::wait_write, quietly);
            auto const [cancelled] = co_await std::move(waiting);
            if (cancelled)
                co_return false;
            continue;
        }
        if (failed)
            co_return false;
        auto const from_head = std::min(size, left[0].size());
        left[0] += from_head;
        left[1] += size - from_head;
    }
    deadline_ = never;
    co_return true;
}

asio::awaitable<void> HttpStream::linger()
{
    error_code failed;
    socket_.shutdown(Socket::shutdown_send, failed);
    timed_out_ = false;
    deadline_ = std::chrono::steady_clock::now() + linger_time;
    for (std::size_t drained = 0; !failed && drained < drain_limit; drained += buffer_.size()) {
        buffer_.clear();
        auto reading = read_more(8 * read_size);
        if (!co_await std::move(reading))
            break;
    }
    close();
}

void HttpStream::tick(Steady now)
{
    if (now < deadline_)
        return;
    deadline_ = never;
    timed_out_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void HttpStream::close()
{
    error_code ignored;
    socket_.close(ignored);
}

// Appends what has come, at least a byte; false when nothing more will come or the deadline has passed.
asio::awaitable<bool> HttpStream::read_more(std::size_t at_most)
{
    for (;;) {
        auto const before = buffer_.size();
        error_code failed;
        buffer_.resize(before + at_most);
        auto const size = socket_.read_some(asio::buffer(buffer_.data() + before, at_most), failed);
        buffer_.resize(before + size);
        if (!failed)
            co_return true;
        if (failed != asio::error::would_block || timed_out_)
            co_return false;
        if (buffer_.empty())
            std::string().swap(buffer_); // an idle connection holds no buffer
        auto waiting = socket_.async_wait(Socket::wait_read, quietly);
        auto const [cancelled] = co_await std::move(waiting);
        if (cancelled)
            co_return false;
    }
}

// The header block at the front of the buffer; empty while it has not come whole.
std::expected<std::string, Refusal> HttpStream::take_block()
{
    while (buffer_.starts_with(
        "\r\n")) // some clients end a body with a line break that does not count (RFC 9112, 2.2)
        buffer_.erase(0, 2);
    auto const end = buffer_.find("\r\n\r\n");
    auto const length = end == std::string::npos ? buffer_.size() : end + 4;
    if (length > options_.header_limit)
        return no(431, "The header block is too large.");
    for (auto at = buffer_.find('\n'); at < length; at = buffer_.find('\n', at + 1)) {
        if (at == 0 || buffer_[at - 1] != '\r')
            return no(400, "A line of the header block does not end with CR LF.");
    }
    if (end == std::string::npos)
        return std::string();
    auto block = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return block;
}

// A new connection must begin soon, one that has been answered may rest, one that has begun must go on.
void HttpStream::expect_block()
{
    auto const rests = !is_first_ && buffer_.empty();
    is_first_ = false;
    between_requests_ = true;
    timed_out_ = false;
    deadline_ = std::chrono::steady_clock::now() + (rests ? options_.idle_timeout : options_.header_timeout);
}

}
