// Conditions of a GET, as RFC 9110 has them. Pure.
#pragma once

#include "base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::feeds
{

struct Validators
{
    std::string etag;
    Instant modified; // whole seconds
};

// Whether the reader's copy is still good: If-None-Match alone decides when it is there; a date that cannot
// be read is as if it were not sent (sections 13.1.2, 13.1.3).
bool is_fresh(Validators const& validators, std::string_view if_none_match,
              std::string_view if_modified_since);

// All three forms that HTTP has had (section 5.6.7).
std::optional<Instant> parse_http_date(std::string_view text);
std::string format_http_date(Instant at); // Sun, 06 Nov 1994 08:49:37 GMT

}
