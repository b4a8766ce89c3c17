#include "registration/registration_pages.h"

#include "registration/registration_page_handlers.h"

#include <memory>

namespace kutsu::registration
{
namespace
{

template <class Handle>
net::Handler bound(std::shared_ptr<PageContext const> context, Handle handle)
{
    return [context = std::move(context), handle](net::Request const& request) {
        return handle(*context, request);
    };
}

}

std::vector<net::Route> page_routes(Services& services, html::Assets const& assets)
{
    auto const context = std::make_shared<PageContext const>(PageContext{services, assets});
    constexpr std::size_t form_limit = 256 * 1024;
    return {
        {"GET", "/{lang}/events/{slug}/registrations", bound(context, show_form)},
        {"POST", "/{lang}/events/{slug}/registrations", bound(context, take_form), form_limit},
        {"GET", "/{lang}/registrations/{token}", bound(context, show_own)},
        {"POST", "/{lang}/registrations/{token}", bound(context, take_own), form_limit},
    };
}

}
