#include "registration/ways_page_parts.h"

#include "base/messages.h"
#include "events/events_page_parts.h"
#include "registration/ways_pages.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{

using html::attr;
using html::Html;
using html::Tag;

namespace
{

Result<Desked> only_deciding(Result<Desked> desked)
{
    if (desked && !desked->sight.manage)
        return refuse(ProblemName::not_allowed);
    return desked;
}

}

asio::awaitable<Result<Desked>> deciding_by_page(Services& services, net::Request const& request)
{
    co_return only_deciding(co_await desked_by_page(services, request));
}

asio::awaitable<Result<Desked>> deciding_by_api(Services& services, net::Request const& request, bool changes)
{
    co_return only_deciding(co_await desked_by_api(services, request, changes));
}

void add_ways_nav(Html& html, std::string_view language, Desked const& desked, std::string_view current)
{
    if (!desked.sight.manage)
        return;
    html.add(Tag::nav, {attr::aria("label", message(language, "ways.nav")), attr::cls("ways")}, [&] {
        html.add(Tag::ul, {attr::cls("actions")}, [&] {
            for (auto const* way : {"form", "approvals", "invitations", "allotments"}) {
                auto const words = message(language, fmt::format("ways.{}", way));
                html.add(Tag::li, [&] {
                    html.add(Tag::a,
                             {attr::href(table_url(desked, way)),
                              attr::aria("current", way == current ? "page" : "")},
                             words);
                });
            }
        });
    });
}

std::string instant_words(std::string_view language, events::Event const& event, Instant at)
{
    return events::moment_words(language, events::on_clock_of(event, at), event.other_time_zones);
}

void add_state_words(Html& html, std::string_view words, std::string_view css)
{
    html.add(Tag::span, {attr::cls(fmt::format("state {}", css))}, words);
}

void add_ways_done(Html& html, std::string_view language, net::Request const& request)
{
    auto const key = fmt::format("ways.done.{}", request.query.find("done").value_or(""));
    if (!has_message(language, key))
        return;
    auto const number = request.query.find("n").value_or("1");
    std::int64_t count = 1;
    std::from_chars(number.data(), number.data() + number.size(), count);
    html.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
             message(language, key, {{"count", count}}));
}

void add_row_box(Html& html, std::string_view name, std::string_view value, std::string_view label)
{
    html.add(Tag::input,
             {attr::type("checkbox"), attr::name(name), attr::value(value), attr::aria("label", label)});
}

html::Field ways_field(std::string_view label, std::string name, std::int64_t limit, bool required)
{
    html::Field field;
    field.name = std::move(name);
    field.label = label;
    field.maxlength = limit;
    field.required = required;
    field.autocomplete = "off";
    return field;
}

std::vector<net::Route> ways_page_routes(Services& services, html::Assets const& assets)
{
    auto const room = std::make_shared<PeopleRoom>(services, assets);
    std::vector<net::Route> all;
    for (auto&& part :
         {approval_page_routes(room), invitation_page_routes(room), invitation_answer_routes(room),
          allotment_page_routes(room), allotment_contact_routes(room)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}
