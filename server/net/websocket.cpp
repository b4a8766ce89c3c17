#include "net/websocket.h"

#include "base/log.h"
#include "net/encoding.h"
#include "net/outbox.h"
#include "net/watched_socket.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace kutsu::net
{

namespace
{

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using error_code = boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::uint16_t going_away = 1001, not_text = 1003, not_utf8 = 1007, try_again_later = 1013;
constexpr auto close_time = 2s;
constexpr auto handshake_time = 5s;
constexpr std::chrono::milliseconds longest_stall = 15s; // of a message that arrives, of a write that waits
constexpr int patient_ticks = 3;                         // after a socket was closed under the stream
constexpr std::size_t small_read = 1536, large_read = 16 * 1024;
constexpr std::size_t pause_backlog = 64 * 1024; // a peer that does not read is not read from either

bool is_over(Steady now, Steady since, std::chrono::milliseconds allowed)
{
    return since != Steady::max() && now - since > allowed;
}

class WebSocketSession final : public Session, public Peer
{
public:
    WebSocketSession(Thread& thread, Socket socket, Admission admission, Opening const& opening);

    void push(Frame frame) override { enqueue(std::move(frame), false); }
    void close(std::uint16_t code, std::string_view reason) override;
    asio::any_io_executor executor() override { return thread_.io.get_executor(); }
    std::size_t backlog() const override { return outbox_.bytes(); }

    void tick(Steady now) override;
    void drain() override;
    void abort() override;

    void accept(Opening const& opening);

private:
    std::shared_ptr<WebSocketSession> self()
    {
        return std::static_pointer_cast<WebSocketSession>(shared_from_this());
    }
    void read();
    void on_read(error_code failed);
    void receive();
    void enqueue(Frame frame, bool binary);
    void write();
    void on_write(error_code failed);
    void send_close();
    void ping();
    void finish();
    void let_go();
    bool is_overdue(Steady now) const;

    std::optional<SocketPlace> place_; // until finish(): rooms may hold a session for longer
    std::optional<websocket::stream<WatchedSocket, false>> stream_; // without deflate; empty after let_go()
    beast::flat_buffer incoming_;
    Outbox outbox_;
    Dialogue dialogue_;
    websocket::close_reason farewell_;
    Steady close_by_;
    Steady pinged_ = Steady::min();
    int ticks_since_abort_ = 0;
    bool is_echo_;
    bool open_ = false, reading_ = false, writing_ = false;
    bool closing_ = false, close_sent_ = false, finished_ = false;
};

WebSocketSession::WebSocketSession(Thread& thread, Socket socket, Admission admission, Opening const& opening)
    : Peer(thread), place_(std::in_place, std::move(admission)), stream_(std::in_place, std::move(socket)),
      dialogue_(thread.core.rpc), close_by_(std::chrono::steady_clock::now() + handshake_time),
      is_echo_(opening.is_echo)
{
    handshake = opening.request;
    language = language_of(opening.request, thread.core.options.default_language);
}

void WebSocketSession::accept(Opening const& opening)
{
    websocket::request_type request;
    request.method_string(opening.head.method);
    request.target(opening.head.target);
    request.version(opening.head.version);
    for (auto const& [name, value] : opening.head.fields)
        request.insert(name, value);
    stream_->auto_fragment(false);
    stream_->read_message_max(thread_.core.options.message_limit);
    auto const id = opening.request.id;
    auto const subprotocol = opening.subprotocol;
    stream_->set_option(
        websocket::stream_base::decorator([id, subprotocol](websocket::response_type& response) {
            response.set("X-Request-Id", id);
            if (!subprotocol.empty())
                response.set(beast::http::field::sec_websocket_protocol, subprotocol);
        }));
    stream_->async_accept(request, [session = self()](error_code failed) {
        if (failed)
            return session->finish();
        session->open_ = true;
        session->close_by_ = Steady::max();
        if (session->closing_)
            session->send_close();
        session->write();
        session->read();
    });
}

void WebSocketSession::read()
{
    if (reading_ || finished_ || !open_ || !stream_ || (outbox_.bytes() > pause_backlog && !closing_))
        return;
    reading_ = true;
    auto const size = incoming_.size() > 0 ? large_read : small_read;
    stream_->async_read_some(
        incoming_, size, [session = self()](error_code failed, std::size_t) { session->on_read(failed); });
}

void WebSocketSession::on_read(error_code failed)
{
    reading_ = false;
    if (failed)
        return finish();
    if (closing_)
        incoming_.clear();
    else if (!is_echo_ && stream_->got_binary())
        close(not_text, "only text here");
    else if (stream_->is_message_done())
        receive();
    read();
}

void WebSocketSession::receive()
{
    auto const bytes = incoming_.cdata();
    std::string_view const text(static_cast<char const*>(bytes.data()), bytes.size());
    // The stream's own check lets a text pass whose empty last fragment leaves a code point unfinished.
    if (stream_->got_text() && !is_utf8(text))
        close(not_utf8, "not UTF-8");
    else if (is_echo_)
        enqueue(std::make_shared<std::string const>(text), stream_->got_binary());
    else
        dialogue_.receive(shared_from_this(), text);
    incoming_ = beast::flat_buffer(); // an idle socket holds no buffer
}

void WebSocketSession::enqueue(Frame frame, bool binary)
{
    if (closing_ || finished_)
        return;
    if (!outbox_.push({std::move(frame), binary}, thread_.core.options.send_queue_limit))
        return close(try_again_later, "too much is waiting to be read");
    write();
}

void WebSocketSession::write()
{
    if (writing_ || finished_ || !open_ || outbox_.empty())
        return;
    writing_ = true;
    stream_->next_layer().has_written();          // the stall is counted from here
    auto const [frame, binary] = outbox_.front(); // kept alive by the handler, whatever happens to the outbox
    stream_->binary(binary);
    stream_->async_write(
        asio::buffer(*frame),
        [session = self(), kept = frame](error_code failed, std::size_t) { session->on_write(failed); });
}

void WebSocketSession::on_write(error_code failed)
{
    writing_ = false;
    if (failed || finished_) {
        outbox_.clear();
        return reading_ ? void() : finish(); // otherwise the reader, who will learn it too, finishes
    }
    outbox_.pop();
    write();
    if (closing_ && !writing_)
        send_close();
    read();
}

void WebSocketSession::close(std::uint16_t code, std::string_view reason)
{
    if (closing_ || finished_)
        return;
    closing_ = true;
    reason = reason.substr(0, 120);
    farewell_ = {static_cast<websocket::close_code>(code), beast::string_view(reason.data(), reason.size())};
    close_by_ = std::chrono::steady_clock::now() + close_time;
    if (code == try_again_later)
        outbox_.keep_first();
    if (open_ && outbox_.empty())
        send_close();
}

void WebSocketSession::send_close()
{
    if (std::exchange(close_sent_, true))
        return;
    stream_->async_close(farewell_, [session = self()](error_code) { session->finish(); });
}

// Silent for half the time allowed: asked, once, whether it is still there.
void WebSocketSession::ping()
{
    pinged_ = std::chrono::steady_clock::now();
    stream_->async_ping({}, [session = self()](error_code) {});
}

void WebSocketSession::tick(Steady now)
{
    if (finished_ || ticks_since_abort_ > 0 || is_overdue(now)) {
        abort();
        if (++ticks_since_abort_ > patient_ticks)
            asio::post(thread_.io, [session = self()] { session->let_go(); });
        return;
    }
    auto const heard = stream_->next_layer().heard;
    auto const silent = now - heard > thread_.core.options.idle_timeout / 2;
    if (open_ && !closing_ && !writing_ && silent && pinged_ < heard)
        ping();
}

bool WebSocketSession::is_overdue(Steady now) const
{
    auto const& options = thread_.core.options;
    auto const& socket = stream_->next_layer();
    auto const stall = std::min(longest_stall, options.body_timeout);
    return now > close_by_ || is_over(now, socket.leaving_since, close_time) ||
           is_over(now, socket.inside_since, stall) || (writing_ && is_over(now, socket.wrote, stall)) ||
           (open_ && is_over(now, socket.heard, options.idle_timeout));
}

void WebSocketSession::drain()
{
    if (!is_echo_)
        push(closing_notice());
    close(going_away, "the server is stopping");
}

void WebSocketSession::abort()
{
    if (stream_)
        beast_close_socket(stream_->next_layer());
}

// The stream can lock itself up: when a frame is malformed while our Close waits to read, the reader waits
// for the right to write, which the closer has, and the closer for the right to read. Their handlers then
// keep this session for ever. Destroying the stream destroys them; by now nothing else of it is under way.
void WebSocketSession::let_go()
{
    stream_.reset();
    finish();
}

// Once, when nothing more will be read.
void WebSocketSession::finish()
{
    if (std::exchange(finished_, true))
        return;
    abort();
    place_.reset();
    outbox_.clear();
    log(LogLevel::debug, "socket closed", {{"request", handshake.id}});
    end(*this);
}

}

void open_websocket(Thread& thread, Socket socket, Admission admission, Opening opening)
{
    auto const session =
        std::make_shared<WebSocketSession>(thread, std::move(socket), std::move(admission), opening);
    session->accept(opening);
}

}
