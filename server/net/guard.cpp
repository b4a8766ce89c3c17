#include "net/guard.h"

#include "base/unicode.h"
#include "net/encoding.h"

#include <algorithm>
#include <array>

namespace kutsu::net
{
namespace
{

constexpr std::size_t most_fields = 100;

std::unexpected<Refusal> no(int status, std::string detail)
{
    return std::unexpected(Refusal{status, std::move(detail), {}});
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_control(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

std::optional<Refusal> check_request_line(std::string_view line)
{
    auto const first = line.find(' ');
    auto const second = line.find(' ', std::min(first, line.size() - 1) + 1);
    if (first == std::string_view::npos || second == std::string_view::npos || first == 0 ||
        second == first + 1)
        return Refusal{400, "The request line is not METHOD TARGET VERSION.", {}};
    auto const version = line.substr(second + 1);
    auto const is_version = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                            version[6] == '.' && is_digit(version[7]);
    if (!is_version || !std::ranges::all_of(line.substr(0, first), is_token_character))
        return Refusal{400, "The request line is not METHOD TARGET VERSION.", {}};
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.", {}};
    return std::nullopt;
}

std::optional<Refusal> check_field_line(std::string_view line)
{
    if (line.front() == ' ' || line.front() == '\t')
        return Refusal{400, "A header field is folded over several lines.", {}};
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        return Refusal{400, "A header field has no name.", {}};
    if (!std::ranges::all_of(line.substr(0, colon), is_token_character))
        return Refusal{400, "The name of a header field has a character that does not belong there.", {}};
    return std::nullopt;
}

// Rule 2, and what of rule 1 concerns bodies: there is exactly one way to find where a message ends [6].
std::expected<std::uint64_t, Refusal> check_length(Head const& head)
{
    auto const lengths = head.count("content-length");
    if (head.count("transfer-encoding") > 0) {
        if (lengths > 0 || head.version < 11)
            return no(400, "Transfer-Encoding does not go together with Content-Length or HTTP/1.0.");
        return no(501, "Transfer-Encoding is not supported. Send the body with a Content-Length.");
    }
    if (lengths == 0)
        return 0;
    auto const text = head.value("content-length");
    if (lengths > 1 || text.empty() || !std::ranges::all_of(text, is_digit))
        return no(400, "Content-Length must be there once and be a number.");
    if (text.size() > 15)
        return no(413, "The body is too large.");
    auto const length = std::stoull(text);
    if (length > 0 && head.version < 11)
        return no(400, "HTTP/1.0 requests must not have a body.");
    if (length > 0 && head.count("upgrade") > 0)
        return no(400, "A request to upgrade the connection must not have a body.");
    return length;
}

bool is_ours(std::string_view host, GuardRules const& rules)
{
    return std::ranges::find(rules.hosts, lower_case(host)) != rules.hosts.end();
}

std::optional<Refusal> check_host(Head const& head, GuardRules const& rules)
{
    auto const host = head.value("host");
    if (head.count("host") != 1 || !is_well_formed_host(host))
        return Refusal{400, "The request must have one Host field with a name and perhaps a port.", {}};
    if (!is_ours(host, rules))
        return Refusal{
            421, "This server does not serve that host. Check the address, or the server's base URL.", {}};
    return std::nullopt;
}

std::optional<Refusal> check_method(Head const& head, GuardRules const& rules)
{
    constexpr std::array usual = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    if (std::ranges::find(usual, head.method) == usual.end() && !rules.methods.contains(head.method))
        return Refusal{501, "This method is not known here.", {}};
    if (head.version < 11 && head.method != "GET" && head.method != "HEAD")
        return Refusal{400, "Over HTTP/1.0 only GET and HEAD are answered.", {}};
    return std::nullopt;
}

// Fields that mean something else, or nothing, when they come twice.
std::optional<Refusal> check_singles(Head const& head)
{
    constexpr std::array singles = {"authorization", "content-type",      "cookie",
                                    "origin",        "sec-websocket-key", "sec-websocket-version"};
    for (auto const* name : singles) {
        if (head.count(name) > 1)
            return Refusal{400, std::string(name) + " must be there at most once.", {}};
    }
    return std::nullopt;
}

// Origin form of a target: of http://ours/path only /path remains [3.2.2].
std::expected<std::string, Refusal> origin_form(Head const& head, GuardRules const& rules)
{
    std::string_view target = head.target;
    if (target == "*" && head.method == "OPTIONS")
        return std::string(target);
    if (target.starts_with('/'))
        return std::string(target);
    auto const scheme = target.substr(0, std::min(target.find("://"), target.size()));
    if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https"))
        return no(400, "The request target must be a path.");
    target.remove_prefix(scheme.size() + 3);
    auto const authority = target.substr(0, std::min(target.find_first_of("/?"), target.size()));
    if (!is_well_formed_host(authority))
        return no(400, "The request target names no proper host.");
    if (!is_ours(authority, rules))
        return no(421, "This server does not serve that host.");
    target.remove_prefix(authority.size());
    return target.starts_with('/') ? std::string(target) : "/" + std::string(target);
}

std::optional<Refusal> fill_target(Framing& framing, std::string_view target)
{
    auto const question = std::min(target.find('?'), target.size());
    auto path = decode_path(target.substr(0, question));
    if (!path || target.find('#') != std::string_view::npos)
        return Refusal{400, "The path of the request is malformed.", {}};
    auto query = parse_fields(target.substr(std::min(question + 1, target.size())));
    if (!query)
        return Refusal{400, "The query of the request is malformed.", {}};
    framing.path = std::move(*path);
    framing.query = std::move(*query);
    return std::nullopt;
}

}

std::size_t Head::count(std::string_view lower_case_name) const
{
    return static_cast<std::size_t>(std::ranges::count(
        fields, lower_case_name, [](auto const& field) { return std::string_view(field.first); }));
}

std::string Head::value(std::string_view lower_case_name) const
{
    std::string all;
    bool first = true;
    for (auto const& [name, text] : fields) {
        if (name != lower_case_name)
            continue;
        if (!first)
            all += ", ";
        all += text;
        first = false;
    }
    return all;
}

std::optional<Refusal> check_layout(std::string_view block)
{
    std::size_t fields = 0;
    for (bool is_request_line = true; block != "\r\n"; is_request_line = false) {
        auto const end = block.find("\r\n");
        if (end == std::string_view::npos)
            return Refusal{400, "The header block does not end with an empty line.", {}};
        auto const line = block.substr(0, end);
        block.remove_prefix(end + 2);
        // A lone CR or LF is a line end to some readers and not to others [2.2].
        if (line.empty() || std::ranges::any_of(line, [](char c) { return is_control(c) && c != '\t'; }))
            return Refusal{400, "The header block has a control character.", {}};
        if (auto refused = is_request_line ? check_request_line(line) : check_field_line(line))
            return refused;
        if (!is_request_line && ++fields > most_fields)
            return Refusal{431, "The request has too many header fields.", {}};
    }
    return std::nullopt;
}

std::expected<Framing, Refusal> check_head(Head const& head, GuardRules const& rules)
{
    for (auto const& check : {check_method, check_host}) {
        if (auto refused = check(head, rules))
            return std::unexpected(std::move(*refused));
    }
    if (auto refused = check_singles(head))
        return std::unexpected(std::move(*refused));
    auto const length = check_length(head);
    if (!length)
        return std::unexpected(length.error());
    auto const target = origin_form(head, rules);
    if (!target)
        return std::unexpected(target.error());

    Framing framing;
    if (auto refused = fill_target(framing, *target))
        return std::unexpected(std::move(*refused));
    framing.content_length = *length;
    auto const connection = head.value("connection");
    framing.keep_alive = head.version >= 11
                             ? !list_has(connection, "close")
                             : list_has(connection, "keep-alive") && !list_has(connection, "close");
    if (auto const expect = head.value("expect"); !expect.empty()) {
        if (!equal_ignoring_case(expect, "100-continue"))
            return no(417, "Only Expect: 100-continue can be met.");
        framing.expects_continue = head.version >= 11;
    }
    return framing;
}

std::optional<std::string> decode_path(std::string_view path)
{
    auto decoded = percent_decode(path);
    if (!decoded || !is_clean_utf8(*decoded))
        return std::nullopt;
    if (std::ranges::count(*decoded, '/') != std::ranges::count(path, '/'))
        return std::nullopt; // %2f hides a slash from whoever looked at the path before us
    if (std::ranges::any_of(*decoded, [](char c) { return is_control(c) || c == '\\'; }))
        return std::nullopt;
    auto const padded = "/" + *decoded + "/";
    if (padded.find("/./") != std::string::npos || padded.find("/../") != std::string::npos)
        return std::nullopt;
    return decoded;
}

bool is_well_formed_host(std::string_view host)
{
    auto name = host;
    if (host.starts_with('[')) {
        auto const close = host.find(']');
        if (close == std::string_view::npos || close < 3)
            return false;
        auto const address = host.substr(1, close - 1);
        if (!std::ranges::all_of(address, [](char c) { return is_token_character(c) || c == ':'; }))
            return false;
        name = host.substr(close + 1);
        if (name.empty())
            return true;
        host.remove_prefix(close + 1);
    } else {
        name = host.substr(0, std::min(host.find(':'), host.size()));
        if (name.empty() || !std::ranges::all_of(name, [](char c) {
                return is_digit(c) || (c | 0x20) >= 'a' ? is_token_character(c) : c == '-' || c == '.';
            }))
            return false;
        host.remove_prefix(name.size());
    }
    if (host.empty())
        return true;
    auto const port = host.substr(1);
    return host.front() == ':' && !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

}
