#include "registration/form_pages.h"

#include "accounts/accounts_guard.h"
#include "accounts/app_page.h"
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "html/error_pages.h"
#include "registration/answer_rules.h"
#include "registration/form_commands.h"
#include "registration/form_page_parts.h"
#include "registration/registration_page_handlers.h"

#include <charconv>

namespace kutsu::registration
{
namespace
{

struct Room
{
    Services& services;
    html::Assets assets;
};

std::string language_of(Room const& room, net::Request const& request)
{
    return net::language_of(request, room.services.site.default_language);
}

std::int64_t number_of(std::optional<std::string> const& text)
{
    std::int64_t number = -1;
    if (text)
        std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

// Who may edit, or what to answer instead.
struct Visit
{
    std::string language;
    std::optional<accounts::Actor> actor;
    Result<events::EventPtr> event;
};

asio::awaitable<Visit> visit(Room const& room, net::Request const& request)
{
    auto actor = co_await accounts::actor_of(room.services, request);
    auto event = event_of_editor(room.services, actor, request.capture("slug"));
    co_return Visit{language_of(room, request), std::move(actor), std::move(event)};
}

net::Response turned_away(Room const& room, Visit const& visit)
{
    if (!visit.actor)
        return net::redirect("/app/");
    return html::problem_page(visit.event.error(), visit.language, room.assets);
}

asio::awaitable<FormPage> page_of(Room const& room, Visit const& visit)
{
    auto const event = *visit.event;
    FormPage page{events::surroundings(room.services, room.assets, visit.language),
                  event,
                  {},
                  visit.language,
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {}};
    if (event->form)
        page.form = *event->form;
    else
        page.form.version = 0, page.form.time_zone = event->span.starts.time_zone;
    page.settings = {visit.language, settings_values(page.form), {}};
    auto const event_id = event->event_id;
    page.versions = co_await form_versions(room.services, event_id);
    co_return page;
}

net::Response respond(Room const& room, FormPage const& page, int status = 200)
{
    auto const title = message(page.in.language, "form_page.title",
                               {{"event", html::shown(page.event->title, page.in.language).words}});
    accounts::AppPage const frame{title, status, false, {}};
    return accounts::app_page(room.services, room.assets, page.in.language, frame, [&](html::Html& html) {
        html.add(html::Tag::div, {html::attr::cls("form-page")}, [&] { add_form_page(html, page); });
    });
}

asio::awaitable<net::Response> show(Room const& room, net::Request const& request)
{
    auto const guest = co_await visit(room, request);
    if (!guest.event)
        co_return turned_away(room, guest);
    auto page = co_await page_of(room, guest);
    if (auto const preview = request.query.find("preview"); preview && is_language(*preview))
        page.preview = *preview;
    page.done = request.query.find("done").value_or("");
    if (auto const key = request.query.find("edit")) {
        auto const* question = find_question(page.form.questions, *key);
        page.editing = question ? *key : "";
        page.question =
            html::FormState{guest.language, question_values(question ? *question : events::Question()), {}};
    }
    if (auto const version = request.query.find("version")) {
        auto const event_id = page.event->event_id;
        auto const old = co_await form_of_version(room.services, event_id, number_of(version));
        if (!old)
            co_return html::problem_page(old.error(), guest.language, room.assets);
        page.old = *old;
    }
    co_return respond(room, page);
}

// What a form of the page asks for, as members of the definition.
std::optional<json::object> sent_of(net::Fields const& fields, events::RegistrationForm const& form)
{
    auto const action = fields.find("action").value_or("");
    auto const key = fields.find("key").value_or("");
    if (action == "settings")
        return settings_from(fields);
    if (action == "question")
        return json::object{{"questions", with_question(form, fields.find("before").value_or(""),
                                                        question_from(fields, form))},
                            {"archive", true}};
    if (action == "move")
        return json::object{{"questions", with_moved(form, key, fields.find("direction") == "up")}};
    if (action == "remove")
        return json::object{{"questions", without_question(form, key)},
                            {"archive", fields.find("archive").has_value()}};
    return std::nullopt;
}

// The page once more with what was entered and what is wrong with it.
net::Response refused(Room const& room, FormPage page, net::Fields const& fields, Problem const& problem)
{
    auto const action = fields.find("action").value_or("");
    auto const& language = page.in.language;
    if (action == "question") {
        page.editing = fields.find("before").value_or("");
        page.question =
            html::FormState{language, html::Values(fields.pairs()),
                            errors_of_question(problem.errors, place_of(page.form, page.editing))};
    } else if (action == "settings") {
        page.settings = {language, html::Values(fields.pairs()), errors_of_settings(problem.errors)};
    } else {
        for (auto const& error : problem.errors)
            page.notes.push_back(message(language, error.message, error.arguments));
    }
    if (problem.errors.empty())
        page.notes.push_back(problem_words(language, problem));
    return respond(room, page, http_status(problem.name));
}

asio::awaitable<net::Response> take(Room const& room, net::Request const& request)
{
    auto const guest = co_await visit(room, request);
    if (!guest.event)
        co_return turned_away(room, guest);
    if (!accounts::is_same_origin(request, room.services.site)) {
        Problem const problem{ProblemName::not_allowed,
                              "accounts.wrong_origin",
                              {{"address", room.services.site.base_url + request.path}},
                              {},
                              {},
                              {}};
        co_return html::problem_page(problem, guest.language, room.assets);
    }
    auto const fields = net::parse_fields(request.body);
    auto page = co_await page_of(room, guest);
    auto sent = fields ? sent_of(*fields, page.form) : std::nullopt;
    if (!sent)
        co_return html::problem_page({}, guest.language, room.assets);
    FormDesire desire{page.event->slug, std::move(*sent), number_of(fields->find("version")),
                      guest.actor->id};
    auto const done = co_await edit_form(room.services, std::move(desire));
    if (!done)
        co_return refused(room, std::move(page), *fields, done.error());
    co_return net::redirect(html::Url::local({"app", "events", page.event->slug, "form"})
                                .with("done", fields->find("action").value_or(""))
                                .text());
}

}

std::vector<net::Route> form_page_routes(Services& services, html::Assets const& assets)
{
    auto const room = std::make_shared<Room const>(Room{services, assets});
    constexpr std::size_t body_limit = 256UL * 1024;
    return {{"GET", "/app/events/{slug}/form",
             [room](net::Request const& request) { return show(*room, request); }},
            {"POST", "/app/events/{slug}/form",
             [room](net::Request const& request) { return take(*room, request); }, body_limit}};
}

}
