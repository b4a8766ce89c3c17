#include "app/installation.h"

#include "base/local_time.h"
#include "base/log.h"
#include "db/migrations.h"
#include "db/raw.h"

#include <boost/json.hpp>
#include <boost/url.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace kutsu::app
{
namespace
{

void make_data_folder(std::filesystem::path const& data)
{
    std::error_code failed;
    std::filesystem::create_directories(data, failed);
    if (failed)
        throw ConfigurationError(
            fmt::format("{}: the data folder cannot be made ({}). Choose another one with --data.",
                        data.string(), failed.message()));
}

Key key_of(std::string_view bytes)
{
    Key key{};
    if (bytes.size() != key.size())
        throw std::runtime_error("a key has the wrong length");
    std::ranges::copy(bytes, reinterpret_cast<char*>(key.data()));
    return key;
}

std::string random_key()
{
    SystemRandom random;
    std::string bytes(32, '\0');
    random.fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    return bytes;
}

std::string bytes_of_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

}

DataLock::DataLock(std::filesystem::path const& data)
{
    make_data_folder(data);
    auto const path = data / "serve.lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0)
        throw ConfigurationError(
            fmt::format("{}: cannot be opened. Is the data folder writable?", path.string()));
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        ::close(file_);
        throw ConfigurationError(
            fmt::format("another kutsu serves the data folder {} already. Stop it, or choose "
                        "another folder with --data.",
                        data.string()));
    }
}

DataLock::~DataLock()
{
    ::close(file_);
}

std::unique_ptr<Clock> make_clock(Config const& config)
{
    if (!config.clock)
        return std::make_unique<SystemClock>();
    log_warn("the clock is shifted: for demonstrations and tests only",
             {{"start", format_utc(*config.clock)}});
    return std::make_unique<ShiftedClock>(*config.clock);
}

Installation::Installation(Config const& config, db::Tenancy tenancy)
    : data_(config.data), conninfo_(config.database_url)
{
    make_data_folder(data_);
    if (!conninfo_.empty())
        return;
    cluster_ = db::PrivateCluster::start(data_, [](std::string const& what) { log_info(what); }, tenancy);
    conninfo_ = cluster_->conninfo();
}

void Installation::migrate()
{
    auto const report = db::migrate(conninfo_);
    for (auto const& file : report.applied)
        log_info("schema brought up to date", {{"file", file}});
}

Keys Installation::keys()
{
    return Keys{shared_key("registration"), shared_key("form"), vault_key()};
}

std::string Installation::uid_host(std::string const& base_url)
{
    auto const parsed = boost::urls::parse_uri(base_url);
    auto const host = parsed ? std::string(parsed->host()) : std::string("localhost");
    db::Connection connection(conninfo_);
    connection.exec_params("insert into site_setting (name, value) values ('uid_host', to_jsonb($1::text)) "
                           "on conflict (name) do nothing",
                           {host});
    return std::string(
        connection.exec("select value #>> '{}' from site_setting where name = 'uid_host'").text(0, 0));
}

Key Installation::shared_key(std::string const& name)
{
    db::Connection connection(conninfo_);
    connection.exec_params(
        "insert into site_secret (name, bytes) values ($1, decode($2, 'hex')) on conflict (name) do nothing",
        {name, to_hex(random_key())});
    auto const rows =
        connection.exec_params("select encode(bytes, 'hex') from site_secret where name = $1", {name});
    return key_of(bytes_of_hex(rows.text(0, 0)));
}

// Not in the database, so that a copy of the database alone reads no passport.
Key Installation::vault_key() const
{
    auto const path = data_ / "vault.key";
    if (!std::filesystem::exists(path)) {
        auto const bytes = random_key();
        auto const fresh = data_ / fmt::format("vault.key.{}", ::getpid());
        int const file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        bool const written =
            file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
            ::fsync(file) == 0;
        if (file >= 0)
            ::close(file);
        if (!written)
            throw ConfigurationError(fmt::format("{}: the vault's key cannot be written", path.string()));
        // Whoever comes second keeps the first one's key.
        if (::link(fresh.c_str(), path.c_str()) != 0 && errno != EEXIST)
            throw ConfigurationError(fmt::format("{}: the vault's key cannot be written", path.string()));
        std::filesystem::remove(fresh);
    }
    std::ifstream stream(path, std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (bytes.size() != 32)
        throw ConfigurationError(
            fmt::format("{}: is no vault key (32 bytes). Restore it from a backup.", path.string()));
    return key_of(bytes);
}

}
