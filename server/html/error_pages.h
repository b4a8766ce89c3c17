// Pages for when there is nothing to show, in the reader's language: what happened and what to do.
#pragma once

#include "base/problem.h"
#include "html/frame.h"
#include "net/http.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kutsu::html
{

net::Response not_found_page(std::string_view language, Assets const& assets);
net::Response gone_page(std::string_view language, Assets const& assets);
// 429; `retry_after_ms` also stands in Retry-After.
net::Response too_many_requests_page(std::string_view language, Assets const& assets,
                                     std::int64_t retry_after_ms);
// 503: the database is away or everything is busy.
net::Response unavailable_page(std::string_view language, Assets const& assets, std::int64_t retry_after_ms);
// 500; the code is the request's id, so that an operator finds the log line.
net::Response broken_page(std::string_view language, Assets const& assets, std::string_view request_id);
// Any other refusal of the contract, with its status.
net::Response problem_page(Problem const& problem, std::string_view language, Assets const& assets);

// Adds Retry-After in whole seconds, at least one.
net::Response with_retry_after(net::Response response, std::int64_t retry_after_ms);

}
