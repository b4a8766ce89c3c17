#include "net/multipart.h"

#include "net/encoding.h"

#include <algorithm>
#include <map>

namespace kutsu::net
{
namespace
{

constexpr std::size_t boundary_limit = 70; // RFC 2046, section 5.1.1
constexpr std::size_t header_limit = 4096;
constexpr std::string_view kind_of_form = "multipart/form-data";

// `; name="value"; other=token`. A quotation mark in a value comes as %22, from older browsers as \".
using Parameters = std::map<std::string, std::string, std::less<>>;

std::string quoted_value(std::string_view& rest, bool& is_fine)
{
    std::string value;
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] == '"')
            ++i;
        value += rest[i];
    }
    is_fine = i < rest.size();
    rest.remove_prefix(std::min(i + 1, rest.size()));
    return value;
}

std::optional<Parameters> parse_parameters(std::string_view rest)
{
    Parameters parameters;
    for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest)) {
        if (rest.front() != ';')
            return std::nullopt;
        rest = trimmed(rest.substr(1));
        if (rest.empty())
            break;
        auto const equals = rest.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        auto const name = trimmed(rest.substr(0, equals));
        if (name.empty() || !std::ranges::all_of(name, is_token_character))
            return std::nullopt;
        rest = trimmed(rest.substr(equals + 1));
        std::string value;
        bool is_fine = true;
        if (rest.starts_with('"')) {
            value = quoted_value(rest, is_fine);
        } else {
            auto const end = std::min(rest.find(';'), rest.size());
            value = trimmed(rest.substr(0, end));
            rest.remove_prefix(end);
        }
        if (!is_fine || !parameters.emplace(lower_case(name), std::move(value)).second)
            return std::nullopt;
    }
    return parameters;
}

std::optional<std::string> boundary_of(std::string_view content_type)
{
    auto const end = std::min(content_type.find(';'), content_type.size());
    if (!equal_ignoring_case(trimmed(content_type.substr(0, end)), kind_of_form))
        return std::nullopt;
    auto parameters = parse_parameters(content_type.substr(end));
    if (!parameters || !parameters->contains("boundary"))
        return std::nullopt;
    auto& boundary = (*parameters)["boundary"];
    if (boundary.empty() || boundary.size() > boundary_limit)
        return std::nullopt;
    return std::move(boundary);
}

struct PartHead
{
    std::string field;
    std::optional<std::string> file_name;
};

std::string unescaped(std::string text)
{
    static constexpr std::pair<std::string_view, std::string_view> escapes[] = {
        {"%22", "\""}, {"%0D", " "}, {"%0A", " "}};
    for (auto const& [from, to] : escapes) {
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    }
    return text;
}

// Old browsers sent whole paths.
std::string without_folders(std::string const& name)
{
    auto const slash = name.find_last_of("/\\");
    return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::optional<PartHead> parse_head_of_part(std::string_view head)
{
    if (head.size() > header_limit)
        return std::nullopt;
    std::optional<PartHead> found;
    while (!head.empty()) {
        auto const end = head.find("\r\n");
        auto const line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos)
            return std::nullopt;
        if (!equal_ignoring_case(trimmed(line.substr(0, colon)), "content-disposition"))
            continue;
        auto const value = trimmed(line.substr(colon + 1));
        auto const kind_ends = std::min(value.find(';'), value.size());
        auto parameters = parse_parameters(value.substr(kind_ends));
        if (found || !equal_ignoring_case(trimmed(value.substr(0, kind_ends)), "form-data") || !parameters ||
            !parameters->contains("name"))
            return std::nullopt;
        found.emplace(unescaped((*parameters)["name"]), std::nullopt);
        if (auto const name = parameters->find("filename"); name != parameters->end())
            found->file_name = without_folders(unescaped(name->second));
    }
    return found;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool is_clean(std::string_view text)
{
    return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

// One part: its head, an empty line, its content. False when it is not well-formed.
bool take_part(std::string_view part, Pairs& fields, SentForm& form)
{
    auto const blank = part.find("\r\n\r\n");
    if (blank == std::string_view::npos)
        return false;
    auto head = parse_head_of_part(part.substr(0, blank));
    if (!head || !is_clean(head->field) || (head->file_name && !is_clean(*head->file_name)))
        return false;
    auto const content = part.substr(blank + 4);
    if (!head->file_name) {
        bool const clean = is_clean(content);
        if (!clean)
            form.unclean.push_back(head->field);
        fields.emplace_back(std::move(head->field), clean ? std::string(content) : std::string());
    } else if (!head->file_name->empty() || !content.empty()) {
        form.files.push_back({std::move(head->field), std::move(*head->file_name), std::string(content)});
    }
    return true;
}

// application/x-www-form-urlencoded. Almost always everything is clean; else it is looked for pair by pair.
std::optional<SentForm> parse_encoded(std::string_view body)
{
    SentForm form;
    if (auto fields = parse_fields(body)) {
        form.fields = std::move(*fields);
        return form;
    }
    Pairs pairs;
    while (!body.empty()) {
        auto const end = std::min(body.find('&'), body.size());
        auto const pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        auto one = parse_fields(pair);
        if (!one) {
            one = parse_fields(pair.substr(0, pair.find('=')));
            if (!one || one->pairs().empty())
                return std::nullopt;
            form.unclean.push_back(one->pairs().front().first);
        }
        pairs.insert(pairs.end(), one->pairs().begin(), one->pairs().end());
        if (pairs.size() > part_limit)
            return std::nullopt;
    }
    form.fields = Fields(std::move(pairs));
    return form;
}

}

std::optional<SentForm> parse_multipart(std::string_view content_type, std::string_view body)
{
    auto const boundary = boundary_of(content_type);
    if (!boundary)
        return std::nullopt;
    auto const delimiter = "\r\n--" + *boundary;
    auto const opening = std::string_view(delimiter).substr(2);
    if (!body.starts_with(opening))
        return std::nullopt;
    body.remove_prefix(opening.size());
    Pairs fields;
    SentForm form;
    // After each delimiter: a line break and a part, or two dashes and the end.
    for (std::size_t parts = 0; body.starts_with("\r\n"); ++parts) {
        auto const end = body.find(delimiter, 2);
        if (end == std::string_view::npos || parts == part_limit ||
            !take_part(body.substr(2, end - 2), fields, form))
            return std::nullopt;
        body.remove_prefix(end + delimiter.size());
    }
    if (!body.starts_with("--"))
        return std::nullopt;
    form.fields = Fields(std::move(fields));
    return form;
}

std::optional<SentForm> parse_form(Request const& request)
{
    auto const type = request.header("content-type");
    if (lower_case(type).starts_with(kind_of_form))
        return parse_multipart(type, request.body);
    return parse_encoded(request.body);
}

}
