#include "feeds/revalidation.h"

#include "net/encoding.h"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace kutsu::feeds
{
namespace
{

// A weak tag of our strong one matches too: revalidation compares weakly.
bool names(std::string_view if_none_match, std::string_view etag)
{
    return std::ranges::any_of(net::list_elements(if_none_match), [&](std::string_view each) {
        if (each.starts_with("W/"))
            each.remove_prefix(2);
        return each == "*" || each == etag;
    });
}

}

bool is_fresh(Validators const& validators, std::string_view if_none_match,
              std::string_view if_modified_since)
{
    if (!if_none_match.empty())
        return names(if_none_match, validators.etag);
    auto const since = parse_http_date(if_modified_since);
    return since && validators.modified <= *since;
}

std::optional<Instant> parse_http_date(std::string_view text)
{
    constexpr std::array<char const*, 3> forms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                                  "%a %b %e %H:%M:%S %Y"};
    for (auto const* form : forms) {
        std::istringstream in{std::string(text)};
        in.imbue(std::locale::classic());
        date::sys_seconds at;
        if (in >> date::parse(form, at) && in.peek() == std::istringstream::traits_type::eof())
            return at;
    }
    return std::nullopt;
}

std::string format_http_date(Instant at)
{
    return date::format(std::locale::classic(), "%a, %d %b %Y %H:%M:%S GMT",
                        date::floor<std::chrono::seconds>(at));
}

}
