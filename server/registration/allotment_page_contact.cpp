// The page of an organisation's contact: the seats, their names, and how long they can be changed. Without an
// account; the address is the secret.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "html/error_pages.h"
#include "registration/allotment_commands.h"
#include "registration/registration_page_handlers.h"
#include "registration/ways_page_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("allotment.{}", key), arguments);
}

struct ContactView
{
    html::Surroundings in;
    AllotmentView const& seats;
    std::string token;
    html::FormState form; // of the row that came back
    std::string open_row; // id of a guest, "new" or nothing
    std::vector<std::string> notes;
    bool is_done = false;
};

Url page_url(ContactView const& view)
{
    return Url::local({view.in.language, "allotments", view.token});
}

html::Field field_of(ContactView const& view, std::string const& row, std::string const& name,
                     std::int64_t limit)
{
    auto field = ways_field(words(view.in.language, "guest." + name), row + "." + name, limit, true);
    field.missing = message(view.in.language, name == "email" ? "field.email" : "field.name");
    return field;
}

void add_name_fields(Html& html, ContactView const& view, html::FormState const& form, std::string const& row)
{
    html::add_input(html, form, field_of(view, row, "name", 200));
    html::add_input(html, form, field_of(view, row, "email", 254));
    std::vector<html::Option> options;
    for (auto const& language : languages())
        options.push_back({language, language_name(view.in.language, language)});
    html::add_select(html, form, field_of(view, row, "language", 0), options);
}

html::FormState form_of(ContactView const& view, std::string const& row, SeatedGuest const& guest)
{
    if (view.open_row == row)
        return view.form;
    return {view.in.language,
            html::Values({{row + ".name", guest.name},
                          {row + ".email", guest.email},
                          {row + ".language", guest.language.empty() ? view.in.language : guest.language}}),
            {}};
}

void add_seat_form(Html& html, ContactView const& view, std::string const& row, SeatedGuest const& guest)
{
    auto const form = form_of(view, row, guest);
    add_post_form(html, page_url(view), {attr::cls("form")}, [&] {
        html::add_hidden(html, "action", guest.id.empty() ? "seat" : "swap");
        html::add_hidden(html, "guest", guest.id);
        add_name_fields(html, view, form, row);
        add_button(html, words(view.in.language, guest.id.empty() ? "guest.seat" : "guest.swap"));
    });
}

void add_guest(Html& html, ContactView const& view, SeatedGuest const& guest, bool can_change)
{
    auto const& language = view.in.language;
    html.add(Tag::li, {attr::cls("card")}, [&] {
        html.add(Tag::p, [&] {
            html.add(Tag::strong, guest.name);
            html.text(" ");
            html.text(guest.email);
        });
        html.add(Tag::p, message(language, fmt::format("allotment.guest.status.{}", guest.status)));
        if (!can_change)
            return;
        html.add(Tag::details, {attr::open(view.open_row == guest.id)}, [&] {
            html.add(Tag::summary, words(language, "guest.change", {{"name", guest.name}}));
            add_seat_form(html, view, guest.id, guest);
            add_post_form(html, page_url(view), {}, [&] {
                html::add_hidden(html, "action", "unseat");
                html::add_hidden(html, "guest", guest.id);
                add_button(html, words(language, "guest.unseat", {{"name", guest.name}}), "button-quiet");
            });
        });
    });
}

void add_seats(Html& html, ContactView const& view)
{
    auto const& language = view.in.language;
    auto const& allotment = view.seats.allotment;
    bool const can_change = can_be_filled(allotment, *view.seats.event, view.in.now);
    html.add(Tag::p, {attr::cls("deadline")},
             words(language, can_change ? "fill_until" : "ended_at",
                   {{"moment", events::moment_words(language, until_of(allotment),
                                                    view.seats.event->other_time_zones)}}));
    html.add(Tag::p, words(language, "named", {{"named", allotment.named}, {"seats", allotment.seats}}));
    html.add(Tag::h2, words(language, "names"));
    if (view.seats.guests.empty())
        html.add(Tag::p, words(language, "no_names"));
    html.add(Tag::ol, {attr::cls("plain")}, [&] {
        for (auto const& guest : view.seats.guests)
            add_guest(html, view, guest, can_change);
    });
    if (!can_change)
        return;
    if (allotment.named >= allotment.seats)
        return html.add(Tag::p, words(language, "all_named"));
    html.add(Tag::h2, words(language, "next_name"));
    add_seat_form(html, view, "new", {});
}

net::Response contact_page(ContactView const& view, int status)
{
    auto const& language = view.in.language;
    auto const& event = *view.seats.event;
    auto const title =
        words(language, "contact_title", {{"organisation", view.seats.allotment.organisation}});
    auto head = events::event_head(view.in, event, title);
    head.path = {};
    head.is_listed = false;
    head.is_error = status >= 400;
    auto page = html::page(view.in, head, {}, [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            html.add(Tag::p, {attr::cls("eyebrow")}, [&] {
                html.add(Tag::a, {attr::href(events::event_url(language, event))},
                         html::shown(event.title, language).words);
            });
            html.add(Tag::h1, title);
            if (view.is_done)
                html.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
                         words(language, "saved"));
            html::add_error_summary(
                html, view.form, [](std::string_view) { return std::string(); }, view.notes);
            events::add_banner(html, view.in, event);
            events::add_facts(html, view.in, event);
            add_seats(html, view);
        });
    });
    return private_page(std::move(page), status, language);
}

asio::awaitable<net::Response> show(PeopleRoom& room, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const seats = co_await allotment_behind(room.services, request.capture("token"));
    if (!seats)
        co_return html::problem_page(seats.error(), language, room.assets);
    ContactView view{events::surroundings(room.services, room.assets, language),
                     *seats,
                     request.capture("token"),
                     {language, {}, {}},
                     {},
                     {},
                     request.query.find("done").has_value()};
    co_return contact_page(view, 200);
}

struct Asked
{
    std::string action;
    std::string row; // id of a guest, or "new"
    Result<SeatChange> change;
    html::Values values;
};

Asked read_asked(net::Request const& request)
{
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    Asked asked{fields.find("action").value_or(""),
                fields.find("guest").value_or(""),
                {},
                html::Values(fields.pairs())};
    SeatChange change{request.capture("token"), asked.row, {}};
    if (asked.row.empty())
        asked.row = "new";
    auto const value = [&](char const* name) {
        return fields.find(fmt::format("{}.{}", asked.row, name)).value_or("");
    };
    bool const is_known = asked.action == "unseat" ? asked.row != "new"
                          : asked.action == "swap" ? asked.row != "new"
                                                   : asked.action == "seat" && asked.row == "new";
    if (!is_known) {
        asked.change = refuse(ProblemName::validation, "own.unknown_action");
        return asked;
    }
    if (asked.action != "unseat") {
        auto name = decode_guest_name(
            {{"name", value("name")}, {"email", value("email")}, {"language", value("language")}},
            request.capture("lang"));
        if (!name) {
            asked.change = std::unexpected(name.error());
            return asked;
        }
        change.name = std::move(*name);
    }
    asked.change = std::move(change);
    return asked;
}

asio::awaitable<net::Response> take(PeopleRoom& room, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const& token = request.capture("token");
    auto const asked = read_asked(request);
    Result<AllotmentView> done;
    if (asked.change)
        done = co_await change_seat(room.services, *asked.change, request.peer);
    else
        done = std::unexpected(asked.change.error());
    if (done)
        co_return net::redirect(Url::local({language, "allotments", token}).with("done", "1").text());
    auto const problem = done.error();
    auto const seats = co_await allotment_behind(room.services, token);
    if (!seats)
        co_return html::problem_page(seats.error(), language, room.assets);
    ContactView view{events::surroundings(room.services, room.assets, language),
                     *seats,
                     token,
                     {language, asked.values, problem.errors},
                     asked.row,
                     {}};
    for (auto& error : view.form.errors)
        error.field = asked.row + "." + error.field;
    if (problem.errors.empty())
        view.notes.push_back(problem_words(language, problem));
    co_return contact_page(view, http_status(problem.name));
}

}

std::vector<net::Route> allotment_contact_routes(PeopleRoomPtr const& room)
{
    auto const route = [&room](std::string method, PeoplePage page) {
        auto handler = [room, page](net::Request const& request) { return page(*room, request); };
        return net::Route{std::move(method), "/{lang}/allotments/{token}", std::move(handler), 64UL * 1024};
    };
    return {route("GET", show), route("POST", take)};
}

}
