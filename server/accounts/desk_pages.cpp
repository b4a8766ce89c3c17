// The desk: which events there are, and who comes.
#include "accounts/accounts_room.h"
#include "accounts/people_store.h"
#include "base/messages.h"
#include "db/database.h"
#include "events/catalogue.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::accounts
{
namespace
{

using events::EventPtr;
using html::attr;
using html::Html;
using html::Tag;
using html::Url;

constexpr std::int64_t page_length = 500;
constexpr std::int64_t csv_limit = 100'000;

// A table in roles; each cell is text or what a function writes.
using Cell = std::function<void()>;

void add_row(Html& html, std::string_view role, std::vector<Cell> const& cells)
{
    html.add(Tag::div, {attr::role("row")}, [&] {
        for (auto const& cell : cells)
            html.add(Tag::div, {attr::role(role)}, cell);
    });
}

void add_table(Html& html, std::string_view language, std::vector<std::string_view> const& columns,
               std::function<void()> const& rows)
{
    html.add(Tag::div, {attr::role("table"), attr::cls("table")}, [&] {
        std::vector<Cell> heads;
        for (auto const column : columns)
            heads.emplace_back(
                [&, column] { html.text(message(language, fmt::format("accounts.column.{}", column))); });
        add_row(html, "columnheader", heads);
        rows();
    });
}

std::string words(std::string_view language, std::string_view group, std::string const& value)
{
    auto const key = fmt::format("accounts.{}.{}", group, value);
    return has_message(language, key) ? message(language, key) : value;
}

std::string seats_words(std::string_view language, events::Seats const& seats)
{
    auto text = seats.capacity
                    ? message(language, "accounts.seats.limited",
                              {{"confirmed", seats.confirmed}, {"capacity", *seats.capacity}})
                    : message(language, "accounts.seats.unlimited", {{"confirmed", seats.confirmed}});
    if (seats.waitlisted > 0)
        text += ", " + message(language, "accounts.seats.waiting", {{"waiting", seats.waitlisted}});
    return text;
}

// A role that knows of the event at all.
bool knows(Actor const& actor, events::Event const& event)
{
    auto const scope = scope_of(event);
    return may(actor, Right::see_drafts, scope) || may(actor, Right::see_people, scope);
}

void add_event_row(Html& html, std::string const& language, Actor const& actor, events::Event const& event)
{
    auto const title = [&] {
        html.add(Tag::a, {attr::href(Url::local({language, "events", event.slug}))},
                 [&] { html::add_words(html, event.title, language); });
    };
    auto const people = [&] {
        if (may(actor, Right::see_people, scope_of(event)))
            html.add(Tag::a, {attr::href(Url::local({"app", "events", event.slug}))},
                     message(language, "accounts.people.open"));
    };
    add_row(html, "cell",
            {title, [&] { events::add_moment(html, language, event.span.starts, event.other_time_zones); },
             [&] { html.text(words(language, "event_status", event.status)); },
             [&] { html.text(seats_words(language, event.seats)); }, people});
}

void add_sign_out(Html& html, std::string_view language, Actor const& actor)
{
    html.add(Tag::p, message(language, "accounts.desk.signed_in", {{"name", actor.name}}));
    html.add(Tag::form, {attr::method("post"), attr::action(Url::local({"app", "sign-out"}))},
             [&] { html.add(Tag::button, {attr::type("submit")}, message(language, "accounts.sign_out")); });
}

net::Response desk_of(Room const& room, std::string const& language, Actor const& actor)
{
    std::vector<EventPtr> known;
    auto const picture = room.services.catalogue.picture();
    for (auto const& event : picture->by_start) {
        if (knows(actor, *event))
            known.push_back(event);
    }
    auto const title = message(language, "accounts.desk.title");
    return app_page(room, language, title, [&](Html& html) {
        html.add(Tag::h1, title);
        add_sign_out(html, language, actor);
        if (known.empty())
            html.add(Tag::p, message(language, "accounts.desk.empty"));
        else
            add_table(html, language, {"event", "starts", "status", "seats", "people"}, [&] {
                for (auto const& event : known)
                    add_event_row(html, language, actor, *event);
            });
    });
}

asio::awaitable<net::Response> desk(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    auto const actor = co_await actor_of(room.services, request);
    co_return actor ? desk_of(room, language, *actor) : sign_in_form(room, language);
}

// ── People of an event ──

void add_person_row(Html& html, std::string_view language, Person const& person)
{
    auto const text = [&html](std::string words) {
        return [&html, words = std::move(words)] { html.text(words); };
    };
    add_row(html, "cell",
            {text(std::to_string(person.arrival)), text(person.name), text(person.organisation.value_or("")),
             text(words(language, "registration", person.status)),
             text(person.position ? std::to_string(*person.position) : ""),
             text(std::to_string(person.seats))});
}

struct PeopleView
{
    EventPtr event;
    std::vector<Person> people; // one more than fits: there is another page
    std::int64_t page = 1;
};

void add_page_links(Html& html, std::string_view language, PeopleView const& view)
{
    auto const link = [&](std::int64_t page, std::string_view key) {
        auto const url = Url::local({"app", "events", view.event->slug}).with("page", std::to_string(page));
        html.add(Tag::p, [&] { html.add(Tag::a, {attr::href(url)}, message(language, key)); });
    };
    if (view.page > 1)
        link(view.page - 1, "accounts.people.previous");
    if (std::ssize(view.people) > page_length)
        link(view.page + 1, "accounts.people.next");
}

net::Response people_page(Room const& room, std::string const& language, PeopleView const& view)
{
    auto const title = message(language, "accounts.people.title",
                               {{"event", html::shown(view.event->title, language).words}});
    return app_page(room, language, title, [&](Html& html) {
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(Url::local({"app"}).as_folder())},
                     message(language, "accounts.people.to_events"));
        });
        html.add(Tag::h1, title);
        html.add(Tag::p, seats_words(language, view.event->seats));
        if (view.people.empty()) {
            html.add(Tag::p, message(language, "accounts.people.empty"));
            return;
        }
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(Url::local({"app", "events", view.event->slug, "people.csv"}))},
                     message(language, "accounts.people.download"));
        });
        add_table(html, language, {"arrival", "name", "organisation", "status", "position", "party"}, [&] {
            auto const shown = std::min(std::ssize(view.people), page_length);
            for (std::int64_t i = 0; i < shown; ++i)
                add_person_row(html, language, view.people[static_cast<std::size_t>(i)]);
        });
        add_page_links(html, language, view);
    });
}

std::int64_t page_number(net::Request const& request)
{
    auto const text = request.query.find("page").value_or("1");
    std::int64_t number = 1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::clamp<std::int64_t>(number, 1, 10'000);
}

// Null for whoever may not know that there are people: an event that is not theirs does not exist.
EventPtr event_with_people(Room const& room, Actor const& actor, net::Request const& request)
{
    auto event = room.services.catalogue.find(request.capture("slug"));
    return event && may(actor, Right::see_people, scope_of(*event)) ? event : nullptr;
}

asio::awaitable<net::Response> people(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    auto const actor = co_await actor_of(room.services, request);
    if (!actor)
        co_return net::redirect("/app/");
    PeopleView view{event_with_people(room, *actor, request), {}, page_number(request)};
    if (!view.event)
        co_return html::not_found_page(language, room.assets);
    Slice const slice{(view.page - 1) * page_length, page_length + 1};
    view.people = co_await room.services.db.read(list_people, view.event->slug, slice);
    co_return people_page(room, language, view);
}

asio::awaitable<net::Response> people_file(Room& room, net::Request const& request)
{
    auto const language = language_of(room, request);
    auto const actor = co_await actor_of(room.services, request);
    if (!actor)
        co_return net::redirect("/app/");
    auto const event = event_with_people(room, *actor, request);
    if (!event)
        co_return html::not_found_page(language, room.assets);
    Slice const slice{0, csv_limit};
    auto const people = co_await room.services.db.read(list_people, event->slug, slice);
    auto response = net::text_response(people_csv(people, language));
    response.headers.front().second = "text/csv; charset=utf-8";
    co_return net::with_header(std::move(response), "Content-Disposition",
                               fmt::format("attachment; filename=\"{}.csv\"", event->slug));
}

}

std::vector<net::Route> desk_routes(std::shared_ptr<Room> const& room)
{
    return {route(room, "GET", "/app/", desk), route(room, "GET", "/app/events/{slug}", people),
            route(room, "GET", "/app/events/{slug}/people.csv", people_file)};
}

}
