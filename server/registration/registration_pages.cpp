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

std::vector<net::Route> page_routes(Services& services, html::Assets const& assets, Uploads& uploads)
{
    auto const context = std::make_shared<PageContext const>(PageContext{services, assets, uploads});
    constexpr std::size_t form_limit = 256 * 1024;
    auto const with_files = form_limit + uploads.limit();
    return {
        {"GET", "/{lang}/events/{slug}/registrations", bound(context, show_form)},
        {"POST", "/{lang}/events/{slug}/registrations", bound(context, take_form), form_limit},
        {"POST", "/{lang}/events/{slug}/registrations/files", bound(context, take_form), with_files},
        {"GET", "/{lang}/registrations", bound(context, to_lost_link)},
        {"GET", "/{lang}/registrations/", bound(context, show_lost_link)},
        {"POST", "/{lang}/registrations/", bound(context, take_lost_link), form_limit},
        {"GET", "/{lang}/registrations/{token}", bound(context, show_own)},
        {"POST", "/{lang}/registrations/{token}", bound(context, take_own), form_limit},
        {"GET", "/{lang}/registrations/{token}/programme", bound(context, show_programme)},
        {"POST", "/{lang}/registrations/{token}/files", bound(context, take_own), with_files},
        {"GET", "/{lang}/registrations/{token}/calendar", bound(context, show_calendar)},
        {"POST", "/{lang}/registrations/{token}/calendar", bound(context, take_calendar), form_limit},
    };
}

}
