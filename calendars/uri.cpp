#include "calendars/code_points.h"
#include "calendars/values.h"

#include <unicode/idna.h>

#include <algorithm>
#include <memory>

namespace kutsu::calendars
{
namespace
{

constexpr std::string_view unreserved_marks = "-._~", reserved = ":/?#@!$&'()*+,;=";

bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// No controls (neither the C1 set nor the separators that some readers take for a line's end) and well-formed
// UTF-8.
bool is_harmless(std::string_view iri)
{
    for (std::size_t at = 0; at < iri.size();) {
        auto const c = next_code_point(iri, at);
        if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF)
            return false;
    }
    return true;
}

bool is_scheme(std::string_view text)
{
    auto const fits = [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; };
    return !text.empty() && is_alphanumeric(text.front()) && !(text.front() >= '0' && text.front() <= '9') &&
           std::ranges::all_of(text, fits);
}

bool is_web_scheme(std::string_view scheme)
{
    std::string lower(scheme);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return lower == "http" || lower == "https" || lower == "webcal";
}

void append_encoded(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
}

// What is neither a RFC 3986 character nor an escape already becomes one; only the first "#" starts a
// fragment.
void append_rest(std::string& out, std::string_view rest)
{
    bool in_fragment = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        auto const c = rest[i];
        auto const escape = c == '%' && i + 2 < rest.size() && is_hex(rest[i + 1]) && is_hex(rest[i + 2]);
        auto const plain = is_alphanumeric(c) || unreserved_marks.contains(c) || reserved.contains(c);
        if (escape || (plain && !(c == '#' && in_fragment)))
            out += c;
        else
            append_encoded(out, c);
        in_fragment = in_fragment || c == '#';
    }
}

std::optional<std::string> ascii_host(std::string_view host)
{
    UErrorCode wrong = U_ZERO_ERROR;
    std::unique_ptr<icu::IDNA> const idna(
        icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, wrong));
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    icu::IDNAInfo info;
    if (U_SUCCESS(wrong))
        idna->nameToASCII_UTF8(icu::StringPiece(host.data(), static_cast<int32_t>(host.size())), sink, info,
                               wrong);
    return U_SUCCESS(wrong) && !info.hasErrors() ? std::optional(out) : std::nullopt;
}

bool is_plain_host(std::string_view host)
{
    auto const fits = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; };
    return std::ranges::all_of(host, fits);
}

bool is_literal_host(std::string_view host)
{
    auto const fits = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
    return host.size() > 4 && host.front() == '[' && host.back() == ']' &&
           std::ranges::all_of(host.substr(1, host.size() - 2), fits);
}

// user@host:port; false when the host is not one.
bool append_authority(std::string& out, std::string_view authority)
{
    auto const user = authority.rfind('@');
    auto host = user == authority.npos ? authority : authority.substr(user + 1);
    auto const colon = host.rfind(':');
    auto const closing = host.rfind(']');
    auto const has_port = colon != host.npos && (closing == host.npos || colon > closing);
    auto const port = has_port ? host.substr(colon) : std::string_view();
    host.remove_suffix(port.size());
    if (port.size() > 6 ||
        !std::ranges::all_of(port, [](char c) { return c == ':' || (c >= '0' && c <= '9'); }))
        return false;

    auto const written =
        is_plain_host(host) || is_literal_host(host) ? std::optional(std::string(host)) : ascii_host(host);
    if (!written || written->empty() || !(is_plain_host(*written) || is_literal_host(*written)))
        return false;
    if (user != authority.npos)
        append_rest(out, authority.substr(0, user + 1));
    out.append(*written).append(port);
    return true;
}

}

std::optional<Uri> Uri::from(std::string_view iri)
{
    auto const colon = iri.find(':');
    if (colon == iri.npos || iri.size() > 4000 || !is_scheme(iri.substr(0, colon)) || !is_harmless(iri))
        return std::nullopt;

    std::string out(iri.substr(0, colon + 1));
    auto rest = iri.substr(colon + 1);
    if (rest.starts_with("//")) {
        auto const authority = rest.substr(2, rest.find_first_of("/?#", 2) - 2);
        out += "//";
        if (!append_authority(out, authority))
            return std::nullopt;
        rest.remove_prefix(2 + authority.size());
    } else if (is_web_scheme(iri.substr(0, colon)))
        return std::nullopt;
    append_rest(out, rest);
    return out.size() > colon + 1 ? std::optional(Uri(std::move(out))) : std::nullopt;
}

}
