// The way out of the house: an SMTP server, or one .eml file a mail in the data folder when there is none.
#pragma once

#include "base/clock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace kutsu::mail
{

// A mail as the way out needs it.
struct Parcel
{
    std::string from; // addresses as wire_address() writes them
    std::string to;
    std::string dedupe_key;
    Instant date;
    std::string bytes;
};

enum class Delivery
{
    sent = 1,
    postponed,   // not this mail, not now
    refused,     // not this mail, never
    unreachable, // nobody to talk to: no mail can go
    interrupted  // we are stopping
};

struct Outcome
{
    Delivery delivery = Delivery::sent;
    std::string reason; // for the operator
};

class Sender
{
public:
    virtual ~Sender() = default;
    // Blocks; one thread at a time.
    virtual Outcome send(Parcel const& parcel) = 0;
    // From another thread: what is under way ends within seconds, nothing new begins.
    virtual void interrupt() = 0;
};

struct SmtpServer
{
    std::string url; // for libcurl: scheme, host, port and the name we greet with
    std::string user;
    std::string password;
    bool implicit_tls = false;
    bool loopback = false;

    friend bool operator==(SmtpServer const&, SmtpServer const&) = default;
};

// "smtp://user:pass@host:port" or "smtps://…"; throws std::invalid_argument with a sentence for the operator.
SmtpServer parse_smtp_url(std::string const& url, std::string const& greeting_name);

// `timeout`: for one mail's delivery.
std::unique_ptr<Sender> make_smtp_sender(SmtpServer server,
                                         std::chrono::milliseconds timeout = std::chrono::seconds(30));
// Writes to `folder`, which is made when it is absent and is nobody else's business.
std::unique_ptr<Sender> make_folder_sender(std::filesystem::path folder);
// SMTP with a URL, else files.
std::unique_ptr<Sender> make_sender(std::string const& smtp_url, std::string const& greeting_name,
                                    std::filesystem::path const& folder,
                                    std::chrono::milliseconds timeout = std::chrono::seconds(30));

}
