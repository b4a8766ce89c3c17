// What a guest sees of an invitation: the form with what is known filled in, and a way to say no.
#include "base/log.h"
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "html/error_pages.h"
#include "registration/invitation_commands.h"
#include "registration/registration_page_handlers.h"
#include "registration/ways_page_parts.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

html::SafeHtml invitation_note(std::string_view language, events::Event const& event,
                               Invitation const& invitation, std::string const& code)
{
    Html html;
    html.add(Tag::section, {attr::cls("notice"), attr::aria("labelledby", "invitation")}, [&] {
        html.add(Tag::p, {attr::id("invitation")},
                 message(language, "invitation.for_you", {{"name", invitation.name}}));
        if (invitation.expires_at)
            html.add(Tag::p, message(language, "invitation.answer_by",
                                     {{"moment", instant_words(language, event, *invitation.expires_at)}}));
        if (invitation.state == "declined")
            html.add(Tag::p, message(language, "invitation.declined_before"));
        if (invitation.state == "declined" || invitation.used > 0)
            return;
        add_post_form(html, Url::local({language, "events", event.slug, "invitation"}), {}, [&] {
            html::add_hidden(html, "action", "decline");
            html::add_hidden(html, "invitation", code);
            add_button(html, message(language, "invitation.decline"), "button-quiet");
        });
    });
    return std::move(html).piece();
}

net::Response declined_page(PeopleRoom const& room, std::string const& language, events::Event const& event,
                            std::string const& code)
{
    auto const in = events::surroundings(room.services, room.assets, language);
    auto const title = message(language, "invitation.declined_title");
    auto head = events::event_head(in, event, title);
    head.path = {};
    head.is_listed = false;
    auto page = html::page(in, head, {}, [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            html.add(Tag::h1, title);
            html.add(Tag::p, {attr::cls("lead"), attr::role("status")},
                     message(language, "invitation.declined_lead"));
            html.add(Tag::p, [&] {
                auto const url = Url::local({language, "events", event.slug, "registrations"});
                html.add(Tag::a, {attr::href(url.with("invitation", code))},
                         message(language, "invitation.change_mind"));
            });
        });
    });
    return private_page(std::move(page), 200, language);
}

asio::awaitable<net::Response> answer(PeopleRoom& room, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const event = room.services.catalogue.find_public(request.capture("slug"));
    if (!event)
        co_return html::not_found_page(language, room.assets);
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    auto const code = fields.find("invitation").value_or("").substr(0, 100);
    if (fields.find("action") != "decline")
        co_return html::problem_page(refuse(ProblemName::validation, "own.unknown_action").error(), language,
                                     room.assets);
    auto const declined = co_await decline_invitation(room.services, event, code, request.peer);
    co_return declined ? declined_page(room, language, *event, code)
                       : html::problem_page(declined.error(), language, room.assets);
}

}

asio::awaitable<InvitedGuest> invited_guest(PageContext const& context, events::EventPtr event,
                                            net::Request const& request, std::string code)
{
    InvitedGuest guest;
    guest.fields.emplace_back("invitation", code);
    Result<Invitation> invitation = refuse(ProblemName::overloaded);
    try {
        invitation = co_await open_invitation(context.services, event, code, request.peer);
    } catch (std::exception const&) {
        // The form can be filled without what we know of the guest.
        log_error("an invitation could not be read", {{"request", request.id}});
    }
    if (!invitation) {
        guest.errors = invitation.error().errors;
        co_return guest;
    }
    if (!invitation->is_personal)
        co_return guest;
    guest.fields.emplace_back("name", invitation->name);
    guest.fields.emplace_back("email", invitation->email);
    guest.fields.emplace_back("language", invitation->language);
    guest.note = invitation_note(request.capture("lang"), *event, *invitation, code);
    co_return guest;
}

std::vector<net::Route> invitation_answer_routes(PeopleRoomPtr const& room)
{
    auto handler = [room](net::Request const& request) { return answer(*room, request); };
    return {{"POST", "/{lang}/events/{slug}/invitation", std::move(handler), 16UL * 1024}};
}

}
