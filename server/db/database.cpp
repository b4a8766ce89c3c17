#include "db/database.h"

#include "db/database_threads.h"

namespace kutsu::db
{

Database::Database(std::string connection_string, std::size_t sessions, QueueLimits limits)
    : threads_(std::make_unique<DatabaseThreads>(connection_string, sessions, limits))
{}

Database::~Database() = default;

void Database::after_commit(std::function<void()> hook)
{
    after_commit_ = std::move(hook);
}

std::size_t Database::sessions() const
{
    return threads_->sessions();
}

std::size_t Database::available() const
{
    return threads_->available();
}

std::size_t Database::queued() const
{
    return threads_->queued();
}

bool Database::away() const
{
    return threads_->away();
}

void Database::submit(DatabaseWork work)
{
    threads_->submit(std::move(work));
}

void Database::commit(Session& session)
{
    session.commit();
    if (after_commit_)
        after_commit_();
}

void Database::refuse_own_threads()
{
    if (DatabaseThreads::is_one())
        throw std::logic_error("a database thread must not wait for another one");
}

}
