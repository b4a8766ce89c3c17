#include "db/private_cluster.h"

#include "db/cluster_state.h"
#include "db/error.h"

#include <fmt/format.h>

#include <system_error>

namespace kutsu::db
{

std::unique_ptr<PrivateCluster> PrivateCluster::start(std::filesystem::path const& data_folder, Log log,
                                                      Tenancy tenancy)
{
    try {
        auto state = std::make_unique<ClusterState>(data_folder, std::move(log), tenancy);
        state->make_and_start();
        return std::unique_ptr<PrivateCluster>(new PrivateCluster(std::move(state)));
    } catch (std::system_error const& error) {
        throw ClusterError(fmt::format("the private database cannot be started: {}", error.what()));
    } catch (SqlError const& error) {
        throw ClusterError(fmt::format("the private database cannot be prepared: {}", error.what()));
    } catch (DatabaseAway const& error) {
        throw ClusterError(fmt::format("the private database cannot be prepared: {}", error.what()));
    }
}

PrivateCluster::PrivateCluster(std::unique_ptr<ClusterState> state) : state_(std::move(state)) {}

PrivateCluster::~PrivateCluster() = default;

std::string PrivateCluster::conninfo() const
{
    return state_->conninfo("kutsu");
}

void PrivateCluster::supervise()
{
    state_->supervise();
}

void PrivateCluster::stop()
{
    state_->stop();
}

bool PrivateCluster::attached() const
{
    return state_->attached();
}

int PrivateCluster::postmaster() const
{
    return state_->postmaster();
}

std::filesystem::path PrivateCluster::folder() const
{
    return state_->cluster();
}

}
