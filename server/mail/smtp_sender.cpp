#include "mail/sender.h"

#include <boost/url.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace kutsu::mail
{
namespace
{

using Clock = std::chrono::steady_clock;

// Which command the server has to answer: its refusals mean different things.
enum class Phase
{
    greeting = 1,
    sender,
    recipient,
    contents
};

struct Progress
{
    std::string_view unread;
    Phase phase = Phase::greeting;
    std::atomic<bool> const* interrupted = nullptr;
    std::optional<Clock::time_point> interrupted_at;
};

std::size_t read_contents(char* buffer, std::size_t size, std::size_t count, void* data)
{
    auto& progress = *static_cast<Progress*>(data);
    auto const length = std::min(size * count, progress.unread.size());
    std::memcpy(buffer, progress.unread.data(), length);
    progress.unread.remove_prefix(length);
    return length;
}

int watch_commands(CURL*, curl_infotype type, char* text, std::size_t size, void* data)
{
    auto& phase = static_cast<Progress*>(data)->phase;
    std::string_view const command(text, size);
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    if (command.starts_with("MAIL FROM"))
        phase = Phase::sender;
    else if (command.starts_with("RCPT TO"))
        phase = Phase::recipient;
    else if (command.starts_with("DATA"))
        phase = Phase::contents;
    return 0;
}

// A mail under way gets three seconds: cut off after its contents, it would be sent twice.
int watch_time(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    auto& progress = *static_cast<Progress*>(data);
    if (!*progress.interrupted)
        return 0;
    if (!progress.interrupted_at)
        progress.interrupted_at = Clock::now();
    if (progress.phase == Phase::greeting)
        return 1;
    return Clock::now() - *progress.interrupted_at > std::chrono::seconds(3) ? 1 : 0;
}

Outcome outcome_of(CURLcode code, long answer, Phase phase, std::string reason)
{
    if (code == CURLE_OK)
        return {};
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return {Delivery::interrupted, {}};
    // Nothing was about this mail yet: the server says nothing, hangs up or closes (421).
    bool const unasked = phase == Phase::sender && (answer < 400 || answer == 421);
    if (phase == Phase::greeting || unasked)
        return {Delivery::unreachable, std::move(reason)};
    // A refused sender is our own configuration: no reason to give up anybody's mail.
    bool const permanent = answer >= 500 && answer < 600 && phase != Phase::sender;
    return {permanent ? Delivery::refused : Delivery::postponed, std::move(reason)};
}

class SmtpSender : public Sender
{
public:
    SmtpSender(SmtpServer server, std::chrono::milliseconds timeout)
        : server_(std::move(server)), timeout_(timeout)
    {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        curl_.reset(curl_easy_init());
        if (!curl_)
            throw std::runtime_error("libcurl could not be initialised");
    }

    Outcome send(Parcel const& parcel) override
    {
        if (interrupted_)
            return {Delivery::interrupted, {}};
        Progress progress{parcel.bytes, Phase::greeting, &interrupted_, {}};
        Recipients const recipients(curl_slist_append(nullptr, fmt::format("<{}>", parcel.to).c_str()));
        auto const from = fmt::format("<{}>", parcel.from);
        curl_easy_reset(curl_.get()); // keeps the connection
        std::array<char, CURL_ERROR_SIZE> error{};
        set_server(error.data());
        set_mail(progress, from, recipients.get());

        auto const code = curl_easy_perform(curl_.get());
        long answer = 0;
        curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &answer);
        auto const words = error[0] ? std::string(error.data()) : std::string(curl_easy_strerror(code));
        return outcome_of(code, answer, progress.phase, fmt::format("{} (answer {})", words, answer));
    }

    void interrupt() override { interrupted_ = true; }

private:
    struct Free
    {
        void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    using Recipients = std::unique_ptr<curl_slist, Free>;

    template <class Value>
    void set(CURLoption option, Value value)
    {
        if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK)
            throw std::logic_error("libcurl refused an option");
    }

    void set_server(char* error)
    {
        set(CURLOPT_URL, server_.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_ERRORBUFFER, error);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
        if (!server_.user.empty()) {
            set(CURLOPT_USERNAME, server_.user.c_str());
            set(CURLOPT_PASSWORD, server_.password.c_str());
        }
        // A password leaves this machine only encrypted; a server beside us needs no certificate.
        if (!server_.implicit_tls && !server_.loopback)
            set(CURLOPT_USE_SSL, static_cast<long>(server_.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    }

    void set_mail(Progress& progress, std::string const& from, curl_slist* recipients)
    {
        set(CURLOPT_MAIL_FROM, from.c_str());
        set(CURLOPT_MAIL_RCPT, recipients);
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &read_contents);
        set(CURLOPT_READDATA, &progress);
        set(CURLOPT_VERBOSE, 1L);
        set(CURLOPT_DEBUGFUNCTION, &watch_commands);
        set(CURLOPT_DEBUGDATA, &progress);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &watch_time);
        set(CURLOPT_XFERINFODATA, &progress);
    }

    SmtpServer server_;
    std::chrono::milliseconds timeout_;
    std::unique_ptr<CURL, Free> curl_;
    std::atomic<bool> interrupted_ = false;
};

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

}

SmtpServer parse_smtp_url(std::string const& url, std::string const& greeting_name)
{
    auto const parsed = boost::urls::parse_uri(url);
    bool const fine = parsed && (parsed->scheme() == "smtp" || parsed->scheme() == "smtps") &&
                      !parsed->host().empty() &&
                      (parsed->encoded_path().empty() || parsed->encoded_path() == "/");
    if (!fine)
        throw std::invalid_argument(
            "the SMTP address must look like smtp://user:password@host:587 or smtps://host:465");
    bool const implicit = parsed->scheme() == "smtps";
    auto const host = std::string(parsed->encoded_host());
    // Submission with an account, plain relaying without.
    auto const usual_port = implicit ? "465" : parsed->has_userinfo() ? "587" : "25";
    auto const port = parsed->has_port() ? std::string(parsed->port()) : usual_port;
    SmtpServer server;
    server.url = fmt::format("{}://{}:{}/{}", std::string(parsed->scheme()), host, port, greeting_name);
    server.user = parsed->user();
    server.password = parsed->password();
    server.implicit_tls = implicit;
    server.loopback = is_loopback(host);
    return server;
}

std::unique_ptr<Sender> make_smtp_sender(SmtpServer server, std::chrono::milliseconds timeout)
{
    return std::make_unique<SmtpSender>(std::move(server), timeout);
}

}
