// The desk: which events there are.
#include "accounts/accounts_room.h"
#include "base/messages.h"
#include "events/catalogue.h"
#include "events/events_page_parts.h"

#include <fmt/format.h>

namespace kutsu::accounts
{
namespace
{

using events::EventPtr;
using html::attr;
using html::Html;
using html::Tag;
using html::Url;

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

}

std::vector<net::Route> desk_routes(std::shared_ptr<Room> const& room)
{
    return {route(room, "GET", "/app/", desk)};
}

}
