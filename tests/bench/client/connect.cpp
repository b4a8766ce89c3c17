#include "client/connect.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace kutsu::bench
{
namespace
{

constexpr std::size_t at_a_time = 200; // far below any listen backlog
constexpr int patience_seconds = 20;

[[noreturn]] void fail(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

int begin(std::uint16_t port)
{
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        fail("socket");
    timeval const patience{patience_seconds, 0};
    int const yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        fail("connect");
    auto const request =
        "GET /live HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
        "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: a3V0c3UtYmVuY2gta2V5IQ==\r\nSec-WebSocket-Protocol: kutsu.v1\r\n\r\n";
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        fail("send");
    return socket;
}

// Nothing follows the answer: the server speaks only when asked.
void finish(int socket)
{
    std::string answer;
    std::array<char, 2048> part{};
    while (!answer.contains("\r\n\r\n")) {
        auto const got = ::recv(socket, part.data(), part.size(), 0);
        if (got <= 0)
            throw std::runtime_error("the server closed or fell silent during the upgrade: " + answer);
        answer.append(part.data(), static_cast<std::size_t>(got));
    }
    if (!answer.starts_with("HTTP/1.1 101 "))
        throw std::runtime_error("no upgrade: " + answer);
    if (::fcntl(socket, F_SETFL, O_NONBLOCK) != 0)
        fail("fcntl");
}

}

std::vector<int> open_sockets(std::size_t count, std::vector<std::uint16_t> const& ports)
{
    std::vector<int> sockets;
    sockets.reserve(count);
    while (sockets.size() < count) {
        auto const first = sockets.size();
        for (auto i = first; i < std::min(count, first + at_a_time); ++i)
            sockets.push_back(begin(ports[i % ports.size()]));
        for (auto i = first; i < sockets.size(); ++i)
            finish(sockets[i]);
    }
    return sockets;
}

void close_sockets(std::vector<int> const& sockets)
{
    linger const at_once{1, 0};
    for (int const socket : sockets) {
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(socket);
    }
}

void raise_descriptor_limit(std::size_t needed)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("setrlimit");
    if (limit.rlim_cur < needed)
        throw std::runtime_error("this machine allows " + std::to_string(limit.rlim_cur) +
                                 " open files a process and " + std::to_string(needed) +
                                 " are needed: raise the hard limit (ulimit -Hn)");
}

}
