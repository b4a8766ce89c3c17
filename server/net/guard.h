// What is refused before a byte of a body is read or a room is asked. Pure functions over the header block;
// each rule closes a hole through which one party reads a message differently from another. Numbers in
// brackets: RFC 9112.
#pragma once

#include "net/http.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::net
{

// An answer in plain English to something that is no proper request; the connection closes after it.
struct Refusal
{
    int status = 400;
    std::string detail;
    std::vector<std::pair<std::string, std::string>> headers;
};

// A parsed header block. Names are in lower case, values as they came, in order.
struct Head
{
    std::string method;
    std::string target;
    unsigned version = 11;
    std::vector<std::pair<std::string, std::string>> fields;

    std::size_t count(std::string_view lower_case_name) const;
    // All values of a name as one list; empty when absent.
    std::string value(std::string_view lower_case_name) const;
};

// What the header block says about the message around it.
struct Framing
{
    std::string path; // decoded once
    Fields query;
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    bool expects_continue = false;
};

struct GuardRules
{
    std::vector<std::string> hosts; // in lower case, "name" or "name:port"
    std::set<std::string> methods;  // beyond the usual ones, such as REPORT
};

// The raw block, with the empty line at its end: lines, names, characters.
std::optional<Refusal> check_layout(std::string_view block);
std::expected<Framing, Refusal> check_head(Head const& head, GuardRules const& rules);

// The path of a request target, decoded once: empty when it is not clean (escapes, dots, UTF-8, hidden
// slashes).
std::optional<std::string> decode_path(std::string_view path);
bool is_well_formed_host(std::string_view host);

Response refusal_response(Refusal const& refusal);
std::string_view status_words(int status);

}
