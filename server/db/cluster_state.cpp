#include "db/cluster_state.h"

#include "db/cluster_making.h"
#include "db/postgres_settings.h"
#include "db/postmaster.h"
#include "db/raw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace kutsu::db
{
namespace
{

using namespace std::chrono_literals;

constexpr auto longest_start = 120s; // recovery after a crash included
constexpr auto short_life = 5s;
constexpr int most_failures = 6;

PostgresPrograms programs_for(std::filesystem::path const& cluster)
{
    auto const major = cluster_version(cluster);
    if (auto const found = find_postgres_programs(major))
        return *found;
    if (major)
        throw ClusterError(
            fmt::format("the database in {} was made by PostgreSQL {}, whose programs are not installed: "
                        "install the package postgresql-{}",
                        cluster.string(), *major, *major));
    throw ClusterError(
        "PostgreSQL 15 or later is not installed: install the package postgresql, or name a database "
        "with --database-url");
}

}

ClusterState::ClusterState(std::filesystem::path const& data_folder, PrivateCluster::Log log, Tenancy tenancy)
    : log_(std::move(log)), tenancy_(tenancy), place_(find_cluster_place(data_folder)),
      programs_(programs_for(place_.cluster))
{
    if (!log_)
        log_ = [](std::string const&) {};
    auto const path = place_.data_folder / "database.lock";
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0)
        throw ClusterError(fmt::format("{} cannot be written: {}", path.string(), std::strerror(errno)));
}

ClusterState::~ClusterState()
{
    try {
        stop();
    } catch (std::exception const& error) {
        log_(error.what());
    }
    ::close(lock_);
}

void ClusterState::make_and_start()
{
    lock();
    if (!cluster_version(place_.cluster))
        make_cluster(place_, programs_);
    wait_until_ready();
    create_database();
    making_ = false;
    ::flock(lock_, LOCK_UN);
}

// Two commands that begin at the same time take turns.
void ClusterState::lock()
{
    auto const deadline = SteadyClock::now() + longest_start;
    while (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        if (SteadyClock::now() > deadline)
            throw ClusterError(
                fmt::format("another process has been starting the database in {} for two minutes: end "
                            "it and try again",
                            place_.cluster.string()));
        std::this_thread::sleep_for(10ms);
    }
}

void ClusterState::wait_until_ready()
{
    auto const deadline = SteadyClock::now() + longest_start;
    for (;;) {
        supervise();
        if (answers())
            return;
        if (failures_ >= most_failures)
            throw ClusterError(fmt::format("PostgreSQL does not start in {}. It said: {}",
                                           place_.cluster.string(), last_words(place_)));
        if (SteadyClock::now() > deadline)
            throw ClusterError(fmt::format("the database in {} does not accept connections: {}",
                                           place_.cluster.string(), last_answer_));
        std::this_thread::sleep_for(5ms);
    }
}

bool ClusterState::answers()
{
    if (!postmaster_)
        return false;
    try {
        Connection connection(conninfo("postgres"), 2000ms);
        auto const folder = std::string(connection.exec("show data_directory").text(0, 0));
        if (folder == place_.cluster.string())
            return true;
        last_answer_ =
            fmt::format("the socket in {} belongs to the database in {}", place_.socket.string(), folder);
    } catch (DatabaseAway const& error) {
        last_answer_ = error.what();
    } catch (SqlError const& error) {
        last_answer_ = error.what();
    }
    return false;
}

void ClusterState::create_database()
{
    Connection connection(conninfo("postgres"));
    if (connection.exec("select from pg_database where datname = 'kutsu'").rows() == 0)
        connection.exec("create database kutsu template template0 encoding 'UTF8'");
}

std::string ClusterState::conninfo(std::string_view database) const
{
    return fmt::format("host={} port=5432 user=kutsu dbname={}", quote_keyword_value(place_.socket.string()),
                       database);
}

void ClusterState::supervise() noexcept
{
    try {
        reap();
        unlock_when_up();
        if (stopped_ || child_ || (postmaster_ && works_in(postmaster_, place_.cluster)))
            return;
        if (auto const running = running_postmaster(place_.cluster))
            attach(running->process, running->socket);
        else
            start_again();
    } catch (std::exception const& error) {
        log_(fmt::format("the private database cannot be started again: {}", error.what()));
        not_before_ = SteadyClock::now() + 5s;
    }
}

void ClusterState::reap()
{
    int status = 0;
    if (!child_ || ::waitpid(child_, &status, WNOHANG) != child_)
        return;
    child_ = postmaster_ = 0;
    if (stopped_)
        return;
    // A start that fails again and again is tried more and more seldom.
    failures_ = SteadyClock::now() - spawned_at_ < short_life ? failures_ + 1 : 0;
    not_before_ =
        SteadyClock::now() + std::min<std::chrono::milliseconds>(50ms * (1 << std::min(failures_, 8)), 5s);
    auto const how = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                         : fmt::format("exit status {}", WEXITSTATUS(status));
    log_(fmt::format("PostgreSQL ended by itself ({}); it is started again", how));
}

// From then on others find postmaster.pid and a process.
void ClusterState::unlock_when_up()
{
    if (!making_ && child_ && running_postmaster(place_.cluster))
        ::flock(lock_, LOCK_UN);
}

void ClusterState::attach(pid_t process, std::filesystem::path const& socket)
{
    postmaster_ = process;
    // It stays there when we have to start it again: whoever has the address goes on using it.
    if (!socket.empty())
        place_.socket = socket;
    log_(fmt::format("PostgreSQL runs already in {} (process {}); it is used as it is",
                     place_.cluster.string(), process));
}

void ClusterState::start_again()
{
    postmaster_ = 0;
    if (SteadyClock::now() < not_before_)
        return;
    // Another process that is starting it right now must not lose its lock files to us. Harmless when we hold
    // it.
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
        return;
    if (clear_leftovers())
        spawn();
}

// After a postmaster was killed its children go on until they notice, and a new one refuses to start beside
// them.
bool ClusterState::clear_leftovers()
{
    auto const left = processes_in(place_.cluster);
    if (left.processes.empty()) {
        left_since_.reset();
        if (left.complete)
            remove_stale_locks(place_.cluster, place_.socket);
        return true;
    }
    auto const now = SteadyClock::now();
    if (!left_since_)
        left_since_ = now;
    auto const waited = now - *left_since_;
    for (auto const process : left.processes) {
        if (waited > 1s)
            ::kill(process, waited > 4s ? SIGKILL : SIGQUIT);
    }
    return false;
}

void ClusterState::spawn()
{
    make_private_folder(place_.socket, place_.account);
    int const log = open_cluster_log(place_);
    child_ = launch({programs_.folder / "postgres", postgres_arguments(place_), place_.account, log, SIGINT});
    ::close(log);
    postmaster_ = child_;
    spawned_at_ = SteadyClock::now();
}

bool ClusterState::is_gone()
{
    if (!child_)
        return !works_in(postmaster_, place_.cluster);
    reap();
    return child_ == 0;
}

bool ClusterState::end(int signal, std::chrono::seconds patience)
{
    ::kill(postmaster_, signal);
    auto const deadline = SteadyClock::now() + patience;
    while (!is_gone()) {
        if (SteadyClock::now() > deadline)
            return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

void ClusterState::stop()
{
    reap();
    bool const leave_running = tenancy_ == Tenancy::guest && !child_;
    if (std::exchange(stopped_, true) || !postmaster_ || leave_running || is_gone())
        return;
    if (end(SIGINT, 30s)) // fast: ends sessions, writes everything
        return;
    log_("PostgreSQL does not stop; it is stopped at once and will recover at its next start");
    if (!end(SIGQUIT, 10s))
        throw ClusterError(fmt::format("PostgreSQL (process {}) does not stop", postmaster_));
}

}
