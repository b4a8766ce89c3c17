#include "html/error_pages.h"

#include "base/messages.h"
#include "html/drawings.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::html
{
namespace
{

Surroundings surroundings(std::string_view language, Assets const& assets)
{
    Surroundings in;
    in.language = language;
    in.default_language = language;
    in.assets = assets;
    return in;
}

void add_search(Html& html, std::string_view language)
{
    html.add(Tag::form,
             {attr::cls("search"), attr::role("search"), attr::method("get"),
              attr::action(in_language(language, {}))},
             [&] {
                 html.add(Tag::label, {attr::for_field("search-q")}, message(language, "list.q"));
                 html.add(Tag::div, {attr::cls("search-row")}, [&] {
                     html.add(Tag::input, {attr::type("search"), attr::id("search-q"), attr::name("q")});
                     html.add(Tag::button, {attr::type("submit")}, message(language, "list.search"));
                 });
             });
}

net::Response respond(std::string_view language, Assets const& assets, std::string_view title,
                      std::string_view detail, int status, bool offers_search)
{
    Head head;
    head.title = title;
    head.is_error = true;
    head.is_listed = false;
    auto body = page(surroundings(language, assets), head, {}, [&](Html& html) {
        html.add(Tag::h1, title);
        html.add(Tag::p, {attr::cls("lead")}, detail);
        if (offers_search)
            add_search(html, language);
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(in_language(language, {}))}, message(language, "error.to_events"));
        });
        if (offers_search) // what is looked for may be one's own registration
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(Url::local({language, "registrations"}).as_folder())},
                         message(language, "own.lost.link"));
            });
    });
    return net::with_header(net::html(std::move(body), status), "Content-Language", std::string(language));
}

}

net::Response not_found_page(std::string_view language, Assets const& assets)
{
    return respond(language, assets, message(language, "error.not_found.title"),
                   message(language, "error.not_found.detail"), 404, true);
}

net::Response gone_page(std::string_view language, Assets const& assets)
{
    return respond(language, assets, message(language, "error.gone.title"),
                   message(language, "error.gone.detail"), 410, true);
}

net::Response too_many_requests_page(std::string_view language, Assets const& assets,
                                     std::int64_t retry_after_ms)
{
    auto const seconds = std::max<std::int64_t>((retry_after_ms + 999) / 1000, 1);
    return with_retry_after(respond(language, assets, message(language, "problem.too-many-requests.title"),
                                    message(language, "error.wait.detail", {{"seconds", seconds}}), 429,
                                    false),
                            retry_after_ms);
}

net::Response unavailable_page(std::string_view language, Assets const& assets, std::int64_t retry_after_ms)
{
    return with_retry_after(respond(language, assets, message(language, "error.unavailable.title"),
                                    message(language, "error.unavailable.detail"), 503, false),
                            retry_after_ms);
}

net::Response broken_page(std::string_view language, Assets const& assets, std::string_view request_id)
{
    return respond(language, assets, message(language, "error.broken.title"),
                   message(language, "error.broken.detail", {{"code", std::string(request_id)}}), 500, false);
}

net::Response problem_page(Problem const& problem, std::string_view language, Assets const& assets)
{
    constexpr std::int64_t usual_wait_ms = 5000;
    auto const wait = problem.retry_after_ms.value_or(usual_wait_ms);
    switch (problem.name) {
    case ProblemName::not_found:
    case ProblemName::embargoed: // the public must not learn that there is something
        return not_found_page(language, assets);
    case ProblemName::gone:
        return problem.detail.empty()
                   ? gone_page(language, assets)
                   : respond(language, assets, message(language, "error.gone.title"),
                             message(language, problem.detail, problem.arguments), 410, true);
    case ProblemName::too_many_requests:
        return too_many_requests_page(language, assets, wait);
    case ProblemName::overloaded:
        return unavailable_page(language, assets, wait);
    default:
        break;
    }
    auto const key = fmt::format("problem.{}", wire_name(problem.name));
    auto const detail = problem.detail.empty() ? key + ".detail" : problem.detail;
    return respond(language, assets, message(language, key + ".title"),
                   message(language, detail, problem.arguments), http_status(problem.name), false);
}

net::Response with_retry_after(net::Response response, std::int64_t retry_after_ms)
{
    auto const seconds = std::max<std::int64_t>((retry_after_ms + 999) / 1000, 1);
    return net::with_header(std::move(response), "Retry-After", std::to_string(seconds));
}

}
