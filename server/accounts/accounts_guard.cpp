#include "accounts/accounts_guard.h"

#include "accounts/accounts_store.h"
#include "base/secret.h"
#include "db/database.h"

#include <fmt/format.h>

namespace kutsu::accounts
{
namespace
{

bool is_https(Site const& site)
{
    return site.base_url.starts_with("https://");
}

// Scheme, host and port, without a path the site may have.
std::string_view origin_of(std::string_view base_url)
{
    auto const host_at = base_url.find("://");
    return host_at == std::string_view::npos ? base_url : base_url.substr(0, base_url.find('/', host_at + 3));
}

}

asio::awaitable<std::optional<Actor>> actor_of(Services& services, net::Request const& request)
{
    auto const token = session_cookie(request, services.site);
    // Ours have 43 characters; nothing else is worth a question.
    if (!token || token->size() != 43)
        co_return std::nullopt;
    auto const now = services.clock.now();
    co_return co_await services.db.read(store::find_actor, *token, now);
}

bool is_same_origin(net::Request const& request, Site const& site)
{
    if (auto const origin = request.header("origin"); !origin.empty())
        return origin == origin_of(site.base_url);
    return request.header("sec-fetch-site") == "same-origin";
}

bool is_foreign_browser(net::Request const& request, Site const& site)
{
    bool const is_browser = !request.header("origin").empty() || !request.header("sec-fetch-site").empty();
    return is_browser && !is_same_origin(request, site);
}

bool has_csrf_token(net::Request const& request, Actor const& actor)
{
    return equal_in_constant_time(request.header("x-csrf-token"), actor.csrf_token);
}

std::string cookie_name(Site const& site)
{
    return is_https(site) ? "__Host-kutsu" : "kutsu";
}

std::optional<std::string> session_cookie(net::Request const& request, Site const& site)
{
    return request.cookie(cookie_name(site));
}

std::string set_cookie(Site const& site, std::string_view token, std::int64_t seconds)
{
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie_name(site), token,
                       seconds, is_https(site) ? "; Secure" : "");
}

std::string clear_cookie(Site const& site)
{
    return set_cookie(site, "", 0);
}

}
