// What the pages and routes of this room share.
#pragma once

#include "accounts/accounts_commands.h"
#include "accounts/accounts_guard.h"
#include "accounts/sign_in_door.h"
#include "html/frame.h"
#include "net/http.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kutsu::accounts
{

struct Room
{
    Room(Services& all, html::Assets files, SignInLimits const& limits)
        : services(all), assets(std::move(files)), door(limits)
    {}

    Services& services;
    html::Assets assets;
    SignInDoor door;
};

using Page = asio::awaitable<net::Response> (*)(Room&, net::Request const&);

net::Route route(std::shared_ptr<Room> const& room, std::string method, std::string pattern, Page page);
std::vector<net::Route> sign_in_routes(std::shared_ptr<Room> const& room);
std::vector<net::Route> desk_routes(std::shared_ptr<Room> const& room);
std::vector<net::Route> api_routes(std::shared_ptr<Room> const& room);

// A page of the application in the reader's language, never stored by anybody.
net::Response app_page(Room const& room, std::string const& language, std::string const& title,
                       std::function<void(html::Html&)> const& body, int status = 200);
std::string language_of(Room const& room, net::Request const& request);
net::Response sign_in_form(Room const& room, std::string const& language);

// Limits, password, session: the same for the form and for programs.
// Problems: too_many_requests, overloaded, not_allowed.
struct PasswordAttempt
{
    std::string email;
    std::string password;
    std::string peer;
};
asio::awaitable<Result<SignedIn>> sign_in_with_password(Room& room, PasswordAttempt const& attempt);

net::Response with_session(net::Response response, Site const& site, SignedIn const& signed_in);

}
