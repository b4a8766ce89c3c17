// The frame of the organisers' application: a page in the reader's language that nobody keeps.
#pragma once

#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <functional>
#include <string>
#include <vector>

namespace kutsu::accounts
{

struct AppPage
{
    std::string title;
    int status = 200;
    bool loads_people = false;
    std::vector<html::Attr> main; // attributes of <main>
};
net::Response app_page(Services& services, html::Assets const& assets, std::string const& language,
                       AppPage const& page, std::function<void(html::Html&)> const& body);

}
