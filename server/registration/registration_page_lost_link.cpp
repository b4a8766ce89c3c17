// Where a lost link is asked for: /LANG/registrations/. The answer is the same whoever asks; the links go by
// mail to the address they belong to. Also where one arrives when a link has ended by one's own doing.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/own_commands.h"
#include "registration/registration_page_handlers.h"

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
using html::Url;

Url own_place(std::string_view language)
{
    return Url::local({language, "registrations"}).as_folder();
}

void add_lost_link_form(Html& html, LostLinkView const& view)
{
    auto const& language = view.in.language;
    html.add(Tag::form, {attr::cls("form"), attr::method("post"), attr::action(own_place(language))}, [&] {
        html::add_error_summary(html, view.state, [&](std::string_view field) {
            return field == "email" ? message(language, "form.email") : std::string();
        });
        if (view.event)
            html::add_hidden(html, "event", view.event->slug);
        html::Field email;
        email.name = "email";
        email.label = message(language, "form.email");
        email.required = true;
        email.autocomplete = "email";
        email.inputmode = "email";
        email.maxlength = 254;
        email.missing = message(language, "field.email");
        html::add_input(html, view.state, email);
        html.add(Tag::button, {attr::type("submit")}, message(language, "own.lost.submit"));
    });
}

LostLinkView view_of(PageContext const& context, std::string const& language, html::Values values)
{
    LostLinkView view{events::surroundings(context.services, context.assets, language),
                      {language, std::move(values), {}},
                      nullptr,
                      {},
                      {}};
    if (auto const slug = view.state.values.first("event"); !slug.empty())
        view.event = context.services.catalogue.find_public(slug);
    return view;
}

}

std::string render_lost_link_page(LostLinkView const& view)
{
    static constexpr std::array<std::string_view, 3> deeds = {"lost-link", "transfer", "erase"};
    auto const& language = view.in.language;
    html::Head head;
    head.title = message(language, "own.lost.title");
    head.is_error = !view.state.errors.empty() || !view.notes.empty();
    head.is_listed = false;
    head.path = Url::local({"registrations"}).as_folder();
    return html::page(view.in, head, {}, [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            if (std::ranges::find(deeds, view.done) != deeds.end())
                html.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
                         message(language, fmt::format("own.done.{}", view.done)));
            html.add(Tag::h1, head.title);
            if (view.event)
                add_words(html, Tag::p, view.event->title, language);
            for (auto const& note : view.notes)
                html.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("alert")}, note);
            html.add(Tag::p, {attr::cls("lead")}, message(language, "own.lost.detail"));
            add_lost_link_form(html, view);
        });
    });
}

asio::awaitable<net::Response> show_lost_link(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto view = view_of(context, language, html::Values(request.query.pairs()));
    view.done = request.query.find("done").value_or("");
    co_return private_page(render_lost_link_page(view), 200, language);
}

asio::awaitable<net::Response> to_lost_link(PageContext const&, net::Request const& request)
{
    co_return net::redirect(own_place(request.capture("lang")).text(), 301);
}

asio::awaitable<net::Response> take_lost_link(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const sent = net::parse_fields(request.body);
    if (!sent)
        co_return html::problem_page({}, language, context.assets);
    json::object fields{{"email", sent->find("email").value_or("")}};
    if (auto const event = sent->find("event"); event && !event->empty())
        fields["event"] = *event;
    auto wanted = decode_lost_link(fields);
    auto done = Result<void>();
    if (wanted)
        done = co_await send_lost_links(context.services, std::move(*wanted), request.peer);
    else
        done = std::unexpected(wanted.error());
    if (done)
        co_return net::redirect(own_place(language).with("done", "lost-link").text());
    auto view = view_of(context, language, html::Values(sent->pairs()));
    view.state.errors = done.error().errors;
    if (view.state.errors.empty())
        view.notes.push_back(problem_words(language, done.error()));
    auto response = private_page(render_lost_link_page(view), http_status(done.error().name), language);
    if (done.error().retry_after_ms)
        response = html::with_retry_after(std::move(response), *done.error().retry_after_ms);
    co_return response;
}

}
