// The private cluster as it runs: started, watched, started again, stopped. PrivateCluster is the door to it.
#pragma once

#include "db/cluster_place.h"
#include "db/postgres_programs.h"
#include "db/private_cluster.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace kutsu::db
{

class ClusterState
{
public:
    ClusterState(std::filesystem::path const& data_folder, PrivateCluster::Log log, Tenancy tenancy);
    ~ClusterState();

    void make_and_start();
    void supervise() noexcept;
    void stop();
    std::string conninfo(std::string_view database) const;
    bool attached() const { return postmaster_ != 0 && child_ == 0; }
    pid_t postmaster() const { return postmaster_; }
    std::filesystem::path const& cluster() const { return place_.cluster; }

private:
    using SteadyClock = std::chrono::steady_clock;

    void lock();
    void wait_until_ready();
    bool answers();
    void create_database();
    void reap();
    void unlock_when_up();
    void attach(pid_t process, std::filesystem::path const& socket);
    void start_again();
    bool clear_leftovers();
    void spawn();
    bool is_gone();
    bool end(int signal, std::chrono::seconds patience);

    PrivateCluster::Log log_;
    Tenancy tenancy_;
    ClusterPlace place_;
    PostgresPrograms programs_;
    int lock_ = -1;        // held by whoever is starting PostgreSQL
    pid_t child_ = 0;      // started by us and not reaped
    pid_t postmaster_ = 0; // running, whoever started it
    bool making_ = true;   // make_and_start() gives the lock back itself
    bool stopped_ = false;
    int failures_ = 0; // starts in a row that ended soon
    SteadyClock::time_point spawned_at_{};
    SteadyClock::time_point not_before_{};
    std::optional<SteadyClock::time_point> left_since_; // processes of a dead postmaster linger
    std::string last_answer_;
};

}
