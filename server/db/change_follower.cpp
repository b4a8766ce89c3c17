#include "db/change_follower.h"

#include "base/log.h"
#include "db/parameters.h"
#include "db/raw.h"
#include "db/waker.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace kutsu::db
{
namespace
{

using Versions = std::map<std::int64_t, std::int64_t>;

constexpr std::chrono::milliseconds longest_sleep{1000};
constexpr std::chrono::milliseconds patience{2000};
constexpr int rows_at_once = 1000;

constexpr char versions_of_events[] = "select event_id, version from event_counter";

constexpr char newer_changes[] = R"(
    select change.event_id, event.slug, change.event_version, change.kind, change.payload, change.actor, change.origin,
           ms(change.at)
      from unnest($1::bigint[], $2::bigint[]) as seen (event_id, version)
      join change on change.event_id = seen.event_id and change.event_version > seen.version
      join event on event.event_id = change.event_id
     order by change.event_id, change.event_version
     limit $3)";

Versions read_versions(Connection& connection)
{
    auto const rows = connection.exec(versions_of_events);
    Versions versions;
    for (int row = 0; row < rows.rows(); ++row)
        versions.emplace(rows.integer(row, 0), rows.integer(row, 1));
    return versions;
}

Change change_of(Rows const& rows, int row)
{
    auto const text = [&](int column) { return std::string(rows.text(row, column)); };
    return {rows.integer(row, 0),
            text(1),
            rows.integer(row, 2),
            text(3),
            boost::json::parse(rows.text(row, 4)),
            text(5),
            text(6),
            from_ms(rows.integer(row, 7))};
}

std::vector<Change> read_changes(Connection& connection, Versions const& behind)
{
    std::vector<std::int64_t> events, versions;
    for (auto const& [event, version] : behind) {
        events.push_back(event);
        versions.push_back(version);
    }
    auto const rows = connection.exec_params(
        newer_changes, {parameter(events), parameter(versions), parameter(rows_at_once)});
    std::vector<Change> changes;
    for (int row = 0; row < rows.rows(); ++row)
        changes.push_back(change_of(rows, row));
    return changes;
}

}

ChangeFollower::ChangeFollower(std::string connection_string, ChangeCallbacks callbacks)
    : connection_string_(std::move(connection_string)), callbacks_(std::move(callbacks)),
      stop_signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      fed_signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (stop_signal_ < 0 || fed_signal_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
    thread_ = std::thread([this] { run(); });
}

ChangeFollower::~ChangeFollower()
{
    stop();
    ::close(stop_signal_);
    ::close(fed_signal_);
}

void ChangeFollower::feed(std::vector<Change> changes)
{
    {
        std::scoped_lock const lock(guard_);
        std::ranges::move(changes, std::back_inserter(fed_));
    }
    ::eventfd_write(fed_signal_, 1);
}

void ChangeFollower::stop()
{
    ::eventfd_write(stop_signal_, 1);
    if (thread_.joinable())
        thread_.join();
}

void ChangeFollower::run()
{
    auto pause = std::chrono::milliseconds(50);
    do {
        auto const began = std::chrono::steady_clock::now();
        try {
            connect_and_follow();
        } catch (DatabaseAway const&) {
            set_away(true);
        } catch (std::exception const& error) {
            log_error("the change log cannot be read", {{"error", describe(error)}});
        }
        bool const lasted = std::chrono::steady_clock::now() - began > std::chrono::seconds(10);
        pause = lasted ? std::chrono::milliseconds(50) : std::min(pause * 2, longest_sleep);
    } while (wait(-1, pause));
}

void ChangeFollower::connect_and_follow()
{
    Connection connection(connection_string_, patience);
    connection.exec("set timezone = 'UTC'; listen kutsu_change");
    set_away(false);
    follow(connection);
}

// Until stopped; leaves by exception when the database fails.
void ChangeFollower::follow(Connection& connection)
{
    auto sleep = longest_sleep;
    must_look_ = true;
    do {
        try {
            deliver_fed();
            // Before looking: what commits meanwhile leaves a notification for the next time.
            if (is_called(connection))
                look(connection);
        } catch (DatabaseAway const&) {
            throw;
        } catch (SqlError const&) {
            throw;
        } catch (std::exception const& error) {
            must_look_ = true;
            log_error("a reader of the change log failed and will be asked again",
                      {{"error", describe(error)}});
        }
        auto const since = std::chrono::steady_clock::now() - looked_;
        sleep = std::clamp(longest_sleep - std::chrono::duration_cast<std::chrono::milliseconds>(since),
                           std::chrono::milliseconds(1), longest_sleep);
    } while (wait(connection.socket(), sleep));
}

// By anybody but ourselves, by a gap, or by the time that has passed.
bool ChangeFollower::is_called(Connection& connection)
{
    for (auto const& notification : connection.notifications())
        must_look_ = must_look_ || notification.payload != Waker::mark();
    return must_look_ || std::chrono::steady_clock::now() - looked_ >= longest_sleep;
}

// What follows on what has been reported is reported; of the rest only that it is there matters.
void ChangeFollower::deliver_fed()
{
    eventfd_t ignored = 0;
    ::eventfd_read(fed_signal_, &ignored);
    std::vector<Change> fed;
    {
        std::scoped_lock const lock(guard_);
        fed.swap(fed_);
    }
    Versions reached;
    std::vector<Change> following;
    for (auto& change : fed) {
        auto const seen = seen_.find(change.event_id);
        auto const last =
            seen == seen_.end() ? -1 : reached.try_emplace(change.event_id, seen->second).first->second;
        if (last >= 0 && change.event_version == last + 1) {
            reached[change.event_id] = change.event_version;
            following.push_back(std::move(change));
        } else if (last < 0 || change.event_version > last) {
            must_look_ = true;
        }
    }
    if (callbacks_.on_changes && !following.empty())
        callbacks_.on_changes(following);
    for (auto const& [event, version] : reached)
        seen_[event] = version;
}

void ChangeFollower::look(Connection& connection)
{
    looked_ = std::chrono::steady_clock::now();
    must_look_ = false;
    auto const present = read_versions(connection);
    compare_events(present);
    deliver_changes(connection, present);
}

void ChangeFollower::compare_events(Versions const& present)
{
    std::vector<EventVersion> appeared;
    std::vector<std::int64_t> vanished;
    for (auto const& [event, version] : seen_) {
        if (auto const found = present.find(event); found == present.end() || found->second < version)
            vanished.push_back(event);
    }
    for (auto const& [event, version] : present) {
        if (!seen_.contains(event) || std::ranges::find(vanished, event) != vanished.end())
            appeared.push_back({event, version});
    }
    if (callbacks_.on_events && (!appeared.empty() || !vanished.empty()))
        callbacks_.on_events(appeared, vanished);
    auto const went_back = [&](std::int64_t event) {
        return std::ranges::find(vanished, event) != vanished.end();
    };
    for (auto const& each : appeared)
        seen_[each.event_id] = !began_ || went_back(each.event_id) ? each.version : 0;
    std::erase_if(seen_, [&](auto const& each) { return !present.contains(each.first); });
    began_ = true;
}

void ChangeFollower::deliver_changes(Connection& connection, Versions const& present)
{
    for (bool more = true; more;) {
        Versions behind;
        for (auto const& [event, version] : present) {
            if (seen_[event] < version)
                behind.emplace(event, seen_[event]);
        }
        if (behind.empty())
            return;
        auto const changes = read_changes(connection, behind);
        if (callbacks_.on_changes && !changes.empty())
            callbacks_.on_changes(changes);
        for (auto const& change : changes)
            seen_[change.event_id] = change.event_version;
        more = changes.size() == rows_at_once;
    }
    // A version without a row, such as the first one of an imported event, is no reason to ask for ever.
    for (auto const& [event, version] : present)
        seen_[event] = std::max(seen_[event], version);
}

void ChangeFollower::set_away(bool away)
{
    if (std::exchange(away_, away) != away && callbacks_.on_away)
        callbacks_.on_away(away);
}

bool ChangeFollower::wait(int socket, std::chrono::milliseconds time)
{
    // Without a connection what was fed has to wait.
    pollfd waiting[] = {
        {stop_signal_, POLLIN, 0}, {socket, POLLIN, 0}, {socket < 0 ? -1 : fed_signal_, POLLIN, 0}};
    ::poll(waiting, 3, static_cast<int>(time.count()));
    return waiting[0].revents == 0;
}

}
