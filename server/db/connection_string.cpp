#include "db/connection_string.h"

#include "db/error.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace kutsu::db
{
namespace
{

using Keywords = std::vector<std::pair<std::string, std::string>>;

constexpr std::array defaults = {
    std::pair<std::string_view, std::string_view>{"application_name", "kutsu"},
    std::pair<std::string_view, std::string_view>{"connect_timeout", "2"},
    std::pair<std::string_view, std::string_view>{"tcp_user_timeout", "10000"},
    std::pair<std::string_view, std::string_view>{"client_encoding", "UTF8"},
};

struct FreeOptions
{
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

Keywords keywords_of(std::string const& connection_string)
{
    char* complaint = nullptr;
    std::unique_ptr<PQconninfoOption, FreeOptions> const options(
        PQconninfoParse(connection_string.c_str(), &complaint));
    if (!options) {
        PQfreemem(complaint);
        // libpq's complaint quotes the string, perhaps with its password.
        throw DatabaseAway(
            "the database URL is neither a postgresql:// address nor a list of keyword=value pairs");
    }
    Keywords keywords;
    for (auto const* option = options.get(); option->keyword; ++option) {
        if (option->val) {
            keywords.emplace_back(option->keyword, option->val);
            continue;
        }
        auto const found = std::ranges::find(defaults, std::string_view(option->keyword),
                                             [](auto const& each) { return each.first; });
        if (found != defaults.end())
            keywords.emplace_back(found->first, found->second);
    }
    return keywords;
}

std::string percent_encoded(std::string_view text)
{
    std::string encoded;
    for (auto const c : text) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

}

std::string complete_connection_string(std::string const& connection_string)
{
    std::string complete;
    for (auto const& [keyword, value] : keywords_of(connection_string))
        complete += fmt::format("{}={} ", keyword, quote_keyword_value(value));
    return complete;
}

std::string connection_uri(std::string const& connection_string)
{
    std::string uri = "postgresql://";
    for (auto const& [keyword, value] : keywords_of(connection_string))
        uri += fmt::format("{}{}={}", uri.ends_with('/') ? '?' : '&', keyword, percent_encoded(value));
    return uri;
}

std::string quote_keyword_value(std::string_view value)
{
    std::string quoted = "'";
    for (auto const c : value) {
        if (c == '\'' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '\'';
}

}
