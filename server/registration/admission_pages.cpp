// The queue of those who wait for approval: read, choose, decide with a reason in the guest's language.
#include "base/messages.h"
#include "html/error_pages.h"
#include "registration/admission_commands.h"
#include "registration/people_export.h"
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

constexpr std::size_t body_limit = 256UL * 1024;

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("approval.{}", key), arguments);
}

struct QueueView
{
    std::string const& language;
    Desked const& desked;
    PeopleList const& list;
    html::FormState form;
    std::vector<std::string> failures;
    net::Request const& request;
};

void add_answers(Html& html, QueueView const& view, Person const& person)
{
    auto const& event = *view.desked.event;
    html.add(Tag::dl, {attr::cls("facts")}, [&] {
        for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
            auto const* answer = person.answers.if_contains(question.key);
            if (!answer)
                continue;
            html.add(Tag::div, [&] {
                html.add(Tag::dt, html::shown(question.label, view.language).words);
                html.add(Tag::dd, is_masked(question, {view.desked.sight, {}})
                                      ? "•••"
                                      : answer_words(question, *answer, view.language));
            });
        }
    });
}

void add_person(Html& html, QueueView const& view, Person const& person)
{
    auto const id = "person-" + person.id;
    bool const chosen = view.form.values.has("registration", person.id);
    html.add(Tag::li, {attr::cls("card")}, [&] {
        html.add(Tag::div, {attr::cls("choice")}, [&] {
            html.add(Tag::input, {attr::type("checkbox"), attr::id(id), attr::name("registration"),
                                  attr::value(person.id), attr::checked(chosen)});
            html.add(Tag::label, {attr::for_field(id)}, [&] { add_name(html, person); });
        });
        html.add(Tag::p, {attr::cls("quiet")}, [&] {
            html.text(words(view.language, "person",
                            {{"organisation", person.organisation.value_or("")},
                             {"email", person.email.value_or("")},
                             {"party", person.seats}}));
            html.text(" ");
            add_instant(html, view.language, *view.desked.event, person.created_at);
        });
        add_answers(html, view, person);
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(person_url(view.desked, person.id))},
                     words(view.language, "open", {{"name", person.name}}));
        });
    });
}

// The words of each template stand beside it; own words for one language win over them.
void add_reason(Html& html, QueueView const& view)
{
    std::vector<html::Option> options{{"", words(view.language, "no_reason")}};
    for (auto const& name : reason_templates())
        options.push_back({name, words(view.language, "reason." + name)});
    html::add_select(html, view.form, ways_field(words(view.language, "template"), "template", 0), options);
    bool const used = std::ranges::any_of(languages(), [&](auto const& language) {
        return view.form.values.has_any("reason." + language) ||
               !view.form.errors_of("reason." + language).empty();
    });
    html.add(Tag::details, {attr::open(used)}, [&] {
        html.add(Tag::summary, words(view.language, "own_words"));
        html.add(Tag::p, {attr::cls("hint")}, words(view.language, "own_words_hint"));
        for (auto const& language : languages())
            html::add_textarea(html, view.form,
                               ways_field(language_name(view.language, language), "reason." + language,
                                          static_cast<std::int64_t>(reason_limit)));
    });
}

void add_box(Html& html, QueueView const& view, std::string name, std::string_view key)
{
    auto field = ways_field(words(view.language, key), std::move(name), 0);
    field.required = true;
    field.native_required = false;
    html::add_checkbox(html, view.form, field);
}

void add_queue(Html& html, QueueView const& view)
{
    add_post_form(html, table_url(view.desked, "approvals"), {attr::cls("form")}, [&] {
        html.add(Tag::fieldset, {attr::id(html::field_id("registration"))}, [&] {
            html.add(Tag::legend, words(view.language, "waiting", {{"count", view.list.total}}));
            html.add(Tag::ol, {attr::cls("plain")}, [&] {
                for (auto const& person : view.list.people)
                    add_person(html, view, person);
            });
        });
        if (view.list.total > std::ssize(view.list.people))
            html.add(Tag::p, words(view.language, "first_only",
                                   {{"count", static_cast<std::int64_t>(view.list.people.size())}}));
        add_reason(html, view);
        add_box(html, view, "or_waitlist", "or_waitlist");
        add_box(html, view, "quiet", "quiet");
        html.add(Tag::p, {attr::cls("actions")}, [&] {
            add_button(html, words(view.language, "to.confirmed"), {}, "to", "confirmed");
            add_button(html, words(view.language, "to.waitlisted"), "button-quiet", "to", "waitlisted");
            add_button(html, words(view.language, "to.declined"), "button-quiet", "to", "declined");
        });
    });
}

void add_failures(Html& html, QueueView const& view)
{
    if (view.failures.empty())
        return;
    html.add(Tag::div, {attr::cls("notice notice-warning"), attr::role("alert")}, [&] {
        html.add(Tag::p, words(view.language, "failures",
                               {{"count", static_cast<std::int64_t>(view.failures.size())}}));
        html.add(Tag::ul, [&] {
            for (auto const& failure : view.failures)
                html.add(Tag::li, failure);
        });
    });
}

net::Response queue_page(PeopleRoom const& room, QueueView const& view, int status)
{
    auto const title = words(view.language, "title",
                             {{"event", html::shown(view.desked.event->title, view.language).words}});
    return people_page(room, view.language, view.desked, {title, status}, [&](Html& html) {
        add_ways_nav(html, view.language, view.desked, "approvals");
        add_ways_done(html, view.language, view.request);
        html::add_error_summary(html, view.form, [](std::string_view) { return std::string(); });
        add_failures(html, view);
        auto const& form = view.desked.event->form;
        if (!form || form->admission != "approval")
            html.add(Tag::p, {attr::cls("notice")}, words(view.language, "not_needed"));
        if (view.list.people.empty())
            html.add(Tag::p, {attr::cls("lead")}, words(view.language, "empty"));
        else
            add_queue(html, view);
    });
}

asio::awaitable<net::Response> show(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const list = co_await waiting_for_approval(room.services, *desked);
    if (!list)
        co_return people_refused(room, request, list.error());
    auto const language = page_language(room, request);
    co_return queue_page(room, {language, *desked, *list, {language, {}, {}}, {}, request}, 200);
}

// What the form says, as the API has it.
json::object asked_for(net::Fields const& fields)
{
    json::object reason;
    for (auto const& language : languages())
        reason[language] = fields.find("reason." + language).value_or("");
    json::array items;
    for (auto const& id : fields.all("registration")) {
        json::object item{{"registration", id},
                          {"to", fields.find("to").value_or("")},
                          {"template", fields.find("template").value_or("")},
                          {"reason", reason},
                          {"notify", !fields.find("quiet").has_value()}};
        if (fields.find("or_waitlist"))
            item["if_full"] = "waitlisted";
        items.push_back(std::move(item));
    }
    return {{"items", std::move(items)}};
}

// All items of the page share their reason: its mistakes stand once, beside its field.
std::vector<FieldError> of_the_form(std::vector<FieldError> errors)
{
    std::vector<FieldError> own;
    for (auto& error : errors) {
        if (error.field.starts_with("items.0."))
            error.field.erase(0, std::string_view("items.0.").size());
        if (!error.field.starts_with("items."))
            own.push_back(std::move(error));
    }
    return own;
}

std::string failure_words(std::string_view language, PeopleList const& before, Decided const& result)
{
    auto const person = std::ranges::find(before.people, result.registration, &Person::id);
    auto const key = fmt::format("outcome.{}", result.outcome);
    bool const known = has_message(language, "approval." + key);
    return words(language, "failure",
                 {{"name", person == before.people.end() ? result.registration : person->name},
                  {"why", words(language, known ? key : "outcome.other")}});
}

asio::awaitable<net::Response> decide_chosen(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    auto const language = page_language(room, request);
    auto const before = co_await waiting_for_approval(room.services, *desked);
    if (!before)
        co_return people_refused(room, request, before.error());
    auto const fields = net::parse_fields(request.body).value_or(net::Fields());
    html::FormState form{language, html::Values(fields.pairs()), {}};
    auto verdicts = decode_verdicts(asked_for(fields));
    if (verdicts && verdicts->empty())
        verdicts = refuse_fields({{"registration", "approval.nobody_chosen", {}}});
    if (!verdicts) {
        form.errors = of_the_form(verdicts.error().errors);
        co_return queue_page(room, {language, *desked, *before, form, {}, request}, 422);
    }
    auto const results = co_await decide_all(room.services, *desked, std::move(*verdicts));
    if (!results)
        co_return people_refused(room, request, results.error());
    QueueView view{language, *desked, *before, {language, {}, {}}, {}, request};
    for (auto const& result : *results) {
        if (result.outcome != "done")
            view.failures.push_back(failure_words(language, *before, result));
    }
    if (view.failures.empty())
        co_return net::redirect(table_url(*desked, "approvals")
                                    .with("done", "decided")
                                    .with("n", std::to_string(results->size()))
                                    .text());
    auto const after = co_await waiting_for_approval(room.services, *desked);
    if (!after)
        co_return people_refused(room, request, after.error());
    QueueView const now_is{language, *desked, *after, view.form, view.failures, request};
    co_return queue_page(room, now_is, 409);
}

}

std::vector<net::Route> approval_page_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/approvals", show),
            people_route(room, "POST", "/approvals", decide_chosen, body_limit)};
}

}
