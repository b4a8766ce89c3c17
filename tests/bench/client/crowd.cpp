#include "client/crowd.h"

#include "client/frame.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace kutsu::bench
{
namespace
{

constexpr std::size_t sends_in_a_row = 32; // then answers are looked at, or their times would be wrong
constexpr int events_at_a_time = 256;

class Crowd
{
public:
    Crowd(std::vector<int> const& sockets, std::vector<Request> const& requests)
        : sockets_(sockets), requests_(requests), peers_(sockets.size()),
          epoll_(::epoll_create1(EPOLL_CLOEXEC))
    {
        if (epoll_ < 0)
            throw std::system_error(errno, std::generic_category(), "epoll_create1");
        for (std::size_t i = 0; i < sockets.size(); ++i)
            watch(i, EPOLL_CTL_ADD, EPOLLIN);
        course_.sent_at.assign(requests.size(), -1);
        course_.received.reserve(requests.size());
    }

    ~Crowd() { ::close(epoll_); }
    Crowd(Crowd const&) = delete;
    Crowd& operator=(Crowd const&) = delete;

    Course run(Nanoseconds patience)
    {
        auto const cpu = thread_cpu();
        began_ = now();
        last_sign_ = 0;
        while (course_.received.size() + lost_ < requests_.size() && elapsed() - last_sign_ < patience) {
            send_due();
            receive();
        }
        course_.wall = course_.received.empty() ? elapsed() : course_.received.back().at;
        course_.cpu = thread_cpu() - cpu;
        return std::move(course_);
    }

private:
    struct Peer
    {
        std::string unsent;
        std::string unread; // the beginning of a frame
        std::size_t waiting = 0;
        bool closed = false;
    };

    Nanoseconds elapsed() const { return now() - began_; }

    void watch(std::size_t index, int operation, std::uint32_t events)
    {
        epoll_event event{};
        event.events = events;
        event.data.u64 = index;
        if (::epoll_ctl(epoll_, operation, sockets_[index], &event) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    void send_due()
    {
        auto time = elapsed();
        for (std::size_t i = 0; i < sends_in_a_row && next_ < requests_.size(); ++i) {
            if (requests_[next_].due > time)
                return;
            send(next_++, time);
            time = elapsed();
        }
    }

    void send(std::size_t number, Nanoseconds time)
    {
        auto const& request = requests_[number];
        auto& peer = peers_[request.socket];
        if (peer.closed) {
            ++lost_;
            return;
        }
        course_.sent_at[number] = last_sign_ = time;
        ++peer.waiting;
        if (!peer.unsent.empty()) {
            peer.unsent += request.frame;
            return;
        }
        auto const sent = push(request.socket, request.frame);
        if (sent < request.frame.size()) {
            peer.unsent = request.frame.substr(sent);
            watch(request.socket, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
        }
    }

    std::size_t push(std::size_t index, std::string_view bytes)
    {
        auto const sent = ::send(sockets_[index], bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    void send_rest(std::size_t index)
    {
        auto& peer = peers_[index];
        peer.unsent.erase(0, push(index, peer.unsent));
        if (peer.unsent.empty())
            watch(index, EPOLL_CTL_MOD, EPOLLIN);
    }

    // Sleeps until something arrives or the next request is due; does not spin.
    void receive()
    {
        std::array<epoll_event, events_at_a_time> events{};
        timespec wait{0, 100'000'000};
        if (next_ < requests_.size()) {
            auto const left = std::clamp<Nanoseconds>(requests_[next_].due - elapsed(), 0, wait.tv_nsec);
            wait.tv_nsec = left;
        }
        int const count = ::epoll_pwait2(epoll_, events.data(), events_at_a_time, &wait, nullptr);
        for (int i = 0; i < count; ++i) {
            auto const& event = events[static_cast<std::size_t>(i)];
            if ((event.events & EPOLLOUT) != 0)
                send_rest(event.data.u64);
            if ((event.events & ~std::uint32_t(EPOLLOUT)) != 0)
                read(event.data.u64);
        }
    }

    void read(std::size_t index)
    {
        auto& peer = peers_[index];
        auto const got = ::recv(sockets_[index], buffer_.data(), buffer_.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0)
            return close(index);
        std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
        if (!peer.unread.empty()) {
            peer.unread += bytes;
            std::string const joined = std::move(peer.unread);
            take_frames(index, joined);
        } else
            take_frames(index, bytes);
    }

    void take_frames(std::size_t index, std::string_view bytes)
    {
        auto& peer = peers_[index];
        last_sign_ = elapsed();
        for (Frame frame; take_frame(bytes, frame);) {
            if (frame.opcode == opcode_close)
                return close(index);
            if (frame.opcode != opcode_text)
                continue;
            if (peer.waiting > 0)
                --peer.waiting;
            course_.received.push_back({index, last_sign_, std::string(frame.payload)});
        }
        peer.unread = bytes;
    }

    void close(std::size_t index)
    {
        auto& peer = peers_[index];
        if (peer.closed)
            return;
        peer.closed = true;
        lost_ += peer.waiting;
        ++course_.closed_early;
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, sockets_[index], nullptr);
    }

    std::vector<int> const& sockets_;
    std::vector<Request> const& requests_;
    std::vector<Peer> peers_;
    int epoll_;
    Course course_;
    Nanoseconds began_ = 0;
    Nanoseconds last_sign_ = 0;
    std::size_t next_ = 0;
    std::size_t lost_ = 0; // requests whose answer cannot come any more
    std::array<char, 65536> buffer_{};
};

}

Course run_crowd(std::vector<int> const& sockets, std::vector<Request> const& requests, Nanoseconds patience)
{
    auto const crowd = std::make_unique<Crowd>(sockets, requests);
    return crowd->run(patience);
}

}
