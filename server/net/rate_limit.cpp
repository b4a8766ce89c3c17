#include "net/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace kutsu::net
{

Result<void> RateLimiter::take(std::string_view key, Instant now, double tokens)
{
    std::lock_guard const lock(mutex_);
    auto& bucket = bucket_of(key, now);
    // A clock set back must not empty the bucket.
    auto const seconds = std::max(0.0, std::chrono::duration<double>(now - bucket.filled).count());
    bucket.tokens = std::min(limit_.burst, bucket.tokens + seconds * limit_.per_second);
    bucket.filled = now;
    if (bucket.tokens >= tokens) {
        bucket.tokens -= tokens;
        return {};
    }
    Problem problem{ProblemName::too_many_requests, {}, {}, {}, {}, {}};
    problem.retry_after_ms =
        static_cast<std::int64_t>(std::ceil((tokens - bucket.tokens) * 1000 / limit_.per_second));
    return std::unexpected(std::move(problem));
}

void RateLimiter::give_back(std::string_view key, Instant now, double tokens)
{
    std::lock_guard const lock(mutex_);
    auto& bucket = bucket_of(key, now);
    bucket.tokens = std::min(limit_.burst, bucket.tokens + tokens);
}

std::size_t RateLimiter::size() const
{
    std::lock_guard const lock(mutex_);
    return recent_.size();
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view key, Instant now)
{
    if (auto const found = by_key_.find(key); found != by_key_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return recent_.front();
    }
    if (recent_.size() >= std::max<std::size_t>(limit_.keys, 1)) {
        by_key_.erase(recent_.back().key);
        recent_.pop_back();
    }
    recent_.push_front({std::string(key), limit_.burst, now});
    by_key_.emplace(recent_.front().key, recent_.begin());
    return recent_.front();
}

}
