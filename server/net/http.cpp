#include "net/http.h"

#include "base/messages.h"
#include "base/unicode.h"
#include "net/encoding.h"
#include "net/problem_json.h"

#include <boost/json.hpp>

#include <algorithm>

namespace kutsu::net
{
namespace
{

constexpr std::size_t most_fields = 1000;

std::shared_ptr<std::string const> shared(std::string text)
{
    return std::make_shared<std::string const>(std::move(text));
}

// What browsers do with a % that begins no escape: it stands for itself.
std::string decode_field(std::string_view encoded)
{
    std::string blanks(encoded);
    std::ranges::replace(blanks, '+', ' ');
    std::string result;
    for (std::string_view rest = blanks; !rest.empty();) {
        auto const escape = rest.front() == '%' ? percent_decode(rest.substr(0, 3)) : std::nullopt;
        result += escape ? *escape : std::string(1, rest.front());
        rest.remove_prefix(escape ? 3 : 1);
    }
    return result;
}

}

std::optional<std::string> Fields::find(std::string_view name) const
{
    for (auto const& [key, value] : pairs_) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

std::vector<std::string> Fields::all(std::string_view name) const
{
    std::vector<std::string> values;
    for (auto const& [key, value] : pairs_) {
        if (key == name)
            values.push_back(value);
    }
    return values;
}

std::optional<Fields> parse_fields(std::string_view encoded)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!encoded.empty()) {
        auto const end = std::min(encoded.find('&'), encoded.size());
        auto const pair = encoded.substr(0, end);
        encoded.remove_prefix(std::min(end + 1, encoded.size()));
        if (pair.empty())
            continue;
        auto const equals = std::min(pair.find('='), pair.size());
        auto name = decode_field(pair.substr(0, equals));
        auto value = decode_field(pair.substr(std::min(equals + 1, pair.size())));
        if (!is_clean_utf8(name) || !is_clean_utf8(value) || pairs.size() == most_fields)
            return std::nullopt;
        pairs.emplace_back(std::move(name), std::move(value));
    }
    return Fields(std::move(pairs));
}

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        auto const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            result += c;
        else
            (result += '%', result += digits[byte >> 4], result += digits[byte & 15]);
    }
    return result;
}

std::string_view Request::header(std::string_view lower_case_name) const
{
    auto const found = headers.find(lower_case_name);
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string const& Request::capture(std::string_view name) const
{
    static std::string const none;
    auto const found = captures.find(name);
    return found == captures.end() ? none : found->second;
}

std::optional<std::string> Request::cookie(std::string_view name) const
{
    for (auto rest = header("cookie"); !rest.empty();) {
        auto const end = std::min(rest.find(';'), rest.size());
        auto const pair = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (auto const equals = pair.find('=');
            equals != std::string_view::npos && pair.substr(0, equals) == name) {
            auto value = trimmed(pair.substr(equals + 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            return std::string(value);
        }
    }
    return std::nullopt;
}

Response html(std::string body, int status)
{
    return {status,
            {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
            shared(std::move(body))};
}

Response json_response(boost::json::value const& body, int status)
{
    return {status,
            {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
            shared(boost::json::serialize(body))};
}

Response text_response(std::string body, int status)
{
    return {status,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            shared(std::move(body))};
}

Response redirect(std::string location, int status)
{
    return {status, {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}, nullptr};
}

Response with_header(Response response, std::string name, std::string value)
{
    response.headers.emplace_back(std::move(name), std::move(value));
    return response;
}

Response problem_response(Problem const& problem, std::string_view language)
{
    auto const status = http_status(problem.name);
    Response response{status,
                      {{"Content-Type", "application/problem+json"},
                       {"Cache-Control", "no-store"},
                       {"Content-Language", std::string(language)}},
                      shared(boost::json::serialize(problem_json(problem, language)))};
    if (status == 429 || status == 503) {
        auto const seconds = (problem.retry_after_ms.value_or(1000) + 999) / 1000;
        response.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
    }
    return response;
}

std::string language_of(Request const& request, std::string_view fallback)
{
    if (auto const asked = request.query.find("lang"); asked && is_language(*asked))
        return *asked;
    return negotiate_language(request.header("accept-language"), fallback);
}

}
