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

// "0.5" in thousandths; what cannot be read is as good as absent.
int thousandths(std::string_view text)
{
    if (text.empty() || (text.front() != '0' && text.front() != '1') || text.size() > 5)
        return 1000;
    int value = (text.front() - '0') * 1000;
    int unit = 100;
    for (auto const digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9')
            return 1000;
        value += (digit - '0') * unit;
        unit /= 10;
    }
    return std::min(value, 1000);
}

struct Preference
{
    std::string_view coding;
    int quality = 1000;
};

Preference preference_of(std::string_view element)
{
    auto const semicolon = std::min(element.find(';'), element.size());
    Preference preference{net::trimmed(element.substr(0, semicolon))};
    auto const parameter = net::trimmed(element.substr(std::min(semicolon + 1, element.size())));
    if (parameter.starts_with("q=") || parameter.starts_with("Q="))
        preference.quality = thousandths(parameter.substr(2));
    return preference;
}

int quality_of(std::string_view accept_encoding, std::string_view coding)
{
    int otherwise = 0;
    for (auto const element : net::list_elements(accept_encoding)) {
        auto const preference = preference_of(element);
        if (net::equal_ignoring_case(preference.coding, coding))
            return preference.quality;
        if (preference.coding == "*")
            otherwise = preference.quality;
    }
    return otherwise;
}

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

Encoding choose_encoding(std::string_view accept_encoding)
{
    auto const br = quality_of(accept_encoding, "br");
    auto const gzip = quality_of(accept_encoding, "gzip");
    if (br > 0 && br >= gzip)
        return Encoding::br;
    return gzip > 0 ? Encoding::gzip : Encoding::identity;
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
