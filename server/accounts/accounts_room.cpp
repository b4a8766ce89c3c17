#include "accounts/accounts_room.h"

#include "accounts/accounts_pages.h"
#include "accounts/app_page.h"
#include "base/unicode.h"
#include "db/database.h"

namespace kutsu::accounts
{

std::vector<net::Route> routes(Services& services, html::Assets const& assets, SignInLimits const& limits)
{
    auto const room = std::make_shared<Room>(services, assets, limits);
    std::vector<net::Route> all;
    for (auto&& part : {sign_in_routes(room), desk_routes(room), api_routes(room)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

net::Route route(std::shared_ptr<Room> const& room, std::string method, std::string pattern, Page page)
{
    auto handler = [room, page](net::Request const& request) { return page(*room, request); };
    return {std::move(method), std::move(pattern), std::move(handler), 16 * 1024};
}

std::string language_of(Room const& room, net::Request const& request)
{
    return net::language_of(request, room.services.site.default_language);
}

net::Response app_page(Room const& room, std::string const& language, std::string const& title,
                       std::function<void(html::Html&)> const& body, int status)
{
    return app_page(room.services, room.assets, language, {title, status, false, {}}, body);
}

asio::awaitable<Result<SignedIn>> sign_in_with_password(Room& room, PasswordAttempt const& attempt)
{
    auto& services = room.services;
    auto const email = tidy_line(attempt.email);
    auto const now = services.clock.now();
    if (auto allowed = room.door.knock(email, attempt.peer, now); !allowed)
        co_return std::unexpected(allowed.error());

    // An account that does not exist or is closed takes as long as a wrong password.
    auto const user = co_await services.db.read(store::find_user, email);
    bool const may_enter =
        user && !user->is_disabled && password_flaw(attempt.password) != "accounts.password_unusable";
    auto hash = may_enter ? user->password_hash.value_or("") : std::string();
    auto const right = co_await room.door.verify(hash, attempt.password.substr(0, 1000));
    if (!right)
        co_return std::unexpected(right.error());
    if (!*right)
        co_return refuse(ProblemName::not_allowed, "accounts.wrong_password");

    VerifiedSignIn const verified{email, hash, new_session(services.random, now)};
    co_return co_await services.db.write(sign_in_verified, verified);
}

net::Response with_session(net::Response response, Site const& site, SignedIn const& signed_in)
{
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(session_life).count();
    return net::with_header(std::move(response), "Set-Cookie",
                            set_cookie(site, signed_in.session_token, seconds));
}

}
