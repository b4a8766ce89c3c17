#include "events/events_pages.h"

#include "base/messages.h"
#include "events/events_page_memory.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "html/error_pages.h"
#include "net/content_coding.h"
#include "registration/registration_pages.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <ranges>

namespace kutsu::events
{
namespace
{

namespace asio = boost::asio;

// The searched text of events, folded once per version of an event: folding costs more than the search.
class SearchTexts
{
public:
    std::shared_ptr<std::string const> of(EventPtr const& event)
    {
        std::scoped_lock const lock(guard_);
        auto& known = texts_[event->slug];
        if (known.event != event)
            known = {event, std::make_shared<std::string const>(search_text(*event))};
        return known.text;
    }

private:
    struct Known
    {
        EventPtr event;
        std::shared_ptr<std::string const> text;
    };
    std::mutex guard_;
    std::map<std::string, Known, std::less<>> texts_;
};

struct Context
{
    Services& services;
    html::Assets assets;
    std::shared_ptr<SearchTexts> texts = std::make_shared<SearchTexts>();
    std::shared_ptr<PageMemory> pages = std::make_shared<PageMemory>();
};

net::Response page_response(std::string body, std::string_view language, std::string cache)
{
    auto response = net::html(std::move(body));
    std::erase_if(response.headers, [](auto const& header) { return header.first == "Cache-Control"; });
    response.headers.emplace_back("Cache-Control", std::move(cache));
    response.headers.emplace_back("Content-Language", std::string(language));
    return response;
}

std::vector<EventPtr> public_events(Picture const& picture)
{
    std::vector<EventPtr> events;
    std::ranges::copy_if(picture.by_start, std::back_inserter(events),
                         [](auto const& event) { return is_public(*event); });
    return events;
}

// Ahead first; what is over backwards from now.
std::vector<EventPtr> chosen(std::vector<EventPtr> const& events, Filter const& filter, SearchTexts& texts,
                             Instant now)
{
    std::vector<EventPtr> list;
    std::shared_ptr<std::string const> text;
    for (auto const& event : events) {
        bool const over = event->span.ends.at <= now;
        auto const searched = [&]() -> std::string const& {
            text = texts.of(event);
            return *text;
        };
        if (over == filter.past && matches(filter, *event, searched))
            list.push_back(event);
    }
    if (filter.past)
        std::ranges::reverse(list);
    return list;
}

asio::awaitable<net::Response> show_list(Context const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const events = public_events(*context.services.catalogue.picture());
    ListView view{
        surroundings(context.services, context.assets, language), filter_from(request.query), {}, {}};
    view.events = chosen(events, view.filter, *context.texts, view.in.now);
    view.choices = choices_from(events, language);
    auto page = page_response(render_list_page(view), language, "public, max-age=0, must-revalidate");
    co_return net::compressed(std::move(page), request);
}

asio::awaitable<net::Response> show_event(Context const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const event = context.services.catalogue.find_public(request.capture("slug"));
    if (!event)
        co_return html::not_found_page(language, context.assets);
    // A personal link opens the form; this page is everybody's.
    if (auto const code = request.query.find("invitation"))
        co_return net::redirect(html::Url::local({language, "events", event->slug, "registrations"})
                                    .with("invitation", *code)
                                    .text());
    auto const kept =
        context.pages->event_page(surroundings(context.services, context.assets, language), event);
    if (!kept.has_form) {
        auto response = page_response({}, language, "public, max-age=0, must-revalidate");
        response.body = kept.page;
        co_return net::compressed(std::move(response), request);
    }
    // Each form has an id of its own, so that two people behind one cache are never taken for one.
    auto page = page_response(registration::with_fresh_ids(context.services, *kept.page), language,
                              "private, no-cache");
    co_return net::compressed(std::move(page), request);
}

asio::awaitable<net::Response> lead_to_language(Context const& context, net::Request const& request)
{
    auto const language =
        negotiate_language(request.header("accept-language"), context.services.site.default_language);
    co_return net::with_header(net::redirect(html::in_language(language, {}).text()), "Vary",
                               "Accept-Language");
}

asio::awaitable<net::Response> lead_to_list(Context const&, net::Request const& request)
{
    co_return net::redirect(html::in_language(request.capture("lang"), {}).text(), 308);
}

template <class Handle>
net::Handler bound(std::shared_ptr<Context const> context, Handle handle)
{
    return [context = std::move(context), handle](net::Request const& request) {
        return handle(*context, request);
    };
}

}

std::vector<net::Route> page_routes(Services& services, html::Assets const& assets)
{
    auto const context = std::make_shared<Context const>(Context{services, assets});
    return {
        {"GET", "/", bound(context, lead_to_language)},
        {"GET", "/{lang}", bound(context, lead_to_list)},
        {"GET", "/{lang}/", bound(context, show_list)},
        {"GET", "/{lang}/events/{slug}", bound(context, show_event)},
    };
}

}
