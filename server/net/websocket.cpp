#include "net/websocket.h"

#include "base/log.h"
#include "net/encoding.h"
#include "net/metrics.h"
#include "net/watched_socket.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <deque>
#include <random>

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
constexpr std::size_t small_read = 1536, large_read = 16 * 1024;
constexpr std::size_t pause_backlog = 64 * 1024; // a peer that does not read is not read from either

std::atomic<int> open_sockets = 0;

void change_open_sockets(int by)
{
    gauge("kutsu_sockets", open_sockets += by);
}

class WebSocketSession final : public Session, public Peer
{
public:
    WebSocketSession(Thread& thread, Socket socket, Admission admission, Opening const& opening);
    ~WebSocketSession() override { change_open_sockets(-1); }

    void push(Frame frame) override { enqueue(std::move(frame), false); }
    void close(std::uint16_t code, std::string_view reason) override;
    asio::any_io_executor executor() override { return stream_.get_executor(); }
    std::size_t backlog() const override { return backlog_; }

    void tick(Steady now) override;
    void drain() override;
    void abort() override { beast_close_socket(stream_.next_layer()); }

    void accept(Opening const& opening);

private:
    struct Outgoing
    {
        Frame frame;
        bool binary;
    };

    std::shared_ptr<WebSocketSession> self() { return std::static_pointer_cast<WebSocketSession>(shared_from_this()); }
    void read();
    void on_read(error_code failed);
    void receive();
    void enqueue(Frame frame, bool binary);
    void write();
    void on_write(error_code failed);
    void send_close();
    void ping();
    void finish();
    bool is_overdue(Steady now) const;

    Admission admission_;
    websocket::stream<WatchedSocket, false> stream_; // without deflate
    beast::flat_buffer incoming_;
    std::deque<Outgoing> queue_; // the first is being written
    std::size_t backlog_ = 0;
    Dialogue dialogue_;
    websocket::close_reason farewell_;
    Steady close_by_;
    Steady pinged_ = Steady::min();
    bool is_echo_;
    bool open_ = false, reading_ = false, writing_ = false;
    bool closing_ = false, close_sent_ = false, finished_ = false;
};

WebSocketSession::WebSocketSession(Thread& thread, Socket socket, Admission admission, Opening const& opening)
    : Peer(thread), admission_(std::move(admission)), stream_(WatchedSocket(std::move(socket))),
      dialogue_(thread.core.rpc), close_by_(std::chrono::steady_clock::now() + handshake_time), is_echo_(opening.is_echo)
{
    handshake = opening.request;
    language = language_of(opening.request, thread.core.options.default_language);
    change_open_sockets(1);
}

void WebSocketSession::accept(Opening const& opening)
{
    websocket::request_type request;
    request.method_string(opening.head.method);
    request.target(opening.head.target);
    request.version(opening.head.version);
    for (auto const& [name, value] : opening.head.fields)
        request.insert(name, value);
    stream_.auto_fragment(false);
    stream_.read_message_max(thread_.core.options.message_limit);
    auto const id = opening.request.id;
    auto const subprotocol = opening.subprotocol;
    stream_.set_option(websocket::stream_base::decorator([id, subprotocol](websocket::response_type& response) {
        response.set("X-Request-Id", id);
        if (!subprotocol.empty())
            response.set(beast::http::field::sec_websocket_protocol, subprotocol);
    }));
    stream_.async_accept(request, [session = self()](error_code failed) {
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
    if (reading_ || finished_ || !open_ || (backlog_ > pause_backlog && !closing_))
        return;
    reading_ = true;
    auto const size = incoming_.size() > 0 ? large_read : small_read;
    stream_.async_read_some(incoming_, size, [session = self()](error_code failed, std::size_t) { session->on_read(failed); });
}

void WebSocketSession::on_read(error_code failed)
{
    reading_ = false;
    if (failed)
        return finish();
    if (closing_)
        incoming_.clear();
    else if (!is_echo_ && stream_.got_binary())
        close(not_text, "only text here");
    else if (stream_.is_message_done())
        receive();
    read();
}

void WebSocketSession::receive()
{
    auto const bytes = incoming_.cdata();
    std::string_view const text(static_cast<char const*>(bytes.data()), bytes.size());
    // The stream's own check lets a text pass whose empty last fragment leaves a code point unfinished.
    if (stream_.got_text() && !is_utf8(text))
        close(not_utf8, "not UTF-8");
    else if (is_echo_)
        enqueue(std::make_shared<std::string const>(text), stream_.got_binary());
    else
        dialogue_.receive(shared_from_this(), text);
    incoming_ = beast::flat_buffer(); // an idle socket holds no buffer
}

void WebSocketSession::enqueue(Frame frame, bool binary)
{
    if (closing_ || finished_)
        return;
    if (!queue_.empty() && backlog_ + frame->size() > thread_.core.options.send_queue_limit)
        return close(try_again_later, "too much is waiting to be read");
    backlog_ += frame->size();
    queue_.push_back({std::move(frame), binary});
    write();
}

void WebSocketSession::write()
{
    if (writing_ || finished_ || !open_ || queue_.empty())
        return;
    writing_ = true;
    stream_.next_layer().has_written(); // the stall is counted from here
    stream_.binary(queue_.front().binary);
    stream_.async_write(asio::buffer(*queue_.front().frame),
                        [session = self()](error_code failed, std::size_t) { session->on_write(failed); });
}

void WebSocketSession::on_write(error_code failed)
{
    writing_ = false;
    if (failed) {
        // After a Close the stream refuses to write, and the reader is the one to finish.
        queue_.clear();
        backlog_ = 0;
        return;
    }
    backlog_ -= queue_.front().frame->size();
    queue_.pop_front();
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
    if (code == try_again_later && queue_.size() > 1)
        queue_.erase(queue_.begin() + 1, queue_.end());
    if (open_ && queue_.empty())
        send_close();
}

void WebSocketSession::send_close()
{
    if (std::exchange(close_sent_, true))
        return;
    stream_.async_close(farewell_, [session = self()](error_code) { session->finish(); });
}

// Silent for half the time allowed: asked, once, whether it is still there.
void WebSocketSession::ping()
{
    pinged_ = std::chrono::steady_clock::now();
    stream_.async_ping({}, [session = self()](error_code) {});
}

void WebSocketSession::tick(Steady now)
{
    if (getenv("DBG")) fprintf(stderr,"ws %p fin %d open %d reading %d writing %d closing %d sent %d queue %zu backlog %zu sockopen %d echo %d leaving %d inside %d isopen %d\n",(void*)this,finished_,open_,reading_,writing_,closing_,close_sent_,queue_.size(),backlog_,stream_.next_layer().socket.is_open(),is_echo_,stream_.next_layer().leaving_since!=Steady::max(),stream_.next_layer().inside_since!=Steady::max(),stream_.is_open());
    if (finished_)
        return;
    if (is_overdue(now))
        return abort();
    auto const heard = stream_.next_layer().heard;
    auto const silent = now - heard > thread_.core.options.idle_timeout / 2;
    if (open_ && !closing_ && !writing_ && silent && pinged_ < heard)
        ping();
}

bool WebSocketSession::is_overdue(Steady now) const
{
    auto const& options = thread_.core.options;
    auto const& socket = stream_.next_layer();
    auto const stall = std::min(longest_stall, options.body_timeout);
    auto const over = [&](Steady since, auto allowed) { return since != Steady::max() && now - since > allowed; };
    return now > close_by_ || over(socket.leaving_since, close_time) || over(socket.inside_since, stall) ||
           (writing_ && over(socket.wrote, stall)) || (open_ && over(socket.heard, options.idle_timeout));
}

void WebSocketSession::drain()
{
    static thread_local std::minstd_rand numbers{std::random_device{}()};
    auto const wait = 1000 + std::uniform_int_distribution<int>(0, 2000)(numbers);
    if (!is_echo_)
        push(notification("server.closing", boost::json::object{{"retry_after_ms", wait}}));
    close(going_away, "the server is stopping");
}

// Once, when nothing more will be read. What rooms remember goes too: it may hold this session.
void WebSocketSession::finish()
{
    if (std::exchange(finished_, true))
        return;
    abort();
    queue_.clear();
    backlog_ = 0;
    log(LogLevel::debug, "socket closed", {{"request", handshake.id}});
    auto const callbacks = std::exchange(on_closed, {});
    for (auto const& callback : callbacks) {
        try {
            callback();
        } catch (...) {
            note_escape(std::current_exception());
        }
    }
    state.clear();
}

}

void open_websocket(Thread& thread, Socket socket, Admission admission, Opening opening)
{
    auto const session = std::make_shared<WebSocketSession>(thread, std::move(socket), std::move(admission), opening);
    session->accept(opening);
}

}
