#include "base/config_options.h"
#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace kutsu
{
namespace
{

using Kind = OptionKind;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t seconds = 1000;
constexpr std::size_t minutes = 60 * seconds;
constexpr std::size_t hours = 60 * minutes;

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

struct Unit
{
    std::string_view name;
    std::uint64_t size;
};
constexpr std::array<Unit, 4> byte_units{{{"KiB", kib}, {"MiB", mib}, {"GiB", kib* mib}, {"", 1}}};
constexpr std::array<Unit, 4> duration_units{{{"ms", 1}, {"min", minutes}, {"s", seconds}, {"h", hours}}};

// "64KiB", "10 s": a whole number and a unit.
template <std::size_t Size>
std::optional<std::uint64_t> quantity(std::string_view text, std::array<Unit, Size> const& units)
{
    for (auto const& unit : units) {
        if (!text.ends_with(unit.name))
            continue;
        auto digits = text.substr(0, text.size() - unit.name.size());
        if (!unit.name.empty() && digits.ends_with(' '))
            digits.remove_suffix(1);
        auto const value = number(digits);
        if (value && *value <= std::numeric_limits<std::uint64_t>::max() / unit.size)
            return *value * unit.size;
    }
    return std::nullopt;
}

template <std::size_t Size>
std::string with_unit(std::uint64_t value, std::array<Unit, Size> const& units)
{
    Unit const* best = nullptr;
    for (auto const& unit : units)
        if (value % unit.size == 0 && (!best || unit.size > best->size))
            best = &unit;
    return fmt::format("{}{}", value / best->size, best->name);
}

bool is_ip(std::string const& address)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

std::optional<ListenAddress> parse_listen(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto host = text.substr(0, colon);
    auto const port = number(text.substr(colon + 1));
    bool const in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (in_brackets)
        host = host.substr(1, host.size() - 2);
    ListenAddress listen{host == "localhost" ? "127.0.0.1" : std::string(host),
                         static_cast<std::uint16_t>(port.value_or(0))};
    bool const is_v6 = listen.address.find(':') != std::string::npos;
    if (!port || *port > 65535 || !is_ip(listen.address) || is_v6 != in_brackets)
        return std::nullopt;
    return listen;
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes)
{
    return std::ranges::any_of(
        prefixes, [&](auto prefix) { return text.starts_with(prefix) && text.size() > prefix.size(); });
}

bool is_word(std::string_view text)
{
    return is_clean_utf8(text) &&
           std::ranges::none_of(text, [](unsigned char byte) { return byte <= ' ' || byte == 0x7f; });
}

bool fits(OptionKind kind, std::string_view text)
{
    switch (kind) {
    case Kind::database_url:
        return text.empty() || starts_with_any(text, {"postgresql://", "postgres://"}) ||
               text.find('=') != std::string_view::npos;
    case Kind::base_url: {
        auto const scheme = text.find("://");
        return text.empty() || (is_word(text) && starts_with_any(text, {"http://", "https://"}) &&
                                text.find_first_of("/?#@", scheme + 3) == std::string_view::npos);
    }
    case Kind::smtp_url:
        return text.empty() || (is_word(text) && starts_with_any(text, {"smtp://", "smtps://"}));
    case Kind::email:
        return is_email(text) || is_email(fmt::format("{}.local", text)); // also kutsu@localhost
    case Kind::language:
        return is_language(text);
    default:
        return is_clean_utf8(text);
    }
}

bool store(std::string& place, Option const& option, std::string_view text)
{
    if (option.kind == Kind::base_url && text.ends_with('/'))
        text.remove_suffix(1);
    if (!fits(option.kind, text))
        return false;
    place = text;
    return true;
}

bool store(std::size_t& place, Option const& option, std::string_view text)
{
    auto const value = option.kind == Kind::bytes ? quantity(text, byte_units) : number(text);
    if (!value || *value < option.at_least || *value > option.at_most)
        return false;
    place = *value;
    return true;
}

bool store(std::chrono::milliseconds& place, Option const& option, std::string_view text)
{
    auto const value = quantity(text, duration_units);
    if (!value || *value < option.at_least || *value > option.at_most)
        return false;
    place = std::chrono::milliseconds(*value);
    return true;
}

bool store(bool& place, Option const&, std::string_view text)
{
    place = text == "true" || text == "1" || text == "yes" || text == "on";
    return place || text == "false" || text == "0" || text == "no" || text == "off";
}

bool store(ListenAddress& place, Option const&, std::string_view text)
{
    auto const listen = parse_listen(text);
    if (listen)
        place = *listen;
    return listen.has_value();
}

// "127.0.0.1, ::1"
bool store(std::vector<std::string>& place, Option const&, std::string_view text)
{
    place.clear();
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto each = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        each.remove_prefix(std::min(each.find_first_not_of(' '), each.size()));
        place.emplace_back(each.substr(0, each.find_last_not_of(' ') + 1));
    }
    return std::ranges::all_of(place, is_ip);
}

bool store(std::filesystem::path& place, Option const&, std::string_view text)
{
    if (text.empty() || !is_clean_utf8(text))
        return false;
    place = std::filesystem::path(text);
    return true;
}

bool store(std::optional<Instant>& place, Option const&, std::string_view text)
{
    if (text.empty())
        return true;
    place = parse_instant(text);
    return place.has_value();
}

bool store(LogLevel& place, Option const&, std::string_view text)
{
    constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
    auto const found = std::ranges::find(names, text);
    if (found == names.end())
        return false;
    place = static_cast<LogLevel>(found - names.begin() + 1);
    return true;
}

std::string_view words_of(OptionKind kind)
{
    switch (kind) {
    case Kind::text:
        return "text in UTF-8";
    case Kind::listen:
        return "ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080";
    case Kind::addresses:
        return "addresses, such as 127.0.0.1, ::1";
    case Kind::folder:
        return "the path of a folder";
    case Kind::database_url:
        return "postgresql://USER:PASSWORD@HOST:PORT/NAME or \"host=… dbname=…\"";
    case Kind::base_url:
        return "http://HOST or https://HOST, without a path";
    case Kind::smtp_url:
        return "smtp://USER:PASSWORD@HOST:PORT or smtps://…";
    case Kind::email:
        return "an e-mail address, such as kutsu@example.org";
    case Kind::language:
        return "one of ";
    case Kind::instant:
        return "an instant as in RFC 3339, such as 2027-05-03T06:00:00Z";
    case Kind::log_level:
        return "one of debug, info, warn, error";
    case Kind::boolean:
        return "true or false";
    case Kind::count:
        return "a whole number";
    case Kind::bytes:
        return "a size";
    case Kind::duration:
        return "a duration";
    }
    return "";
}

// "user:password@" → "user:***@"; "password=x" → "password=***".
std::string without_passwords(std::string_view text)
{
    std::string result(text);
    auto const scheme = result.find("://");
    if (scheme != std::string::npos) {
        auto const at = result.rfind('@', result.find_first_of("/?", scheme + 3));
        auto const colon = result.find(':', scheme + 3);
        if (at != std::string::npos && at > scheme && colon < at)
            result.replace(colon + 1, at - colon - 1, "***");
    }
    for (auto at = result.find("password="); at != std::string::npos; at = result.find("password=", at)) {
        at += std::string_view("password=").size();
        bool const quoted = at < result.size() && result[at] == '\'';
        auto const end = quoted ? result.find('\'', at + 1) : result.find_first_of(" &", at);
        auto const stop = end == std::string::npos ? result.size() : end + (quoted ? 1 : 0);
        result.replace(at, stop - at, "***");
    }
    return result;
}

}

bool assign(Config& config, Option const& option, std::string_view text)
{
    return std::visit([&](auto member) { return store(config.*member, option, text); }, option.target);
}

std::string expected_by(Option const& option)
{
    auto const words = words_of(option.kind);
    bool const endless = option.at_most == std::numeric_limits<std::size_t>::max();
    switch (option.kind) {
    case Kind::language:
        return fmt::format("{}{}", words, fmt::join(languages(), ", "));
    case Kind::count:
        return endless ? std::string(words)
                       : fmt::format("{} from {} to {}", words, option.at_least, option.at_most);
    case Kind::bytes:
        return fmt::format("{} from {} to {}, such as {}", words, with_unit(option.at_least, byte_units),
                           with_unit(option.at_most, byte_units), option.fallback);
    case Kind::duration:
        return fmt::format("{} from {} to {}, such as {}", words, with_unit(option.at_least, duration_units),
                           with_unit(option.at_most, duration_units), option.fallback);
    default:
        return std::string(words);
    }
}

std::string shown(Option const& option, std::string_view text)
{
    bool const has_secret = option.kind == Kind::database_url || option.kind == Kind::smtp_url;
    return has_secret ? without_passwords(text) : std::string(text);
}

}
