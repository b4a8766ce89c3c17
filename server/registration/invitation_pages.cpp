// Invitations of an event: who has been invited and what they said, and the ways to invite: one person, a
// code for many, or a pasted list.
#include "base/messages.h"
#include "html/error_pages.h"
#include "registration/invitation_commands.h"
#include "registration/ways_page_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

constexpr std::size_t body_limit = 512UL * 1024;
constexpr auto states =
    std::to_array<std::string_view>({"invited", "opened", "registered", "declined", "withdrawn"});

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("invitation.{}", key), arguments);
}

struct InvitationsView
{
    PeopleRoom const& room;
    std::string const& language;
    Desked const& desked;
    std::vector<Invitation> const& list;
    std::string state;     // what the list is narrowed to
    html::FormState form;  // one of the three, as it came back
    std::string open_form; // invite, share, paste
    std::vector<std::string> failures;
    net::Request const& request;
};

// ── The list ──

std::string title_of(InvitationsView const& view, Invitation const& invitation)
{
    return invitation.is_personal
               ? words(view.language, "person", {{"name", invitation.name}, {"email", invitation.email}})
               : words(view.language, "shared", {{"label", invitation.label}});
}

std::string_view css_of(std::string_view state)
{
    return state == "registered"                         ? "state-open"
           : state == "declined" || state == "withdrawn" ? "state-closed"
                                                         : "state-later";
}

void add_dates(Html& html, InvitationsView const& view, Invitation const& invitation)
{
    auto const& event = *view.desked.event;
    auto const add = [&](char const* key, std::optional<Instant> const& at) {
        if (at)
            html.add(Tag::li,
                     words(view.language, key, {{"moment", instant_words(view.language, event, *at)}}));
    };
    html.add(Tag::ul, {attr::cls("quiet plain")}, [&] {
        add("sent", invitation.sent_at);
        add("reminded", invitation.reminded_at);
        add("opened_at", invitation.opened_at);
        add("answered", invitation.answered_at);
        add("expires", invitation.expires_at);
    });
}

void add_code(Html& html, InvitationsView const& view, Invitation const& invitation)
{
    auto const code = invitation_code(view.room.services.keys.registration, invitation.id);
    auto const language = invitation.language.empty() ? view.language : invitation.language;
    html.add(Tag::details, [&] {
        html.add(Tag::summary, words(view.language, "show_code", {{"who", title_of(view, invitation)}}));
        html.add(Tag::p, [&] { html.add(Tag::strong, code); });
        html.add(Tag::p,
                 view.room.services.site.base_url + invitation_path(language, view.desked.event->slug, code));
    });
}

void add_invitation(Html& html, InvitationsView const& view, Invitation const& invitation)
{
    auto const id = "invitation-" + invitation.id;
    html.add(Tag::li, {attr::cls("card")}, [&] {
        html.add(Tag::div, {attr::cls("choice")}, [&] {
            html.add(Tag::input,
                     {attr::type("checkbox"), attr::id(id), attr::name("id"), attr::value(invitation.id)});
            html.add(Tag::label, {attr::for_field(id)}, title_of(view, invitation));
        });
        html.add(Tag::p, [&] {
            add_state_words(html, words(view.language, "state." + invitation.state),
                            css_of(invitation.state));
            html.text(" ");
            html.text(words(view.language, "used", {{"used", invitation.used}, {"seats", invitation.seats}}));
        });
        add_dates(html, view, invitation);
        if (invitation.state != "withdrawn")
            add_code(html, view, invitation);
    });
}

void add_filter(Html& html, InvitationsView const& view)
{
    html.add(Tag::nav, {attr::aria("label", words(view.language, "filter"))}, [&] {
        html.add(Tag::ul, {attr::cls("actions")}, [&] {
            auto const add = [&](std::string_view state, std::string const& label) {
                auto const url = table_url(view.desked, "invitations");
                html.add(Tag::li, [&] {
                    html.add(Tag::a,
                             {attr::href(state.empty() ? url : url.with("state", state)),
                              attr::aria("current", view.state == state ? "true" : "")},
                             label);
                });
            };
            add("", words(view.language, "all"));
            for (auto const state : states)
                add(state, words(view.language, fmt::format("state.{}", state)));
        });
    });
}

void add_list(Html& html, InvitationsView const& view)
{
    if (view.list.empty()) {
        html.add(Tag::p, {attr::cls("lead")}, words(view.language, view.state.empty() ? "empty" : "none_so"));
        return;
    }
    add_post_form(html, table_url(view.desked, "invitations"), {attr::cls("form")}, [&] {
        html.add(Tag::fieldset, {attr::id(html::field_id("id"))}, [&] {
            html.add(Tag::legend,
                     words(view.language, "list", {{"count", static_cast<std::int64_t>(view.list.size())}}));
            html.add(Tag::ol, {attr::cls("plain")}, [&] {
                for (auto const& invitation : view.list)
                    add_invitation(html, view, invitation);
            });
        });
        html.add(Tag::p, {attr::cls("actions")}, [&] {
            add_button(html, words(view.language, "action.send"), {}, "action", "send");
            add_button(html, words(view.language, "action.remind"), "button-quiet", "action", "remind");
            add_button(html, words(view.language, "action.remind_all"), "button-quiet", "action",
                       "remind_all");
            add_button(html, words(view.language, "action.withdraw"), "button-quiet", "action", "withdraw");
        });
    });
}

// ── Inviting ──

void add_form(Html& html, InvitationsView const& view, std::string_view action,
              std::function<void(html::FormState const&)> const& fields)
{
    bool const is_open = view.open_form == action;
    html::FormState const blank{view.language, html::Values({{"language", view.language}}), {}};
    html.add(Tag::details, {attr::open(is_open)}, [&] {
        html.add(Tag::summary, words(view.language, fmt::format("form.{}", action)));
        auto const& form = is_open ? view.form : blank;
        add_post_form(html, table_url(view.desked, "invitations"), {attr::cls("form")}, [&] {
            html::add_hidden(html, "action", action);
            fields(form);
            add_button(html, words(view.language, fmt::format("submit.{}", action)));
        });
    });
}

html::Field field_of(InvitationsView const& view, std::string_view action, std::string const& name,
                     std::int64_t limit, bool required)
{
    // The three forms stand on one page: their fields need names, and so ids, of their own.
    auto field = ways_field(words(view.language, "field." + name), fmt::format("{}.{}", action, name), limit,
                            required);
    field.missing = message(view.language, "field.missing");
    return field;
}

void add_expiry(Html& html, InvitationsView const& view, std::string_view action, html::FormState const& form)
{
    auto field = field_of(view, action, "expires", 0, false);
    field.type = "datetime-local";
    field.hint = words(view.language, "expires_hint");
    html::add_input(html, form, field);
}

void add_seats(Html& html, InvitationsView const& view, std::string_view action, html::FormState const& form)
{
    auto field = field_of(view, action, "seats", 5, false);
    field.inputmode = "numeric";
    field.hint = words(view.language, action == "share" ? "seats_hint_shared" : "seats_hint");
    html::add_input(html, form, field);
}

void add_send(Html& html, InvitationsView const& view, std::string_view action, html::FormState const& form)
{
    auto field = field_of(view, action, "send", 0, true);
    field.native_required = false;
    html::add_checkbox(html, form, field);
}

void add_language(Html& html, InvitationsView const& view, std::string_view action,
                  html::FormState const& form)
{
    std::vector<html::Option> options;
    for (auto const& language : languages())
        options.push_back({language, language_name(view.language, language)});
    html::add_select(html, form, field_of(view, action, "language", 0, true), options);
}

void add_forms(Html& html, InvitationsView const& view)
{
    html.add(Tag::h2, words(view.language, "invite"));
    add_form(html, view, "invite", [&](html::FormState const& form) {
        html::add_input(html, form, field_of(view, "invite", "name", 200, true));
        html::add_input(html, form, field_of(view, "invite", "email", 254, true));
        add_language(html, view, "invite", form);
        add_seats(html, view, "invite", form);
        add_expiry(html, view, "invite", form);
        add_send(html, view, "invite", form);
    });
    add_form(html, view, "share", [&](html::FormState const& form) {
        html::add_input(html, form, field_of(view, "share", "label", 200, true));
        add_seats(html, view, "share", form);
        add_expiry(html, view, "share", form);
    });
    add_form(html, view, "paste", [&](html::FormState const& form) {
        auto lines = field_of(view, "paste", "lines", 0, true);
        lines.hint = words(view.language, "lines_hint");
        html::add_textarea(html, form, lines);
        add_language(html, view, "paste", form);
        add_expiry(html, view, "paste", form);
        add_send(html, view, "paste", form);
    });
}

void add_failures(Html& html, InvitationsView const& view)
{
    if (view.failures.empty())
        return;
    html.add(Tag::div, {attr::cls("notice notice-warning"), attr::role("alert")}, [&] {
        html.add(Tag::ul, [&] {
            for (auto const& failure : view.failures)
                html.add(Tag::li, failure);
        });
    });
}

net::Response invitations_page(InvitationsView const& view, int status)
{
    auto const title = words(view.language, "title",
                             {{"event", html::shown(view.desked.event->title, view.language).words}});
    return people_page(view.room, view.language, view.desked, {title, status}, [&](Html& html) {
        add_ways_nav(html, view.language, view.desked, "invitations");
        add_ways_done(html, view.language, view.request);
        html::add_error_summary(html, view.form, [](std::string_view) { return std::string(); });
        add_failures(html, view);
        auto const& form = view.desked.event->form;
        if (!form || form->admission == "open")
            html.add(Tag::p, {attr::cls("notice")}, words(view.language, "not_needed"));
        add_filter(html, view);
        add_list(html, view);
        add_forms(html, view);
    });
}

// ── What is sent ──

struct Answered
{
    std::string action;
    net::Fields fields;
    std::string language;
};

asio::awaitable<net::Response> page_again(PeopleRoom& room, Desked const& desked, net::Request const& request,
                                          Answered const& asked, std::vector<FieldError> errors,
                                          std::vector<std::string> failures, int status)
{
    auto const list = co_await invitations(room.services, desked, {});
    if (!list)
        co_return people_refused(room, request, list.error());
    InvitationsView const view{
        room,         asked.language,
        desked,       *list,
        {},           {asked.language, html::Values(asked.fields.pairs()), std::move(errors)},
        asked.action, std::move(failures),
        request};
    co_return invitations_page(view, status);
}

// The fields of one form, without the name of the form before them.
json::object members_of(Answered const& asked)
{
    json::object members;
    auto const prefix = asked.action + ".";
    for (auto const& [name, value] : asked.fields.pairs()) {
        if (name.starts_with(prefix) && !value.empty())
            members[name.substr(prefix.size())] = value;
    }
    return members;
}

// The form's members as the API has them. A number that is none becomes a text, which the decoder refuses.
json::object inviting_of(Answered const& asked)
{
    auto members = members_of(asked);
    bool const send = members.contains("send");
    members.erase("send");
    if (asked.action == "paste") {
        members.erase("language");
        members["send"] = send;
        if (!members.contains("lines"))
            members["lines"] = "";
        return members;
    }
    if (auto* seats = members.if_contains("seats")) {
        auto const number = parse_json(std::string(seats->get_string()));
        if (number && number->is_int64())
            *seats = *number;
    }
    if (asked.action == "share" && !members.contains("label"))
        members["label"] = "";
    return {{"items", json::array{std::move(members)}}, {"send", send}};
}

// Errors of the one item at its fields; those of lines at the lines, with their number and what is wrong.
std::vector<FieldError> at_fields(std::vector<FieldError> errors, Answered const& asked)
{
    for (auto& error : errors) {
        if (error.field.starts_with("items.0."))
            error.field = asked.action + "." + error.field.substr(std::string_view("items.0.").size());
        else if (error.field.starts_with("lines.")) {
            auto const number = error.field.substr(6, error.field.find('.', 6) - 6);
            auto const why = message(asked.language, error.message, error.arguments);
            error = {asked.action + ".lines", "invitation.line_error", {{"line", number}, {"why", why}}};
        } else
            error.field = asked.action + "." + error.field;
    }
    return errors;
}

net::Response done(Desked const& desked, std::string_view what, std::size_t count)
{
    return net::redirect(
        table_url(desked, "invitations").with("done", what).with("n", std::to_string(count)).text());
}

asio::awaitable<net::Response> add_invitations(PeopleRoom& room, Desked const& desked,
                                               net::Request const& request, Answered const& asked)
{
    auto const fallback = asked.fields.find(asked.action + ".language").value_or(asked.language);
    auto inviting =
        decode_inviting(inviting_of(asked), *desked.event, is_language(fallback) ? fallback : asked.language);
    Result<std::vector<Invitation>> made;
    if (inviting)
        made = co_await invite(room.services, desked, std::move(*inviting));
    else
        made = std::unexpected(inviting.error());
    if (made)
        co_return done(desked, "invited", made->size());
    if (made.error().errors.empty())
        co_return people_refused(room, request, made.error());
    co_return co_await page_again(room, desked, request, asked, at_fields(made.error().errors, asked), {},
                                  422);
}

asio::awaitable<net::Response> mail_chosen(PeopleRoom& room, Desked const& desked,
                                           net::Request const& request, Answered const& asked,
                                           std::vector<std::string> ids)
{
    auto const mailed =
        co_await mail_invitations(room.services, desked, std::move(ids), asked.action != "send");
    if (!mailed)
        co_return people_refused(room, request, mailed.error());
    std::map<Mailing, std::int64_t> counts;
    for (auto const& each : *mailed)
        ++counts[each.mailing];
    auto const sent = counts[Mailing::sent];
    counts.erase(Mailing::sent);
    if (counts.empty())
        co_return done(desked, asked.action == "send" ? "sent" : "reminded", static_cast<std::size_t>(sent));
    std::vector<std::string> failures{words(asked.language, "mailed", {{"count", sent}})};
    for (auto const& [mailing, count] : counts)
        failures.push_back(
            words(asked.language, fmt::format("mailing.{}", name_of(mailing)), {{"count", count}}));
    co_return co_await page_again(room, desked, request, asked, {}, std::move(failures), 409);
}

asio::awaitable<net::Response> withdraw_chosen(PeopleRoom& room, Desked const& desked,
                                               std::vector<std::string> const& ids)
{
    std::size_t count = 0;
    for (auto const& id : ids) {
        auto const withdrawn = co_await withdraw_invitation(room.services, desked, id);
        count += withdrawn ? 1 : 0;
    }
    co_return done(desked, "withdrawn", count);
}

asio::awaitable<net::Response> take(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    Answered asked{{}, net::parse_fields(request.body).value_or(net::Fields()), page_language(room, request)};
    asked.action = asked.fields.find("action").value_or("");
    if (asked.action == "invite" || asked.action == "share" || asked.action == "paste")
        co_return co_await add_invitations(room, *desked, request, asked);
    auto ids = asked.fields.all("id");
    if (asked.action == "remind_all")
        co_return co_await mail_chosen(room, *desked, request, asked, {});
    bool const known = asked.action == "send" || asked.action == "remind" || asked.action == "withdraw";
    if (!known || ids.empty() || ids.size() > most_guests)
        co_return co_await page_again(room, *desked, request, asked,
                                      {{"id", known ? "invitation.nobody_chosen" : "own.unknown_action", {}}},
                                      {}, 422);
    if (asked.action == "withdraw")
        co_return co_await withdraw_chosen(room, *desked, ids);
    co_return co_await mail_chosen(room, *desked, request, asked, std::move(ids));
}

asio::awaitable<net::Response> show(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto state = request.query.find("state").value_or("");
    if (std::ranges::find(states, state) == states.end())
        state.clear();
    auto const list = co_await invitations(room.services, *desked, state);
    if (!list)
        co_return people_refused(room, request, list.error());
    auto const language = page_language(room, request);
    InvitationsView const view{room, language, *desked, *list, state, {language, {}, {}}, {}, {}, request};
    co_return invitations_page(view, 200);
}

}

std::vector<net::Route> invitation_page_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/invitations", show),
            people_route(room, "POST", "/invitations", take, body_limit)};
}

}
