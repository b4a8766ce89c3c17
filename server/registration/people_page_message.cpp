// Writing to people by page: write, look at it as somebody gets it, try it on oneself, send, take back.
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/people_message_commands.h"
#include "registration/people_page_parts.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("people.message.{}", key), arguments);
}

struct MessageView
{
    std::string const& language;
    Desked const& desked;
    PeopleQuery query; // whom the list shows
    html::FormState form;
    std::vector<std::string> notes;
    std::optional<MessageLook> look;
    std::vector<SentMessage> sent;
    Instant now;
    net::Request const& request;
};

html::Field word_field(std::string_view language, std::string_view part, std::string const& code,
                       std::int64_t limit)
{
    html::Field field;
    field.name = fmt::format("{}.{}", part, code);
    field.label = words(language, part, {{"language", language_name(language, code)}});
    field.maxlength = limit;
    field.autocomplete = "off";
    return field;
}

void add_look(Html& html, MessageView const& view)
{
    auto const& look = *view.look;
    html.add(Tag::section, {attr::cls("notice"), attr::aria("label", words(view.language, "preview"))}, [&] {
        html.add(Tag::p, {attr::role("status")},
                 words(view.language, "goes_to", {{"whom", look.whom}, {"count", look.recipients}}));
        for (auto const& code : look.missing)
            html.add(Tag::p, {attr::cls("error")},
                     words(view.language, "missing",
                           {{"language", language_name(view.language, code)},
                            {"count", look.by_language.at(code)}}));
        if (!look.sample)
            return;
        html.add(Tag::h2, words(view.language, "sample", {{"name", look.sample_for}}));
        html.add(Tag::p, {attr::lang(look.sample->language)},
                 [&] { html.add(Tag::strong, look.sample->subject); });
        for (std::size_t at = 0; at < look.sample->body.size();) {
            auto const end = std::min(look.sample->body.find('\n', at), look.sample->body.size());
            html.add(Tag::p, {attr::lang(look.sample->language)}, look.sample->body.substr(at, end - at));
            at = end + 1;
        }
    });
}

void add_send(Html& html, MessageView const& view)
{
    if (view.look->recipients > count_has_to_be_said_above) {
        html::Field count;
        count.name = "count";
        count.label = words(view.language, "type_count", {{"count", view.look->recipients}});
        count.inputmode = "numeric";
        count.autocomplete = "off";
        html::add_input(html, view.form, count);
    } else {
        html::add_hidden(html, "count", std::to_string(view.look->recipients));
    }
    if (view.look->recipients > 0)
        add_button(html, words(view.language, "send", {{"count", view.look->recipients}}), {}, "action",
                   "send");
}

void add_form(Html& html, MessageView const& view)
{
    auto const label = [&](std::string_view field) {
        auto const dot = field.find('.');
        return dot == std::string_view::npos
                   ? std::string()
                   : words(view.language, field.substr(0, dot),
                           {{"language", language_name(view.language, field.substr(dot + 1))}});
    };
    html::add_error_summary(html, view.form, label, view.notes);
    add_post_form(html, with_query(table_url(view.desked, "mail"), view.query), {attr::cls("form")}, [&] {
        html.add(Tag::p, {attr::cls("hint")}, words(view.language, "places"));
        for (auto const& code : languages()) {
            html::add_input(html, view.form, word_field(view.language, "subject", code, 200));
            html::add_textarea(html, view.form, word_field(view.language, "body", code, 10'000));
        }
        if (view.look)
            add_look(html, view);
        add_button(html, words(view.language, "look"), view.look ? "button-quiet" : "", "action", "preview");
        add_button(html, words(view.language, "try"), "button-quiet", "action", "try");
        if (view.look)
            add_send(html, view);
    });
}

void add_sent(Html& html, MessageView const& view)
{
    if (view.sent.empty())
        return;
    html.add(Tag::h2, words(view.language, "sent_before"));
    html.add(Tag::ul, {attr::cls("people-timeline")}, [&] {
        for (auto const& each : view.sent)
            html.add(Tag::li, [&] {
                add_instant(html, view.language, *view.desked.event, each.created_at);
                html.text(" ");
                auto const* own = each.subject.if_contains(view.language);
                auto const& subject = own ? *own : each.subject.begin()->value();
                html.add(Tag::strong, std::string_view(subject.get_string()));
                html.text(" ");
                html.text(
                    each.state == "undone"
                        ? words(view.language, "undone")
                        : words(view.language, "progress",
                                {{"sent", each.sent}, {"all", each.recipients}, {"failed", each.failed}}));
                if (each.state == "queued" && each.send_at > view.now)
                    add_post_form(html, table_url(view.desked, "mail"), {attr::cls("people-inline")}, [&] {
                        html::add_hidden(html, "undo", each.id);
                        add_button(html, words(view.language, "undo"), "button-quiet");
                    });
            });
    });
}

net::Response show(PeopleRoom const& room, MessageView const& view, int status)
{
    return people_page(
        room, view.language, view.desked, {message(view.language, "people.mail"), status}, [&](Html& html) {
            add_done(html, view.language, view.request);
            html.add(Tag::p, {attr::cls("lead")},
                     words(view.language, "whom",
                           {{"whom", filter_words(view.language, *view.desked.event, view.query.filter)}}));
            html.add(Tag::p, {attr::cls("hint")}, words(view.language, "service"));
            add_form(html, view);
            add_sent(html, view);
        });
}

// The filter stands in the address, as in the list.
asio::awaitable<Result<MessageView>> view_of(PeopleRoom& room, net::Request const& request,
                                             Desked const& desked, std::string const& language)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto query =
        read_people_query(request.query, *desked.event, desked.sight, language, {"lang", "done", "n"});
    if (!query)
        co_return std::unexpected(query.error());
    auto sent = co_await list_messages(room.services, desked);
    if (!sent)
        co_return std::unexpected(sent.error());
    co_return MessageView{language, desked, std::move(*query), {language, {}, {}},
                          {},       {},     std::move(*sent),  room.services.clock.now(),
                          request};
}

MessageWords words_in(html::Values const& values)
{
    MessageWords words;
    for (auto const& code : languages()) {
        if (auto subject = tidy_line(values.first("subject." + code)); !subject.empty())
            words.subject[code] = std::move(subject);
        if (auto body = tidy_text(values.first("body." + code)); !body.empty())
            words.body[code] = std::move(body);
    }
    return words;
}

std::optional<std::int64_t> count_in(html::Values const& values)
{
    auto const text = values.first("count");
    std::int64_t count = -1;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

asio::awaitable<net::Response> compose(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto const view = co_await view_of(room, request, *desked, language);
    co_return view ? show(room, *view, 200) : people_refused(room, request, view.error());
}

asio::awaitable<net::Response> take_back(PeopleRoom& room, net::Request const& request, Desked const& desked,
                                         std::string id)
{
    auto const undone = co_await undo_message(room.services, desked, std::move(id));
    if (!undone)
        co_return people_refused(room, request, undone.error());
    co_return net::redirect(table_url(desked, "mail").with("done", "undone").text());
}

// What has been done leads to the page anew; nothing when something is wrong or only to be shown.
asio::awaitable<Result<std::string>> act(PeopleRoom& room, MessageView& view, std::string_view action)
{
    MessageDraft const draft{words_in(view.form.values), view.query.filter};
    auto const page = table_url(view.desked, "mail");
    if (action == "try") {
        auto const tried = co_await try_message(room.services, view.desked, draft);
        if (!tried)
            co_return std::unexpected(tried.error());
        view.notes.push_back(words(view.language, "tried", {{"email", view.desked.actor.email}}));
        co_return std::string();
    }
    auto look = co_await look_at_message(room.services, view.desked, draft, view.language);
    if (!look)
        co_return std::unexpected(look.error());
    view.look = std::move(*look);
    if (action != "send")
        co_return std::string();
    auto const sent = co_await send_message(room.services, view.desked, draft, count_in(view.form.values));
    if (!sent)
        co_return std::unexpected(sent.error());
    co_return page.with("done", "sent").with("n", std::to_string(sent->recipients)).text();
}

asio::awaitable<net::Response> take(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    if (auto id = fields.find("undo"))
        co_return co_await take_back(room, request, *desked, std::move(*id));
    auto view = co_await view_of(room, request, *desked, language);
    if (!view)
        co_return people_refused(room, request, view.error());
    view->form.values = html::Values(fields.pairs());
    auto const done = co_await act(room, *view, fields.find("action").value_or(""));
    if (done)
        co_return done->empty() ? show(room, *view, 200) : net::redirect(*done);
    view->form.errors = done.error().errors;
    if (view->form.errors.empty())
        co_return people_refused(room, request, done.error());
    co_return show(room, *view, 422);
}

}

std::vector<net::Route> people_message_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/mail", compose), people_route(room, "POST", "/mail", take)};
}

}
