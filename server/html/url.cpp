#include "html/url.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace kutsu::html
{
namespace
{

// Browsers drop blanks and control characters inside a scheme ("java\nscript:"), and read "\" as "/".
bool is_plain(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>';
    });
}

bool is_allowed_scheme(std::string_view scheme)
{
    std::string lower(scheme);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static constexpr std::array<std::string_view, 4> allowed = {"http", "https", "mailto", "tel"};
    return std::ranges::find(allowed, lower) != allowed.end();
}

bool is_unreserved(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
}

}

std::string percent_encoded(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (char const c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4U];
        result += digits[byte & 15U];
    }
    return result;
}

Url Url::parse(std::string_view text)
{
    if (text.empty() || !is_plain(text) || text.starts_with("//"))
        return {};
    auto const colon = text.find(':');
    bool const has_scheme = colon != std::string_view::npos && colon < text.find_first_of("/?#");
    if (has_scheme && !is_allowed_scheme(text.substr(0, colon)))
        return {};
    return Url(std::string(text));
}

Url Url::local(std::initializer_list<std::string_view> segments)
{
    std::string path;
    for (auto const segment : segments) {
        path += '/';
        path += percent_encoded(segment);
    }
    return Url(path.empty() ? "/" : std::move(path));
}

Url Url::fragment(std::string_view id)
{
    return Url("#" + percent_encoded(id));
}

Url Url::absolute(std::string_view base, Url const& local)
{
    return local.empty() ? Url() : parse(std::string(base) + local.text_);
}

Url Url::webcal(std::string_view base, Url const& local)
{
    auto const host = base.find("://");
    if (host == std::string_view::npos || absolute(base, local).empty())
        return {};
    return Url("webcal" + std::string(base.substr(host)) + local.text_);
}

Url Url::with(std::string_view name, std::string_view value) const
{
    if (empty())
        return {};
    auto const joint = text_.find('?') == std::string::npos ? "?" : "&";
    return Url(text_ + joint + percent_encoded(name) + "=" + percent_encoded(value));
}

Url Url::as_folder() const
{
    return empty() || text_.ends_with('/') ? *this : Url(text_ + "/");
}

}
