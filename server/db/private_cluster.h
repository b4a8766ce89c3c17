// The PostgreSQL that the program keeps for itself when it was given none: made with initdb, started, watched
// and stopped here, reached over a unix socket in a folder that nobody else may enter, without a TCP port.
//
//   DATA/database      the cluster; a link when the account it runs under cannot reach DATA
//   DATA/database.log  what PostgreSQL says
//   DATA/run           the socket, or a folder with a shorter name
//
// Started as root, PostgreSQL runs as "postgres" or "nobody". Start it from the main thread: it gets a signal
// when the thread that started it ends, so that a killed server does not leave it running for ever. If it is
// running already, for instance because another command of ours started it, it is used as it is.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace kutsu::db
{

// The cluster cannot be made or started; what() is a sentence for the operator.
class ClusterError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// Who asks. The owner holds the lock of the data folder (`serve`) and stops the cluster in the end whoever
// started it; a guest (the other commands) stops only what it started itself.
enum class Tenancy
{
    owner = 1,
    guest
};

class ClusterState;

class PrivateCluster
{
public:
    using Log = std::function<void(std::string const&)>;

    // Returns when the cluster accepts connections and the database exists. `data_folder` is made when it is
    // absent. Throws ClusterError.
    static std::unique_ptr<PrivateCluster> start(std::filesystem::path const& data_folder, Log log,
                                                 Tenancy tenancy = Tenancy::owner);
    ~PrivateCluster(); // stops, too
    PrivateCluster(PrivateCluster const&) = delete;
    PrivateCluster& operator=(PrivateCluster const&) = delete;

    std::string conninfo() const;
    // The main thread calls it about once a second and after SIGCHLD: starts a PostgreSQL that ended again.
    // Does not wait and does not throw.
    void supervise();
    // Fast shutdown; waits until it is down.
    void stop();
    // PostgreSQL runs, but somebody else started it.
    bool attached() const;
    // Process of the postmaster; 0 when there is none.
    int postmaster() const;
    // Where the cluster really lies.
    std::filesystem::path folder() const;

private:
    explicit PrivateCluster(std::unique_ptr<ClusterState> state);
    std::unique_ptr<ClusterState> state_;
};

}
