// Token buckets by key: an address, the hash of an e-mail. The map is bounded; the key unused for longest is
// forgotten, which only ever makes the limit milder. Safe from any thread.
#pragma once

#include "base/clock.h"
#include "base/problem.h"

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kutsu::net
{

struct RateLimit
{
    double burst = 10;     // tokens in a full bucket
    double per_second = 1; // how fast it fills
    std::size_t keys = 10'000;
};

class RateLimiter
{
public:
    explicit RateLimiter(RateLimit limit) : limit_(limit) {}

    // Takes `tokens` from the key's bucket, or refuses with too-many-requests and the wait until they are
    // there.
    Result<void> take(std::string_view key, Instant now, double tokens = 1);
    // Puts tokens back: it turned out that nothing was to be counted.
    void give_back(std::string_view key, Instant now, double tokens = 1);
    std::size_t size() const;

private:
    struct Bucket
    {
        std::string key;
        double tokens;
        Instant filled;
    };

    Bucket& bucket_of(std::string_view key, Instant now);

    RateLimit limit_;
    mutable std::mutex mutex_;
    std::list<Bucket> recent_; // the latest used first
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_key_;
};

}
