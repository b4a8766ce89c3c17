#include "base/local_time.h"
#include "base/secret.h"
#include "mail/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>

namespace kutsu::mail
{
namespace
{

namespace fs = std::filesystem;

bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// "20270503T060000.000Z-confirmed-….eml": in order of time, and the same for the same mail.
std::string file_name(Parcel const& parcel)
{
    auto stamp = format_utc(parcel.date);
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
    auto const milliseconds = (to_ms(parcel.date) % 1000 + 1000) % 1000;
    auto key = parcel.dedupe_key.substr(0, 100);
    std::ranges::replace_if(key, [](char c) { return !is_safe(c); }, '-');
    auto const mark =
        key == parcel.dedupe_key ? std::string() : "-" + to_hex(sha256(parcel.dedupe_key)).substr(0, 12);
    return fmt::format("{}.{:03}Z-{}{}.eml", stamp, milliseconds, key, mark);
}

class FolderSender : public Sender
{
public:
    explicit FolderSender(fs::path folder) : folder_(std::move(folder)) {}

    Outcome send(Parcel const& parcel) override
    {
        if (interrupted_)
            return {Delivery::interrupted, {}};
        try {
            write(parcel);
            return {};
        } catch (fs::filesystem_error const& error) {
            return {Delivery::unreachable, error.code().message()};
        }
    }

    void interrupt() override { interrupted_ = true; }

private:
    // Only whole files have the name; one that is there already is this mail.
    void write(Parcel const& parcel)
    {
        fs::create_directories(folder_);
        fs::permissions(folder_, fs::perms::owner_all);
        auto const target = folder_ / file_name(parcel);
        if (fs::exists(target))
            return;
        auto const draft = folder_ / (".draft-" + file_name(parcel));
        std::ofstream file(draft, std::ios::binary | std::ios::trunc);
        file << parcel.bytes;
        file.close();
        if (!file)
            throw fs::filesystem_error("mail file", std::make_error_code(std::errc::io_error));
        fs::permissions(draft, fs::perms::owner_read | fs::perms::owner_write);
        fs::rename(draft, target);
    }

    fs::path folder_;
    std::atomic<bool> interrupted_ = false;
};

}

std::unique_ptr<Sender> make_folder_sender(fs::path folder)
{
    return std::make_unique<FolderSender>(std::move(folder));
}

std::unique_ptr<Sender> make_sender(std::string const& smtp_url, std::string const& greeting_name,
                                    fs::path const& folder, std::chrono::milliseconds timeout)
{
    if (smtp_url.empty())
        return make_folder_sender(folder);
    return make_smtp_sender(parse_smtp_url(smtp_url, greeting_name), timeout);
}

}
