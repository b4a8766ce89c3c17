// Signals of a form post. A hall shares one address and some people are quick, so none of them refuses by
// itself what a person could have sent: whoever is taken for a program gets the filled form back and may send
// it again.
#include "base/secret.h"
#include "registration/registration_pages.h"

#include <charconv>

namespace kutsu::registration
{
namespace
{

std::string signature_of(Key const& key, std::string_view made_ms)
{
    return base64url(hmac_sha256(key, std::string("form-time ").append(made_ms)));
}

// When the form was made; nothing when we did not make it.
std::optional<Instant> made_at(Key const& key, std::string_view form_time)
{
    auto const dot = std::min(form_time.find('.'), form_time.size());
    auto const digits = form_time.substr(0, dot);
    std::int64_t ms = 0;
    auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), ms);
    if (failed != std::errc() || end != digits.data() + digits.size() || dot == form_time.size())
        return std::nullopt;
    if (!equal_in_constant_time(signature_of(key, digits), form_time.substr(dot + 1)))
        return std::nullopt;
    return from_ms(ms);
}

}

std::string form_time(Key const& key, Instant now)
{
    auto const digits = std::to_string(to_ms(now));
    return digits + "." + signature_of(key, digits);
}

bool looks_automatic(Key const& key, html::Values const& values, Instant now)
{
    constexpr int enough = 2;
    constexpr auto haste = std::chrono::seconds(2);
    int weight = values.has_any("website") ? enough : 0;
    if (auto const given = values.first("form_time"); !given.empty()) {
        auto const made = made_at(key, given);
        if (!made)
            weight += enough;
        else if (now - *made < haste)
            weight += 1;
    }
    return weight >= enough;
}

}
