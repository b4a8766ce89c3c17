// Seats kept for organisations, as organisers keep them.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/allotment_commands.h"
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

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("allotment.{}", key), arguments);
}

struct AllotmentsView
{
    PeopleRoom const& room;
    std::string const& language;
    Desked const& desked;
    std::vector<Allotment> const& list;
    html::FormState form;
    std::string open_form; // add, or the id of one that is changed
    std::vector<std::string> notes;
    net::Request const& request;
};

html::Field field_of(AllotmentsView const& view, std::string const& of, std::string const& name,
                     std::int64_t limit)
{
    // Several forms stand on one page: their fields need names, and so ids, of their own.
    auto field = ways_field(words(view.language, "field." + name), of + "." + name, limit, true);
    field.missing = message(view.language, "field.missing");
    return field;
}

void add_fields(Html& html, AllotmentsView const& view, html::FormState const& form, std::string const& of)
{
    html::add_input(html, form, field_of(view, of, "organisation", 200));
    html::add_input(html, form, field_of(view, of, "contact_name", 200));
    html::add_input(html, form, field_of(view, of, "contact_email", 254));
    std::vector<html::Option> options;
    for (auto const& language : languages())
        options.push_back({language, language_name(view.language, language)});
    html::add_select(html, form, field_of(view, of, "language", 0), options);
    auto seats = field_of(view, of, "seats", 4);
    seats.inputmode = "numeric";
    html::add_input(html, form, seats);
    auto until = field_of(view, of, "until", 0);
    until.type = "datetime-local";
    until.hint =
        words(view.language, "until_hint",
              {{"city", events::zone_city(view.desked.event->span.starts.time_zone, view.language)}});
    html::add_input(html, form, until);
}

html::Values values_of(Allotment const& allotment)
{
    auto const name = [&](std::string_view field) { return fmt::format("{}.{}", allotment.id, field); };
    return html::Values({{name("organisation"), allotment.organisation},
                         {name("contact_name"), allotment.contact_name},
                         {name("contact_email"), allotment.contact_email},
                         {name("language"), allotment.language},
                         {name("seats"), std::to_string(allotment.seats)},
                         {name("until"), format_local(allotment.until_local)}});
}

void add_action(Html& html, AllotmentsView const& view, Allotment const& allotment, std::string_view action)
{
    add_post_form(html, table_url(view.desked, "allotments"), {}, [&] {
        html::add_hidden(html, "action", action);
        html::add_hidden(html, "id", allotment.id);
        add_button(html,
                   words(view.language, fmt::format("action.{}", action),
                         {{"organisation", allotment.organisation}}),
                   "button-quiet");
    });
}

void add_change(Html& html, AllotmentsView const& view, Allotment const& allotment)
{
    bool const is_open = view.open_form == allotment.id;
    html::FormState const stands{view.language, values_of(allotment), {}};
    auto const& form = is_open ? view.form : stands;
    html.add(Tag::details, {attr::open(is_open)}, [&] {
        html.add(Tag::summary, words(view.language, "change", {{"organisation", allotment.organisation}}));
        add_post_form(html, table_url(view.desked, "allotments"), {attr::cls("form")}, [&] {
            html::add_hidden(html, "action", "change");
            html::add_hidden(html, "id", allotment.id);
            html::add_hidden(html, "version", std::to_string(allotment.version));
            add_fields(html, view, form, allotment.id);
            add_button(html, words(view.language, "save"));
        });
    });
}

void add_allotment(Html& html, AllotmentsView const& view, Allotment const& allotment)
{
    auto const& event = *view.desked.event;
    bool const open = allotment.state == "open";
    html.add(Tag::li, {attr::cls("card")}, [&] {
        html.add(Tag::h2, allotment.organisation);
        html.add(Tag::p, [&] {
            add_state_words(html, words(view.language, "state." + allotment.state),
                            open ? "state-open" : "state-closed");
            html.text(" ");
            html.text(
                words(view.language, "named", {{"named", allotment.named}, {"seats", allotment.seats}}));
        });
        html.add(Tag::p, words(view.language, "contact",
                               {{"name", allotment.contact_name}, {"email", allotment.contact_email}}));
        html.add(Tag::p, words(view.language, "until",
                               {{"moment", events::moment_words(view.language, until_of(allotment),
                                                                event.other_time_zones)}}));
        if (allotment.sent_at)
            html.add(Tag::p, {attr::cls("quiet")},
                     words(view.language, "sent",
                           {{"moment", instant_words(view.language, event, *allotment.sent_at)}}));
        if (!open)
            return;
        add_change(html, view, allotment);
        html.add(Tag::div, {attr::cls("actions")}, [&] {
            add_action(html, view, allotment, "send");
            add_action(html, view, allotment, "withdraw");
        });
    });
}

void add_new(Html& html, AllotmentsView const& view)
{
    bool const is_open = view.open_form == "add";
    html::FormState const blank{view.language, html::Values({{"add.language", view.language}}), {}};
    auto const& form = is_open ? view.form : blank;
    html.add(Tag::details, {attr::open(is_open)}, [&] {
        html.add(Tag::summary, words(view.language, "add"));
        add_post_form(html, table_url(view.desked, "allotments"), {attr::cls("form")}, [&] {
            html::add_hidden(html, "action", "add");
            add_fields(html, view, form, "add");
            auto send = field_of(view, "add", "send", 0);
            send.native_required = false;
            html::add_checkbox(html, form, send);
            add_button(html, words(view.language, "keep"));
        });
    });
}

net::Response allotments_page(AllotmentsView const& view, int status)
{
    auto const title = words(view.language, "title",
                             {{"event", html::shown(view.desked.event->title, view.language).words}});
    return people_page(view.room, view.language, view.desked, {title, status}, [&](Html& html) {
        add_ways_nav(html, view.language, view.desked, "allotments");
        add_ways_done(html, view.language, view.request);
        html::add_error_summary(html, view.form, [](std::string_view) { return std::string(); }, view.notes);
        html.add(Tag::p, words(view.language, "explained"));
        if (view.list.empty())
            html.add(Tag::p, {attr::cls("lead")}, words(view.language, "empty"));
        html.add(Tag::ol, {attr::cls("plain")}, [&] {
            for (auto const& allotment : view.list)
                add_allotment(html, view, allotment);
        });
        add_new(html, view);
    });
}

// ── What is sent ──

struct Asked
{
    std::string action;
    std::string id;
    std::string of; // which form
    net::Fields fields;
    std::string language;
};

asio::awaitable<net::Response> page_again(PeopleRoom& room, Desked const& desked, net::Request const& request,
                                          Asked const& asked, Problem const& problem)
{
    auto const list = co_await allotments(room.services, desked);
    if (!list)
        co_return people_refused(room, request, list.error());
    html::FormState form{asked.language, html::Values(asked.fields.pairs()), problem.errors};
    for (auto& error : form.errors)
        error.field = asked.of + "." + error.field;
    std::vector<std::string> notes;
    if (problem.errors.empty()) {
        auto const key = problem.detail.empty() ? fmt::format("problem.{}.detail", wire_name(problem.name))
                                                : problem.detail;
        notes.push_back(message(asked.language, key, problem.arguments));
    }
    AllotmentsView const view{room,     asked.language,   desked, *list, std::move(form),
                              asked.of, std::move(notes), request};
    co_return allotments_page(view, http_status(problem.name));
}

// The fields of one form as the API has them.
json::object members_of(Asked const& asked)
{
    json::object members;
    auto const prefix = asked.of + ".";
    for (auto const& [name, value] : asked.fields.pairs()) {
        if (name.starts_with(prefix))
            members[name.substr(prefix.size())] = value;
    }
    if (auto* seats = members.if_contains("seats")) {
        auto const number = parse_json(std::string(seats->get_string()));
        if (number && number->is_int64())
            *seats = *number;
    }
    if (asked.action == "add")
        members["send"] = members.contains("send");
    return members;
}

asio::awaitable<Result<Allotment>> carry_out(Services& services, Desked const& desked, Asked const& asked)
{
    if (asked.action == "send")
        co_return co_await send_allotment(services, desked, asked.id);
    if (asked.action == "withdraw")
        co_return co_await withdraw_allotment(services, desked, asked.id);
    if (asked.action == "add") {
        auto made = decode_allotment(members_of(asked), *desked.event, asked.language);
        if (!made)
            co_return std::unexpected(made.error());
        co_return co_await add_allotment(services, desked, std::move(*made));
    }
    if (asked.action != "change")
        co_return refuse(ProblemName::validation, "own.unknown_action");
    auto edit = decode_allotment_edit(members_of(asked), *desked.event);
    if (!edit)
        co_return std::unexpected(edit.error());
    auto const version = parse_json(asked.fields.find("version").value_or(""));
    co_return co_await edit_allotment(services, desked, asked.id, std::move(*edit),
                                      version && version->is_int64() ? std::optional(version->get_int64())
                                                                     : std::nullopt);
}

asio::awaitable<net::Response> take(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    Asked asked{
        {}, {}, {}, net::parse_fields(request.body).value_or(net::Fields()), page_language(room, request)};
    asked.action = asked.fields.find("action").value_or("");
    asked.id = asked.fields.find("id").value_or("");
    asked.of = asked.action == "change" ? asked.id : "add";
    auto const done = co_await carry_out(room.services, *desked, asked);
    if (!done)
        co_return co_await page_again(room, *desked, request, asked, done.error());
    co_return net::redirect(
        table_url(*desked, "allotments").with("done", "allotment_" + asked.action).text());
}

asio::awaitable<net::Response> show(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const list = co_await allotments(room.services, *desked);
    if (!list)
        co_return people_refused(room, request, list.error());
    auto const language = page_language(room, request);
    AllotmentsView const view{room, language, *desked, *list, {language, {}, {}}, {}, {}, request};
    co_return allotments_page(view, 200);
}

}

std::vector<net::Route> allotment_page_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/allotments", show), people_route(room, "POST", "/allotments", take)};
}

}
