#include "registration/people_page_parts.h"

#include "accounts/app_page.h"
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/drawings.h"
#include "html/error_pages.h"
#include "registration/people_words.h"
#include "registration/ways_page_parts.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

net::Route people_route(PeopleRoomPtr const& room, std::string method, std::string pattern, PeoplePage page,
                        std::size_t body_limit)
{
    auto handler = [room, page](net::Request const& request) { return page(*room, request); };
    return {std::move(method), "/app/events/{slug}" + pattern, std::move(handler), body_limit};
}

std::string page_language(PeopleRoom const& room, net::Request const& request)
{
    return net::language_of(request, room.services.site.default_language);
}

net::Response people_refused(PeopleRoom const& room, net::Request const& request, Problem const& problem)
{
    auto const language = page_language(room, request);
    if (problem.detail == "problem.sign-in-first.detail")
        return net::redirect("/app/");
    if (problem.name == ProblemName::not_found ||
        (problem.name == ProblemName::not_allowed && problem.detail.empty()))
        return html::not_found_page(language, room.assets);
    return html::problem_page(problem, language, room.assets);
}

net::Response people_page(PeopleRoom const& room, std::string const& language, Desked const& desked,
                          PeopleFrame const& frame, std::function<void(html::Html&)> const& body)
{
    accounts::AppPage page{frame.title, frame.status, frame.is_table, {}};
    if (frame.is_table)
        page.main = {attr::data("people"), attr::data("event", desked.event->slug)};
    return accounts::app_page(room.services, room.assets, language, page, [&](Html& html) {
        auto const back = frame.is_table ? Url::local({"app"}).as_folder() : table_url(desked);
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(back)},
                     message(language, frame.is_table ? "people.to_events" : "people.to_table"));
        });
        html.add(Tag::h1, frame.title);
        if (frame.is_table)
            add_ways_nav(html, language, desked, {});
        body(html);
    });
}

Url table_url(Desked const& desked)
{
    return Url::local({"app", "events", desked.event->slug});
}

Url table_url(Desked const& desked, std::string_view under)
{
    return Url::local({"app", "events", desked.event->slug, under});
}

Url person_url(Desked const& desked, std::string_view id)
{
    return Url::local({"app", "events", desked.event->slug, "people", id});
}

Url with_query(Url url, PeopleQuery const& query)
{
    for (auto const& [name, value] : pairs_of(query.filter))
        url = url.with(name, value);
    if (auto const sort = sort_words(query); sort != sort_words(PeopleQuery()))
        url = url.with("sort", sort);
    for (auto const& key : query.reveal)
        url = url.with("reveal", key);
    return url;
}

std::string_view seats_css(std::string_view status)
{
    return status == "confirmed"                           ? "state-open"
           : status == "offered" || status == "pending"    ? "state-few"
           : status == "cancelled" || status == "declined" ? "state-closed"
                                                           : "state-later";
}

namespace
{

html::Sign sign_of(std::string_view status)
{
    return status == "confirmed"                           ? html::Sign::tick
           : status == "cancelled" || status == "declined" ? html::Sign::cross
           : status == "pending"                           ? html::Sign::info
                                                           : html::Sign::clock;
}

}

void add_status(Html& html, std::string_view language, Person const& person)
{
    html.add(Tag::span, {attr::cls(fmt::format("state {}", seats_css(person.status)))}, [&] {
        html::add_sign(html, sign_of(person.status));
        html.add(Tag::span, person.position
                                ? message(language, "people.status_at", {{"position", *person.position}})
                                : value_words(language, "status", person.status));
    });
}

void add_name(Html& html, Person const& person)
{
    html.text(person.name);
    if (person.name_other_script) {
        html.text(" ");
        html.add(Tag::span, {attr::cls("quiet")}, *person.name_other_script);
    }
}

void add_instant(Html& html, std::string_view language, events::Event const& event, Instant at)
{
    auto const local = to_local(at, event.span.starts.time_zone);
    html.add(Tag::time, {attr::datetime(format_utc(at))},
             message(language, "people.moment",
                     {{"date", format_date_short(language, local)}, {"time", format_time(language, local)}}));
}

void add_post_form(Html& html, Url const& action, std::vector<html::Attr> more,
                   std::function<void()> const& body)
{
    more.push_back(attr::method("post"));
    more.push_back(attr::action(action));
    html.add(Tag::form, more, body);
}

void add_button(Html& html, std::string_view words, std::string_view css, std::string_view name,
                std::string_view value)
{
    std::vector<html::Attr> attributes{attr::type("submit"), attr::cls(fmt::format("button {}", css))};
    if (!name.empty()) {
        attributes.push_back(attr::name(name));
        attributes.push_back(attr::value(value));
    }
    html.add(Tag::button, attributes, words);
}

void add_done(Html& html, std::string_view language, net::Request const& request)
{
    auto const done = request.query.find("done").value_or("");
    auto const key = fmt::format("people.done.{}", done);
    if (done.empty() || !has_message(language, key))
        return;
    auto const number = request.query.find("n").value_or("0");
    std::int64_t count = 0;
    std::from_chars(number.data(), number.data() + number.size(), count);
    html.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
             message(language, key, {{"count", count}}));
}

}
