// The batch limit: the statements of the desk, one batch after the other on one connection, nothing else.
#pragma once

#include "common/figures.h"
#include "registration/lane_statements.h"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kutsu::bench
{

// A batch with its parameters written out, for the fast tier and for the exact one.
class Batch
{
public:
    Batch(Instant now, std::vector<registration::Party> const& parties);

    registration::FastCall const& fast() const { return *fast_; }
    std::string const& instant() const { return instant_; }
    std::string const& exact() const { return exact_; }
    std::int64_t size() const { return static_cast<std::int64_t>(fast_->parties().size()); }

private:
    std::unique_ptr<registration::FastCall> fast_;
    std::string instant_;
    std::string exact_;
};

class LaneConnection
{
public:
    // Throws std::runtime_error with what the database says.
    explicit LaneConnection(std::string const& conninfo);

    // Commits one batch; counts its outcomes. What the fast tier leaves is decided by the exact one.
    void commit(Batch const& batch, std::map<std::string, std::int64_t>& outcomes);

    // Through the exact tier only.
    void commit_exactly(Batch const& batch, std::map<std::string, std::int64_t>& outcomes);

    std::int64_t exact_batches() const { return exact_batches_; }

private:
    struct Finish
    {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Clear
    {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using Result = std::unique_ptr<PGresult, Clear>;

    Result checked(PGresult* result) const;
    std::unique_ptr<PGconn, Finish> connection_;
    std::int64_t exact_batches_ = 0;
};

}
