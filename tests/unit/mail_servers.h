// Mail servers for tests: a real one (aiosmtpd in a process of its own) and one that answers as it is told.
#pragma once

#include "test_database.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace kutsu::test
{

using Tcp = boost::asio::ip::tcp;

inline unsigned short free_port()
{
    boost::asio::io_context io;
    return Tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

// Keeps each mail as one file of a Maildir.
class MailServer
{
public:
    MailServer() : MailServer(free_port()) {}
    explicit MailServer(unsigned short port) : port_(port) { start(); }
    ~MailServer() { stop(); }

    std::string url() const { return fmt::format("smtp://127.0.0.1:{}", port_); }

    void start()
    {
        auto const listen = fmt::format("127.0.0.1:{}", port_);
        auto const box = (folder_.path() / "box").string();
        process_ = ::fork();
        if (process_ == 0) {
            ::execl("/usr/bin/python3", "python3", "-m", "aiosmtpd", "-n", "-u", "-l", listen.c_str(), "-c",
                    "aiosmtpd.handlers.Mailbox", box.c_str(), nullptr);
            ::_exit(127);
        }
        if (!eventually([&] { return answers(); }))
            throw std::runtime_error("the mail server did not start");
    }

    void stop()
    {
        if (process_ <= 0)
            return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }

    // In the order of their arrival.
    std::vector<std::string> mails() const
    {
        std::vector<std::filesystem::path> files;
        auto const folder = folder_.path() / "box" / "new";
        if (std::filesystem::exists(folder)) {
            for (auto const& file : std::filesystem::directory_iterator(folder))
                files.push_back(file.path());
        }
        std::ranges::sort(files, {}, [](auto const& file) { return std::filesystem::last_write_time(file); });
        std::vector<std::string> texts;
        for (auto const& file : files) {
            std::ostringstream text;
            text << std::ifstream(file, std::ios::binary).rdbuf();
            texts.push_back(text.str());
        }
        return texts;
    }

private:
    bool answers() const
    {
        boost::asio::io_context io;
        Tcp::socket socket(io);
        boost::system::error_code error;
        socket.connect({boost::asio::ip::address_v4::loopback(), port_}, error);
        return !error;
    }

    TemporaryFolder folder_;
    unsigned short port_;
    pid_t process_ = 0;
};

// Answers each command with what the script says for it ("greeting", "MAIL", "RCPT", "DATA", "contents";
// "hang up" closes the connection), else as a server should. One connection at a time.
class ScriptedServer
{
public:
    explicit ScriptedServer(std::map<std::string, std::string> answers)
        : answers_(std::move(answers)), acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          thread_([this] { serve(); })
    {}
    ~ScriptedServer()
    {
        stopping_ = true;
        boost::asio::io_context io;
        Tcp::socket knock(io);
        boost::system::error_code error;
        knock.connect(acceptor_.local_endpoint(), error);
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
    }

    std::string url() const { return fmt::format("smtp://127.0.0.1:{}", acceptor_.local_endpoint().port()); }
    // Everything clients said, commands and contents.
    std::string heard() const
    {
        std::scoped_lock const lock(mutex_);
        return heard_;
    }

private:
    std::string answer(std::string const& command, std::string usual) const
    {
        auto const found = answers_.find(command);
        return found == answers_.end() ? usual : found->second;
    }

    void serve()
    {
        while (!stopping_) {
            Tcp::socket socket(io_);
            boost::system::error_code error;
            acceptor_.accept(socket, error);
            if (error || stopping_)
                return;
            socket_ = socket.native_handle();
            try {
                talk(socket);
            } catch (std::exception const&) {
                // The client has gone or was told to.
            }
            socket_ = -1;
        }
    }

    void talk(Tcp::socket& socket)
    {
        std::string buffer;
        say(socket, answer("greeting", "220 test"));
        while (true) {
            auto const command = read(socket, buffer, "\r\n");
            auto const verb = command.substr(0, 4);
            if (verb == "EHLO")
                say(socket, "250-test\r\n250-AUTH PLAIN\r\n250 SMTPUTF8");
            else if (verb == "AUTH") {
                say(socket, "334 ");
                read(socket, buffer, "\r\n");
                say(socket, answer(verb, "235 come in"));
            } else if (verb == "DATA") {
                auto const reply = answer("DATA", "354 go on");
                say(socket, reply);
                if (!reply.starts_with("354"))
                    continue;
                read(socket, buffer, "\r\n.\r\n");
                say(socket, answer("contents", "250 taken"));
            } else
                say(socket, verb == "QUIT" ? "221 bye" : answer(verb, "250 fine"));
        }
    }

    void say(Tcp::socket& socket, std::string const& words)
    {
        if (words == "hang up")
            throw std::runtime_error("hung up");
        boost::asio::write(socket, boost::asio::buffer(words + "\r\n"));
    }

    std::string read(Tcp::socket& socket, std::string& buffer, std::string_view end)
    {
        auto const length = boost::asio::read_until(socket, boost::asio::dynamic_buffer(buffer), end);
        auto text = buffer.substr(0, length);
        buffer.erase(0, length);
        std::scoped_lock const lock(mutex_);
        heard_ += text;
        return text;
    }

    std::map<std::string, std::string> answers_;
    boost::asio::io_context io_;
    Tcp::acceptor acceptor_;
    mutable std::mutex mutex_;
    std::string heard_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> socket_ = -1;
    std::thread thread_;
};

}
