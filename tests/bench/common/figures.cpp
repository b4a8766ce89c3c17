#include "common/figures.h"

#include <algorithm>
#include <cmath>
#include <ctime>

namespace kutsu::bench
{
namespace
{

Nanoseconds clock_value(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

}

Nanoseconds now()
{
    return clock_value(CLOCK_MONOTONIC);
}

Nanoseconds thread_cpu()
{
    return clock_value(CLOCK_THREAD_CPUTIME_ID);
}

double milliseconds(Nanoseconds value)
{
    return std::round(static_cast<double>(value) / 1e3) / 1e3;
}

json::object percentiles(std::vector<Nanoseconds> values)
{
    if (values.empty())
        return {};
    std::ranges::sort(values);
    // The smallest value that so many per cent of all do not exceed.
    auto const at = [&](double share) {
        auto const rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
        return milliseconds(values[std::max<std::size_t>(rank, 1) - 1]);
    };
    return {{"p50_ms", at(0.5)}, {"p90_ms", at(0.9)}, {"p99_ms", at(0.99)}, {"max_ms", at(1)}};
}

}
