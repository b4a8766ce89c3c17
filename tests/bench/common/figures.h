// What a run measured, in the words the driver reads.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace kutsu::bench
{

namespace json = boost::json;

using Nanoseconds = std::int64_t;

// Of the steady clock.
Nanoseconds now();

// CPU time of the calling thread, user and system.
Nanoseconds thread_cpu();

// {"p50_ms", "p90_ms", "p99_ms", "max_ms"}; nothing when there are no values.
json::object percentiles(std::vector<Nanoseconds> values);

double milliseconds(Nanoseconds value);

}
