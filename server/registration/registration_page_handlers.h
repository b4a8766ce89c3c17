// The handlers behind registration_pages.h, and what they share.
#pragma once

#include "html/frame.h"
#include "registration/desk.h"
#include "registration/registration_pages.h"

#include <string>
#include <string_view>

namespace kutsu::registration
{

// What every handler is given; lives as long as the routes.
struct PageContext
{
    Services& services;
    html::Assets assets;
};

asio::awaitable<net::Response> show_form(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_form(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> show_own(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_own(PageContext const& context, net::Request const& request);

// A page that nobody keeps, because what is in it belongs to one visitor.
net::Response personal_page(std::string body, int status, std::string_view language);
// The detail of a refusal in the reader's language.
std::string problem_words(std::string_view language, Problem const& problem);

}
