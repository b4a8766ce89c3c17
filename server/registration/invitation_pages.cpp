// Invitations of an event: who has been invited and what they said, and the ways to invite: one person, a
// code for many, or a pasted list.
#include "base/messages.h"
#include "html/error_pages.h"
#include "registration/invitation_page_parts.h"

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
    return invitation_words(language, key, arguments);
}

// ── The list ──

std::string title_of(InvitationsView const& view, Invitation const& invitation)
{
    return invitation.is_personal
               ? words(view.language, "person", {{"name", invitation.name}, {"email", invitation.email}})
               : words(view.language, "shared", {{"label", invitation.label}});
}

// Nobody can answer any more: that says more than that nobody has.
std::string state_of(Invitation const& invitation, Instant now)
{
    bool const waits = invitation.state == "invited" || invitation.state == "opened";
    return waits && invitation.expires_at && *invitation.expires_at <= now ? "expired" : invitation.state;
}

std::string_view css_of(std::string_view state)
{
    return state == "registered"                                               ? "state-open"
           : state == "declined" || state == "withdrawn" || state == "expired" ? "state-closed"
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
            auto const state = state_of(invitation, view.room.services.clock.now());
            add_state_words(html, words(view.language, "state." + state), css_of(state));
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

std::string invitation_words(std::string_view language, std::string_view key, Arguments const& arguments)
{
    return message(language, fmt::format("invitation.{}", key), arguments);
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

std::vector<net::Route> invitation_page_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/invitations", show),
            people_route(room, "POST", "/invitations", take_invitations, body_limit)};
}

}
