// What every command works on: the data folder, the database (a private cluster or the operator's), the keys.
// Opening it brings nothing up to date; migrate() does.
#pragma once

#include "base/config.h"
#include "base/services.h"
#include "db/private_cluster.h"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace kutsu::app
{

// The operator has to change something: exit code 3.
class ConfigurationError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// Held by `serve` while it runs; a second server on the same data folder is refused (ConfigurationError).
class DataLock
{
public:
    explicit DataLock(std::filesystem::path const& data);
    ~DataLock();
    DataLock(DataLock const&) = delete;
    DataLock& operator=(DataLock const&) = delete;

private:
    int file_ = -1;
};

// The machine's clock, or the one that --clock starts.
std::unique_ptr<Clock> make_clock(Config const& config);

class Installation
{
public:
    // Starts or finds the private cluster unless the configuration names a database.
    Installation(Config const& config, db::Tenancy tenancy);

    std::string const& conninfo() const { return conninfo_; }
    // Null with a database of the operator's.
    db::PrivateCluster* cluster() { return cluster_.get(); }
    void migrate();
    // Reads the keys, making them at the first time. After migrate().
    Keys keys();
    // The host part of calendar UIDs: fixed when the installation is first served.
    std::string uid_host(std::string const& base_url);

private:
    Key shared_key(std::string const& name);
    Key vault_key() const;

    std::filesystem::path data_;
    std::unique_ptr<db::PrivateCluster> cluster_;
    std::string conninfo_;
};

}
