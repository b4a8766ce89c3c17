// The table itself.
#include "registration/people_page_list.h"

#include "base/messages.h"
#include "registration/people_export.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

// ── Seats ──

void add_capacity(Html& html, ListView const& view)
{
    auto const& seats = view.desked.event->seats;
    html.add(Tag::section, {attr::cls("people-seats"), attr::aria("label", words(view, "seats"))}, [&] {
        html.add(Tag::p, {attr::data("people-seats")},
                 seats.capacity ? words(view, "seats_limited",
                                        {{"confirmed", seats.confirmed},
                                         {"capacity", *seats.capacity},
                                         {"waiting", seats.waitlisted}})
                                : words(view, "seats_unlimited",
                                        {{"confirmed", seats.confirmed}, {"waiting", seats.waitlisted}}));
        if (!view.desked.sight.manage)
            return;
        add_post_form(html, table_url(view.desked, "capacity"), {attr::cls("people-inline")}, [&] {
            html.add(Tag::label, {attr::for_field("capacity")}, words(view, "capacity"));
            html.add(Tag::input, {attr::id("capacity"), attr::name("capacity"), attr::inputmode("numeric"),
                                  attr::autocomplete("off"),
                                  attr::value(seats.capacity ? std::to_string(*seats.capacity) : "")});
            add_button(html, words(view, "capacity_save"), "button-quiet");
        });
    });
}

// ── Around the rows ──

void add_bulk_option(Html& html, ListView const& view, std::string_view action)
{
    html.add(Tag::option, {attr::value(action)},
             message(view.language, fmt::format("people.action.{}", action)));
}

// The boxes of the rows belong to this form by its id; the filter goes along for "all that match".
void add_bulk(Html& html, ListView const& view)
{
    if (!view.desked.sight.manage || view.list.people.empty())
        return;
    add_post_form(html, table_url(view.desked, "bulk"), {attr::id("bulk"), attr::cls("people-bulk")}, [&] {
        for (auto const& [name, value] : pairs_of(view.query.filter))
            html::add_hidden(html, "filter." + name, value);
        html.add(Tag::label, {attr::for_field("bulk-action")}, words(view, "with_chosen"));
        html.add(Tag::select, {attr::id("bulk-action"), attr::name("action")}, [&] {
            for (auto const* action : {"approve", "waitlist", "decline", "cancel", "tag", "untag"})
                add_bulk_option(html, view, action);
        });
        html.add(Tag::label, {attr::for_field("bulk-tag")}, words(view, "tag_name"));
        html.add(Tag::input,
                 {attr::id("bulk-tag"), attr::name("tag"), attr::maxlength(50), attr::autocomplete("off")});
        html.add(Tag::div, {attr::cls("choice")}, [&] {
            html.add(Tag::input,
                     {attr::type("checkbox"), attr::id("bulk-all"), attr::name("all"), attr::value("1")});
            html.add(Tag::label, {attr::for_field("bulk-all")},
                     words(view, "all_matching", {{"count", view.list.total}}));
        });
        add_button(html, words(view, "bulk_go"));
    });
}

void add_links(Html& html, ListView const& view)
{
    html.add(Tag::ul, {attr::cls("plain-links people-links")}, [&] {
        auto const link = [&](html::Url const& url, std::string_view key) {
            html.add(Tag::li, [&] { html.add(Tag::a, {attr::href(url)}, words(view, key)); });
        };
        if (view.desked.sight.contacts) {
            link(with_query(table_url(view.desked, "people.csv"), view.query), "csv");
            link(with_query(table_url(view.desked, "people.xlsx"), view.query), "xlsx");
        }
        if (view.desked.sight.manage) {
            link(table_url(view.desked, "add"), "add");
            link(table_url(view.desked, "import"), "import");
            link(with_query(table_url(view.desked, "mail"), view.query), "mail");
        }
    });
}

// Who looks at answers about health says so first; it is written down.
void add_reveals(Html& html, ListView const& view)
{
    if (!view.desked.sight.contacts || !view.desked.event->form)
        return;
    for (auto const& question : view.desked.event->form->questions) {
        if (!is_masked(question, {view.desked.sight, view.query.reveal}))
            continue;
        auto revealed = view.query;
        revealed.reveal.insert(question.key);
        html.add(Tag::p, {attr::cls("quiet")}, [&] {
            html.add(Tag::a,
                     {attr::href(with_query(table_url(view.desked), revealed)), attr::rel("nofollow")},
                     words(view, "reveal", {{"label", html::shown(question.label, view.language).words}}));
        });
    }
}

void add_pages(Html& html, ListView const& view)
{
    if (!view.list.next && !view.query.cursor)
        return;
    html.add(Tag::nav, {attr::cls("people-pages"), attr::aria("label", words(view, "pages"))}, [&] {
        if (view.query.cursor)
            html.add(Tag::a, {attr::href(with_query(table_url(view.desked), view.query))},
                     words(view, "first_page"));
        if (view.list.next)
            html.add(
                Tag::a,
                {attr::rel("next"),
                 attr::href(with_query(table_url(view.desked), view.query).with("cursor", *view.list.next))},
                words(view, "next_page"));
    });
}

void add_empty(Html& html, ListView const& view)
{
    html.add(Tag::div, {attr::cls("empty")}, [&] {
        if (view.list.all > 0) {
            html.add(Tag::p, words(view, "no_hit"));
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(table_url(view.desked))}, words(view, "show_all"));
            });
            return;
        }
        html.add(Tag::p, words(view, "nobody_yet"));
        html.add(Tag::p, [&] {
            auto const url = html::Url::local({view.language, "events", view.desked.event->slug});
            html.add(Tag::a, {attr::href(url)}, words(view, "share"));
        });
    });
}

// Hooks of people.ts: the line that speaks, and the button behind which news wait.
void add_live(Html& html, ListView const& view)
{
    html.add(Tag::p,
             {attr::cls("news"), attr::role("status"), attr::data("people-news"),
              attr::data("message-lost", words(view, "live_lost")),
              attr::data("message-back", words(view, "live_back")),
              attr::data("message-ended", words(view, "live_ended"))},
             "");
    html.add(Tag::button,
             {attr::type("button"), attr::cls("button button-quiet people-show"), attr::data("people-show"),
              attr::hidden(true)},
             "");
}

void add_page(Html& html, ListView const& view)
{
    add_done(html, view.language, view.request);
    add_capacity(html, view);
    add_links(html, view);
    html.add(Tag::div, {attr::cls("people-layout")}, [&] {
        add_people_filter(html, view);
        html.add(Tag::div, {attr::cls("people-list")}, [&] {
            add_live(html, view);
            html.add(Tag::div, {attr::data("people-body"), attr::data("version", view.list.version)}, [&] {
                html.add(Tag::p, {attr::data("people-total")},
                         words(view, "total", {{"count", view.list.total}, {"all", view.list.all}}));
                add_people_chips(html, view);
                if (view.list.people.empty()) {
                    add_empty(html, view);
                } else {
                    add_people_table(html, view);
                    add_pages(html, view);
                }
            });
            add_bulk(html, view);
            add_reveals(html, view);
        });
    });
}

asio::awaitable<net::Response> table(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto const query =
        read_people_query(request.query, *desked->event, desked->sight, language, {"lang", "done", "n"});
    if (!query)
        co_return people_refused(room, request, query.error());
    auto const list = co_await list_people(room.services, *desked, *query, true);
    if (!list)
        co_return people_refused(room, request, list.error());
    auto const title =
        message(language, "people.title", {{"event", html::shown(desked->event->title, language).words}});
    ListView const view{language, *desked, *query, *list, request};
    co_return people_page(room, language, *desked, {title, 200, true},
                          [&view](Html& html) { add_page(html, view); });
}

// ── Files ──

asio::awaitable<net::Response> file(PeopleRoom& room, net::Request const& request, std::string kind)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    co_return co_await people_file(room.services, *desked, request, std::move(kind));
}

asio::awaitable<net::Response> csv(PeopleRoom& room, net::Request const& request)
{
    co_return co_await file(room, request, "csv");
}

asio::awaitable<net::Response> xlsx(PeopleRoom& room, net::Request const& request)
{
    co_return co_await file(room, request, "xlsx");
}

}

std::vector<net::Route> people_list_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "", table), people_route(room, "GET", "/people.csv", csv),
            people_route(room, "GET", "/people.xlsx", xlsx)};
}

}
