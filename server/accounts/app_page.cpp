#include "accounts/app_page.h"

#include "events/events_page_parts.h"

namespace kutsu::accounts
{

net::Response app_page(Services& services, html::Assets const& assets, std::string const& language,
                       AppPage const& page, std::function<void(html::Html&)> const& body)
{
    html::Head head;
    head.title = page.title;
    head.is_listed = false;
    head.is_error = page.status >= 400;
    head.loads_people = page.loads_people;
    auto bytes = html::page(events::surroundings(services, assets, language), head, page.main, body);
    return net::with_header(net::html(std::move(bytes), page.status), "Content-Language", language);
}

}
