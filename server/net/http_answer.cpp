#include "net/http_answer.h"

#include "base/log.h"
#include "net/encoding.h"
#include "net/guard.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace kutsu::net
{
namespace
{

struct Default
{
    std::string_view name, value;
};

// On every answer, unless the room says otherwise: a feed may set Cross-Origin-Resource-Policy to
// cross-origin.
constexpr Default on_all[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "same-origin"},
};

constexpr Default on_pages[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
     "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'"},
    {"Permissions-Policy",
     "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
     "microphone=(), midi=(), payment=(), usb=()"},
};

void append(std::string& block, std::string_view name, std::string_view value)
{
    block.append(name).append(": ").append(value).append("\r\n");
}

bool sets(Response const& response, std::string_view name)
{
    return std::ranges::any_of(response.headers,
                               [&](auto const& each) { return equal_ignoring_case(each.first, name); });
}

bool is_page(Response const& response)
{
    return std::ranges::any_of(response.headers, [](auto const& each) {
        return equal_ignoring_case(each.first, "Content-Type") && each.second.starts_with("text/html");
    });
}

// A line break in a value would let whoever supplied it write fields, or a second answer, of their own.
bool is_safe(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_own(std::string& block, Response const& response)
{
    for (auto const& [name, value] : response.headers) {
        if (is_safe(name) && is_safe(value))
            append(block, name, value);
        else
            log_error("a header field with a line break was left out",
                      {{"name", is_safe(name) ? name : "?"}});
    }
}

void append_defaults(std::string& block, Response const& response, AnswerContext const& context)
{
    for (auto const& [name, value] : on_all) {
        if (!sets(response, name))
            append(block, name, value);
    }
    if (context.over_https && !sets(response, "Strict-Transport-Security"))
        append(block, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    if (!is_page(response))
        return;
    for (auto const& [name, value] : on_pages) {
        if (!sets(response, name))
            append(block, name, value);
    }
}

}

std::string header_block(Response const& response, AnswerContext const& context)
{
    std::string block;
    block.reserve(1024);
    block += fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_words(response.status));
    append(block, "Date", http_date_now());
    append(block, "X-Request-Id", context.request_id);
    append_own(block, response);
    append_defaults(block, response, context);
    if (may_have_body(response.status))
        append(block, "Content-Length", fmt::format_int(response.body ? response.body->size() : 0).c_str());
    auto const upgrades = response.status == 426 && sets(response, "Upgrade");
    if (context.closing)
        append(block, "Connection", upgrades ? "close, upgrade" : "close");
    else if (context.old_version)
        append(block, "Connection", "keep-alive");
    else if (upgrades)
        append(block, "Connection", "upgrade");
    block += "\r\n";
    return block;
}

bool may_have_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

std::string const& http_date_now()
{
    thread_local std::time_t made_at = 0;
    thread_local std::string date;
    if (auto const now = std::time(nullptr); now != made_at) {
        // Always in English, whatever the locale.
        constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        auto const utc = fmt::gmtime(now);
        date = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[utc.tm_wday], utc.tm_mday,
                           months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
        made_at = now;
    }
    return date;
}

}
