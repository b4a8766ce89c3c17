// The table itself.
#include "base/messages.h"
#include "registration/people_export.h"
#include "registration/people_page_parts.h"
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

struct ListView
{
    std::string const& language;
    Desked const& desked;
    PeopleQuery const& query;
    PeopleList const& list;
    net::Request const& request;
};

std::string words(ListView const& view, std::string_view key, Arguments const& arguments = {})
{
    return message(view.language, fmt::format("people.{}", key), arguments);
}

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

// ── Search and facets: one form ──

void add_facet_choice(Html& html, ListView const& view, FacetCount const& each, std::size_t number)
{
    auto const id = fmt::format("facet-{}-{}", each.facet, number);
    auto const& event = *view.desked.event;
    html.add(Tag::div, {attr::cls("choice")}, [&] {
        html.add(Tag::input,
                 {attr::type("checkbox"), attr::id(id), attr::name(each.facet), attr::value(each.value),
                  attr::checked(view.query.filter.has(each.facet, each.value))});
        html.add(Tag::label, {attr::for_field(id)}, [&] {
            html.text(facet_value_words(view.language, event, each.facet, each.value));
            html.text(" ");
            html.add(Tag::span, {attr::cls("quiet")},
                     message(view.language, "people.count", {{"count", each.count}}));
        });
    });
}

// A chosen value nobody has any more stays, so that it can be taken back.
std::vector<FacetCount> choices_of(ListView const& view, std::string_view facet)
{
    std::vector<FacetCount> choices;
    for (auto const& each : view.list.facets) {
        if (each.facet == facet)
            choices.push_back(each);
    }
    if (auto const chosen = view.query.filter.choices.find(facet);
        chosen != view.query.filter.choices.end()) {
        for (auto const& value : chosen->second) {
            if (std::ranges::find(choices, value, &FacetCount::value) == choices.end())
                choices.push_back({std::string(facet), value, 0});
        }
    }
    std::ranges::sort(choices, [](auto const& a, auto const& b) {
        return std::tie(b.count, a.value) < std::tie(a.count, b.value);
    });
    return choices;
}

std::vector<std::string> shown_facets(ListView const& view)
{
    std::vector<std::string> shown(facets().begin(), facets().end());
    for (auto const& question :
         view.desked.event->form ? view.desked.event->form->questions : std::vector<events::Question>())
        shown.push_back("answer." + question.key);
    return shown;
}

void add_facets(Html& html, ListView const& view)
{
    for (auto const& facet : shown_facets(view)) {
        auto const choices = choices_of(view, facet);
        bool const chosen = view.query.filter.choices.contains(facet);
        if (!chosen && (choices.empty() ||
                        (choices.size() == 1 && (choices[0].count == view.list.all || facet == "tag"))))
            continue;
        html.add(Tag::details, {attr::open(chosen || facet == "status")}, [&] {
            html.add(Tag::summary, facet_words(view.language, *view.desked.event, facet));
            for (std::size_t i = 0; i < choices.size(); ++i)
                add_facet_choice(html, view, choices[i], i);
        });
    }
}

void add_search(Html& html, ListView const& view)
{
    html.add(Tag::form,
             {attr::method("get"), attr::action(table_url(view.desked)), attr::cls("people-filter"),
              attr::role("search"), attr::aria("label", words(view, "filter"))},
             [&] {
                 html.add(Tag::label, {attr::for_field("people-q")}, words(view, "search"));
                 html.add(Tag::input,
                          {attr::type("search"), attr::id("people-q"), attr::name("q"), attr::maxlength(200),
                           attr::autocomplete("off"), attr::value(view.query.filter.q)});
                 html.add(Tag::p, {attr::cls("hint")}, words(view, "search_hint"));
                 add_facets(html, view);
                 if (auto const sort = sort_words(view.query); sort != sort_words(PeopleQuery()))
                     html::add_hidden(html, "sort", sort);
                 add_button(html, words(view, "filter_apply"));
             });
}

void add_chips(Html& html, ListView const& view)
{
    if (view.query.filter.is_empty())
        return;
    html.add(Tag::ul, {attr::cls("chips"), attr::aria("label", words(view, "filter_on"))}, [&] {
        for (auto const& [name, value] : pairs_of(view.query.filter)) {
            auto without = view.query;
            if (name == "q")
                without.filter.q.clear();
            else if (std::erase(without.filter.choices[name], value); without.filter.choices[name].empty())
                without.filter.choices.erase(name);
            PeopleFilter only;
            if (name == "q")
                only.q = value;
            else
                only.choices[name] = {value};
            html.add(Tag::li, [&] {
                html.add(Tag::a, {attr::cls("chip"), attr::href(with_query(table_url(view.desked), without))},
                         [&] {
                             html.add(Tag::span, {attr::cls("visually-hidden")},
                                      words(view, "filter_remove"));
                             html.text(filter_words(view.language, *view.desked.event, only));
                         });
            });
        }
    });
}

// ── Rows ──

void add_head_cell(Html& html, ListView const& view, std::string_view column, std::string_view sort)
{
    bool const sorted = !sort.empty() && view.query.sort == sort;
    html.add(Tag::th,
             {attr::scope("col"),
              attr::when(sorted, attr::aria("sort", view.query.descending ? "descending" : "ascending"))},
             [&] {
                 auto const label = message(view.language, fmt::format("people.column.{}", column));
                 if (sort.empty())
                     return html.text(label);
                 auto other = view.query;
                 other.cursor.reset();
                 other.sort = sort;
                 other.descending = sorted && !view.query.descending;
                 html.add(Tag::a, {attr::href(with_query(table_url(view.desked), other))}, label);
             });
}

void add_head(Html& html, ListView const& view)
{
    html.add(Tag::thead, [&] {
        html.add(Tag::tr, [&] {
            if (view.desked.sight.manage)
                html.add(Tag::th, {attr::scope("col")}, words(view, "choose"));
            add_head_cell(html, view, "name", "name");
            add_head_cell(html, view, "status", "status");
            if (!view.desked.sight.contacts)
                return;
            add_head_cell(html, view, "organisation", "organisation");
            add_head_cell(html, view, "type", "");
            add_head_cell(html, view, "answers", "");
            add_head_cell(html, view, "tags", "");
            add_head_cell(html, view, "registered", "arrival");
            add_head_cell(html, view, "source", "");
        });
    });
}

void add_answers(Html& html, ListView const& view, Person const& person)
{
    auto const& event = *view.desked.event;
    bool first = true;
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        auto const* answer = person.answers.if_contains(question.key);
        if (!answer)
            continue;
        bool const masked = is_masked(question, {view.desked.sight, view.query.reveal});
        html.add(Tag::div, {attr::cls(first ? "" : "people-more")}, [&] {
            html.add(Tag::span, {attr::cls("quiet")},
                     message(view.language, "people.label",
                             {{"label", html::shown(question.label, view.language).words}}));
            html.text(" ");
            html.text(masked ? "•••" : answer_words(question, *answer, view.language));
        });
        first = false;
    }
}

void add_choice_cell(Html& html, ListView const& view, Person const& person)
{
    html.add(Tag::td, [&] {
        html.add(Tag::input,
                 {attr::type("checkbox"), attr::name("id"), attr::value(person.id), attr::form("bulk"),
                  attr::aria("label", words(view, "choose_person", {{"name", person.name}}))});
    });
}

void add_row(Html& html, ListView const& view, Person const& person)
{
    auto const& language = view.language;
    html.add(Tag::tr, {attr::data("id", person.id), attr::data("version", person.version)}, [&] {
        if (view.desked.sight.manage)
            add_choice_cell(html, view, person);
        html.add(Tag::th, {attr::scope("row")}, [&] {
            html.add(Tag::a, {attr::href(person_url(view.desked, person.id))},
                     [&] { add_name(html, person); });
            if (person.seats > 1)
                html.add(Tag::span, {attr::cls("quiet")},
                         words(view, "and_companions", {{"count", person.seats - 1}}));
        });
        html.add(Tag::td, [&] { add_status(html, language, person); });
        if (!view.desked.sight.contacts)
            return;
        html.add(Tag::td, person.organisation.value_or(""));
        html.add(Tag::td, type_words(language, *view.desked.event, person));
        html.add(Tag::td, [&] { add_answers(html, view, person); });
        html.add(Tag::td, [&] {
            for (auto const& tag : person.tags)
                html.add(Tag::span, {attr::cls("people-tag")}, tag);
        });
        html.add(Tag::td, [&] { add_instant(html, language, *view.desked.event, person.created_at); });
        html.add(Tag::td, value_words(language, "source", person.source));
    });
}

void add_table(Html& html, ListView const& view)
{
    html.add(Tag::div,
             {attr::cls("people-scroll"), attr::role("region"), attr::tabindex(0),
              attr::aria("label", words(view, "table"))},
             [&] {
                 html.add(Tag::table, {attr::cls("people-table"), attr::data("people-table")}, [&] {
                     html.add(Tag::caption, {attr::cls("visually-hidden")}, words(view, "table_caption"));
                     add_head(html, view);
                     html.add(Tag::tbody, [&] {
                         for (auto const& person : view.list.people)
                             add_row(html, view, person);
                     });
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
        add_search(html, view);
        html.add(Tag::section, {attr::cls("people-list"), attr::aria("label", words(view, "table"))}, [&] {
            add_live(html, view);
            html.add(Tag::div, {attr::data("people-body"), attr::data("version", view.list.version)}, [&] {
                html.add(Tag::p, {attr::data("people-total")},
                         words(view, "total", {{"count", view.list.total}, {"all", view.list.all}}));
                add_chips(html, view);
                if (view.list.people.empty()) {
                    add_empty(html, view);
                } else {
                    add_table(html, view);
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
