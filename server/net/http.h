// What a room sees of HTTP: plain requests and ready-made responses. No Beast here, so that touching a room
// never recompiles it. `net` knows no event: rooms hand it tables of routes.
#pragma once

#include "base/problem.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::net
{

namespace asio = boost::asio;

// Decoded name=value pairs of a query or of an application/x-www-form-urlencoded body, in order.
class Fields
{
public:
    Fields() = default;
    explicit Fields(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {}

    std::optional<std::string> find(std::string_view name) const; // the first one
    std::vector<std::string> all(std::string_view name) const;
    std::vector<std::pair<std::string, std::string>> const& pairs() const { return pairs_; }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// Empty when the text is not well-formed UTF-8 after decoding or holds NUL.
std::optional<Fields> parse_fields(std::string_view encoded);
std::string percent_encode(std::string_view text);

struct Request
{
    std::string id;     // 16 hex digits, also in the log and in X-Request-Id
    std::string method; // "GET"; a HEAD arrives as GET and loses its body on the way out
    std::string path;   // decoded once, "/fi/events/ev-sem-spring"
    std::string target; // as it came
    Fields query;
    std::map<std::string, std::string, std::less<>> headers; // names in lower case
    std::string body;
    std::string peer;                                         // address without port
    std::map<std::string, std::string, std::less<>> captures; // {slug} of the route's pattern

    std::string_view header(std::string_view lower_case_name) const; // empty when absent
    std::string const& capture(std::string_view name) const;
    std::optional<std::string> cookie(std::string_view name) const;
};

struct Response
{
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<std::string const> body; // null: none
};

using Handler = std::function<asio::awaitable<Response>(Request const&)>;

// A row of a room's table. Patterns: "/{lang}/events/{slug}"; a capture never holds a slash. {lang} matches
// only languages with a message file. Literal segments win over captures.
struct Route
{
    std::string method;
    std::string pattern;
    Handler handler;
    std::size_t body_limit = 1024 * 1024;
};

Response html(std::string body, int status = 200); // text/html; charset=utf-8, no-store
Response json_response(boost::json::value const& body, int status = 200);
Response text_response(std::string body, int status = 200);
Response redirect(std::string location, int status = 303);
Response with_header(Response response, std::string name, std::string value);

// A Problem as application/problem+json, in this language; see problem_json.h for the object itself.
Response problem_response(Problem const& problem, std::string_view language);
// The language an API caller wants: ?lang=, else Accept-Language, else `fallback`.
std::string language_of(Request const& request, std::string_view fallback);

}
