// One person: everything about them, what can be changed, what has happened. And registering somebody.
#include "base/messages.h"
#include "html/error_pages.h"
#include "registration/people_export.h"
#include "registration/people_page_parts.h"
#include "registration/people_words.h"
#include "registration/registration_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

struct PersonView
{
    std::string const& language;
    Desked const& desked;
    PersonFile const& file;
    Shown shown;
    html::FormState form;
    std::vector<std::string> notes;
    net::Request const& request;
};

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("people.{}", key), arguments);
}

void add_fact(Html& html, std::string_view term, std::function<void()> const& value)
{
    html.add(Tag::div, [&] {
        html.add(Tag::dt, term);
        html.add(Tag::dd, value);
    });
}

void add_text_fact(Html& html, std::string_view term, std::string_view value)
{
    if (!value.empty())
        add_fact(html, term, [&] { html.text(value); });
}

void add_answers(Html& html, PersonView const& view)
{
    auto const& event = *view.desked.event;
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        auto const* answer = view.file.person.answers.if_contains(question.key);
        if (!answer)
            continue;
        add_fact(html, html::shown(question.label, view.language).words, [&] {
            if (!is_masked(question, view.shown))
                return html.text(answer_words(question, *answer, view.language));
            html.text("••• ");
            auto const url = person_url(view.desked, view.file.person.id).with("reveal", question.key);
            html.add(Tag::a, {attr::href(url), attr::rel("nofollow")}, words(view.language, "reveal_one"));
        });
    }
}

void add_facts(Html& html, PersonView const& view)
{
    auto const& person = view.file.person;
    auto const& language = view.language;
    auto const column = [&](std::string_view name) {
        return words(language, fmt::format("column.{}", name));
    };
    html.add(Tag::dl, {attr::cls("facts")}, [&] {
        add_fact(html, column("status"), [&] { add_status(html, language, person); });
        add_text_fact(html, column("name_other_script"), person.name_other_script.value_or(""));
        if (!view.desked.sight.contacts)
            return;
        add_text_fact(html, column("email"), person.email.value_or(""));
        add_text_fact(html, column("organisation"), person.organisation.value_or(""));
        add_text_fact(html, column("type"), type_words(language, *view.desked.event, person));
        add_text_fact(html, column("language"), value_words(language, "language", person.language));
        add_text_fact(html, column("source"), value_words(language, "source", person.source));
        if (person.attendance)
            add_text_fact(html, column("attendance"),
                          value_words(language, "attendance", *person.attendance));
        for (auto const& companion : person.companions)
            add_text_fact(html, column("companions"), std::string_view(companion.at("name").as_string()));
        for (auto const& session : person.sessions)
            add_text_fact(html, column("sessions"),
                          facet_value_words(language, *view.desked.event, "session",
                                            std::string_view(session.at("id").as_string())));
        add_answers(html, view);
        add_fact(html, column("registered"),
                 [&] { add_instant(html, language, *view.desked.event, person.created_at); });
    });
}

// ── What can be changed ──

html::Field field(std::string_view language, std::string name, std::string_view label, std::int64_t limit)
{
    html::Field made;
    made.name = std::move(name);
    made.label = words(language, fmt::format("column.{}", label));
    made.maxlength = limit;
    made.autocomplete = "off";
    return made;
}

void add_edit(Html& html, PersonView const& view)
{
    auto const& language = view.language;
    html.add(Tag::h2, words(language, "edit"));
    html::add_error_summary(
        html, view.form,
        [&](std::string_view name) { return words(language, fmt::format("column.{}", name)); }, view.notes);
    add_post_form(html, person_url(view.desked, view.file.person.id), {attr::cls("form")}, [&] {
        html::add_hidden(html, "action", "edit");
        html::add_hidden(html, "version", view.form.values.first("version"));
        auto name = field(language, "name", "name", 200);
        name.required = true;
        html::add_input(html, view.form, name);
        html::add_input(html, view.form, field(language, "name_other_script", "name_other_script", 200));
        auto email = field(language, "email", "email", 254);
        email.type = "email";
        html::add_input(html, view.form, email);
        html::add_input(html, view.form, field(language, "organisation", "organisation", 200));
        auto tags = field(language, "tags", "tags", 1000);
        tags.hint = words(language, "tags_hint");
        html::add_input(html, view.form, tags);
        html::add_textarea(html, view.form, field(language, "note", "note", 5000));
        add_button(html, words(language, "save"));
    });
}

std::vector<std::string_view> decisions_for(std::string_view status)
{
    if (status == "pending")
        return {"approve", "waitlist", "decline"};
    if (status == "waitlisted")
        return {"approve", "cancel"};
    if (status == "confirmed" || status == "offered")
        return {"waitlist", "cancel"};
    return {"approve"};
}

void add_decisions(Html& html, PersonView const& view)
{
    auto const& language = view.language;
    html.add(Tag::h2, words(language, "decide"));
    add_post_form(html, person_url(view.desked, view.file.person.id), {attr::cls("people-inline")}, [&] {
        for (auto const action : decisions_for(view.file.person.status))
            add_button(html, words(language, fmt::format("action.{}", action)),
                       action == "cancel" || action == "decline" ? "button-danger" : "button-quiet", "action",
                       action);
    });
}

// ── What has happened ──

std::string happening_words(PersonView const& view, Happening const& each)
{
    auto const& language = view.language;
    if (each.kind == "mail") {
        auto const key = fmt::format("people.mail.{}", each.detail);
        auto const kind = has_message(language, key) ? message(language, key) : each.detail;
        return words(language, fmt::format("happened.mail_{}", each.state), {{"mail", kind}});
    }
    if (each.kind == "registered")
        return words(language, "happened.registered",
                     {{"source", value_words(language, "source", each.detail)}});
    if (each.kind == "cancelled")
        return value_words(language, "status", each.detail);
    if (each.kind == "looked")
        return words(language, "happened.looked",
                     {{"who", each.actor},
                      {"what", facet_words(language, *view.desked.event, "answer." + each.detail)}});
    return words(language, "happened.edited", {{"who", each.actor}});
}

void add_timeline(Html& html, PersonView const& view)
{
    html.add(Tag::h2, words(view.language, "timeline"));
    html.add(Tag::ol, {attr::cls("people-timeline")}, [&] {
        for (auto const& each : view.file.timeline) {
            html.add(Tag::li, [&] {
                add_instant(html, view.language, *view.desked.event, each.at);
                html.text(" ");
                html.text(happening_words(view, each));
            });
        }
    });
}

html::Values values_of(Person const& person)
{
    return html::Values({{"name", person.name},
                         {"name_other_script", person.name_other_script.value_or("")},
                         {"email", person.email.value_or("")},
                         {"organisation", person.organisation.value_or("")},
                         {"tags", fmt::format("{}", fmt::join(person.tags, ", "))},
                         {"note", person.note.value_or("")},
                         {"version", std::to_string(person.version)}});
}

net::Response show(PeopleRoom const& room, PersonView const& view, int status)
{
    return people_page(room, view.language, view.desked, {view.file.person.name, status},
                       [&view](Html& html) {
                           add_done(html, view.language, view.request);
                           add_facts(html, view);
                           if (view.desked.sight.manage) {
                               add_decisions(html, view);
                               add_edit(html, view);
                           }
                           if (view.desked.sight.contacts)
                               add_timeline(html, view);
                       });
}

asio::awaitable<net::Response> person(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto const query =
        read_people_query(request.query, *desked->event, desked->sight, language, {"lang", "done", "n"});
    if (!query)
        co_return people_refused(room, request, query.error());
    auto const file = co_await person_file(room.services, *desked, request.capture("id"), query->reveal);
    if (!file)
        co_return people_refused(room, request, file.error());
    PersonView const view{
        language, *desked, *file, {desked->sight, query->reveal}, {language, values_of(file->person), {}},
        {},       request};
    co_return show(room, view, 200);
}

// ── Taking the forms ──

json::object edit_object(html::Values const& values)
{
    json::object object;
    for (auto const* name : {"name", "name_other_script", "organisation", "note"})
        object[name] = values.first(name);
    if (!values.first("email").empty())
        object["email"] = values.first("email");
    json::array tags;
    auto rest = std::string(values.first("tags"));
    for (std::size_t at = 0; at <= rest.size();) {
        auto const comma = std::min(rest.find(',', at), rest.size());
        tags.push_back(json::value(rest.substr(at, comma - at)));
        at = comma + 1;
    }
    object["tags"] = std::move(tags);
    return object;
}

std::optional<std::int64_t> version_in(html::Values const& values)
{
    auto const text = values.first("version");
    std::int64_t version = -1;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

std::string refusal_words(std::string_view language, Problem const& problem)
{
    auto const key =
        problem.detail.empty() ? fmt::format("problem.{}.detail", wire_name(problem.name)) : problem.detail;
    return message(language, key, problem.arguments);
}

asio::awaitable<net::Response> take_edit(PeopleRoom& room, net::Request const& request, Desked const& desked,
                                         html::Values values)
{
    auto const language = page_language(room, request);
    auto const id = request.capture("id");
    auto const edit = decode_person_edit(edit_object(values), *desked.event);
    Problem problem;
    if (edit) {
        auto const version = version_in(values);
        auto const done = co_await edit_person(room.services, desked, id, *edit, version);
        if (done)
            co_return net::redirect(person_url(desked, id).with("done", "saved").text());
        problem = done.error();
    } else {
        problem = edit.error();
    }
    std::set<std::string, std::less<>> const nothing;
    auto const file = co_await person_file(room.services, desked, id, nothing);
    if (!file)
        co_return people_refused(room, request, file.error());
    std::vector<std::string> notes;
    if (problem.errors.empty())
        notes.push_back(refusal_words(language, problem));
    PersonView const view{
        language, desked, *file, {desked.sight, {}}, {language, std::move(values), problem.errors},
        notes,    request};
    co_return show(room, view, http_status(problem.name));
}

asio::awaitable<net::Response> take_decision(PeopleRoom& room, net::Request const& request,
                                             Desked const& desked, BulkAction action)
{
    auto const id = request.capture("id");
    Bulk bulk;
    bulk.action = action;
    bulk.ids = {id};
    auto const results = co_await carry_out(room.services, desked, std::move(bulk));
    if (!results)
        co_return people_refused(room, request, results.error());
    auto const& outcome = results->front().outcome;
    auto const done = outcome == "done" || outcome == "unchanged" ? "decided" : "outcome_" + outcome;
    co_return net::redirect(person_url(desked, id).with("done", done).text());
}

asio::awaitable<net::Response> change_person(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const fields = net::parse_fields(request.body);
    html::Values values(fields ? fields->pairs() : std::vector<std::pair<std::string, std::string>>());
    auto const action = bulk_action_named(values.first("action"));
    if (action && *action != BulkAction::tag && *action != BulkAction::untag)
        co_return co_await take_decision(room, request, *desked, *action);
    co_return co_await take_edit(room, request, *desked, std::move(values));
}

// ── Registering somebody ──

struct AddView
{
    std::string const& language;
    Desked const& desked;
    html::FormState form;
    std::vector<std::string> notes;
    net::Request const& request;
};

net::Response show_add(PeopleRoom const& room, AddView const& view, int status)
{
    auto const& language = view.language;
    return people_page(room, language, view.desked, {words(language, "add"), status}, [&](Html& html) {
        add_done(html, language, view.request);
        html.add(Tag::p, {attr::cls("lead")}, words(language, "add_lead"));
        html::add_error_summary(
            html, view.form,
            [&](std::string_view name) { return label_of(language, *view.desked.event, name); }, view.notes);
        add_post_form(html, table_url(view.desked, "add"), {attr::cls("form")}, [&] {
            html::add_input(html, view.form, name_field(language));
            html::add_input(html, view.form, other_script_field(language));
            auto email = field(language, "email", "email", 254);
            email.type = "email";
            email.required = true;
            html::add_input(html, view.form, email);
            html::add_input(html, view.form, organisation_field(language));
            add_language_choice(html, view.form);
            add_questions(html, view.form, *view.desked.event);
            add_session_choices(html, view.form, *view.desked.event);
            html::Field walk_in;
            walk_in.name = "walk_in";
            walk_in.label = words(language, "walk_in");
            html::add_checkbox(html, view.form, walk_in);
            add_button(html, words(language, "add_submit"));
        });
    });
}

asio::awaitable<net::Response> add_form(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked || !desked->sight.manage)
        co_return people_refused(room, request,
                                 desked ? refuse(ProblemName::not_allowed).error() : desked.error());
    auto const language = page_language(room, request);
    AddView const view{
        language, *desked, {language, html::Values({{"language", language}}), {}}, {}, request};
    co_return show_add(room, view, 200);
}

asio::awaitable<net::Response> take_add(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto fields = net::parse_fields(request.body).value_or(net::Fields());
    auto pairs = fields.pairs();
    bool const walk_in = std::erase_if(pairs, [](auto const& pair) { return pair.first == "walk_in"; }) > 0;
    auto object = object_from_form(pairs, *desked->event);
    auto const added =
        co_await add_person(room.services, *desked, std::move(object), walk_in ? "walk_in" : "organiser");
    if (added)
        co_return net::redirect(person_url(*desked, added->id).with("done", "added").text());
    AddView view{
        language, *desked, {language, html::Values(fields.pairs()), added.error().errors}, {}, request};
    if (added.error().errors.empty())
        view.notes.push_back(refusal_words(language, added.error()));
    co_return show_add(room, view, http_status(added.error().name));
}

}

std::vector<net::Route> people_person_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/people/{id}", person),
            people_route(room, "POST", "/people/{id}", change_person),
            people_route(room, "GET", "/add", add_form), people_route(room, "POST", "/add", take_add)};
}

}
