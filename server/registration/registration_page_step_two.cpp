#include "registration/registration_page_step_two.h"

#include "base/messages.h"
#include "registration/answer_rules.h"
#include "registration/form_definition.h"
#include "registration/registration_commands.h"
#include "registration/registration_page_own_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using events::Question;
using html::attr;
using html::Html;
using html::Tag;
using html::Url;

// The second step's questions that are asked, given the answers there are.
std::vector<Question const*> asked_questions(OwnView const& view)
{
    std::vector<Question const*> asked;
    if (!view.event || !view.event->form || !is_alive(view.registration) ||
        view.event->span.ends.at <= view.in.now)
        return asked;
    for (auto const& question : view.event->form->questions) {
        if (question.step == 2 && is_asked(question, *view.event->form, view.registration.answers))
            asked.push_back(&question);
    }
    return asked;
}

// The last day on which the answer may still be there, on the event's wall.
std::string deletion_day(OwnView const& view, std::int64_t days)
{
    auto const& ends = view.event->span.ends;
    return format_date_short(view.in.language, ends.local + std::chrono::days(days + 1));
}

void add_what_for(Html& html, OwnView const& view, Question const& question)
{
    auto const& language = view.in.language;
    auto const days = days_kept(question);
    if (!days)
        return;
    Arguments arguments = {{"date", deletion_day(view, *days)}, {"purpose", question.purpose}};
    auto const* key = !question.special_category ? "step_two.kept_until"
                      : question.purpose.empty() ? "step_two.consent"
                                                 : "step_two.consent_purpose";
    html.add(Tag::p, {attr::cls("hint")}, message(language, key, arguments));
}

Url answer_url(OwnView const& view, Question const& question)
{
    auto const& token = view.registration.receipt.token;
    return question.type == "file" ? Url::local({view.in.language, "registrations", token, "files"})
                                   : own_url(view.in.language, view.registration);
}

// The state of one question's form: only its own mistakes.
html::FormState state_of(OwnView const& view, Question const& question)
{
    html::FormState state{view.in.language, view.change.values, {}};
    if (view.answering == question.key) {
        state.values = view.answer.values;
        state.errors = view.answer.errors;
    }
    return state;
}

void add_question_form(Html& html, OwnView const& view, Question const& question)
{
    auto const& language = view.in.language;
    auto const label = html::shown(question.label, language).words;
    bool const is_answered = view.registration.answers.contains(question.key);
    html.add(Tag::form,
             {attr::cls("form step-two-question"), attr::id("tell-" + question.key), attr::method("post"),
              attr::action(answer_url(view, question)),
              attr::when(question.type == "file", attr::enctype("multipart/form-data"))},
             [&] {
                 html::add_hidden(html, "action", "answer");
                 html::add_hidden(html, "question", question.key);
                 add_bare_question(html, state_of(view, question), question);
                 add_what_for(html, view, question);
                 html.add(Tag::p, {attr::cls("actions")}, [&] {
                     html.add(
                         Tag::button,
                         {attr::type("submit"), attr::cls("button-quiet"),
                          attr::aria("label", message(language, "step_two.save_of", {{"question", label}}))},
                         message(language, "step_two.save"));
                     if (is_answered)
                         html.add(Tag::span, {attr::cls("tag")}, message(language, "step_two.answered"));
                 });
             });
}

}

void add_step_two(Html& html, OwnView const& view)
{
    auto const asked = asked_questions(view);
    if (asked.empty())
        return;
    auto const& language = view.in.language;
    auto const done = std::ranges::count_if(
        asked, [&](auto const* question) { return view.registration.answers.contains(question->key); });
    html.add(
        Tag::section, {attr::cls("step-two"), attr::id("tell"), attr::aria("labelledby", "tell-title")}, [&] {
            html.add(Tag::h2, {attr::id("tell-title")}, message(language, "step_two.title"));
            html.add(
                Tag::p, {attr::cls("quiet"), attr::data("answered", std::int64_t{done})},
                message(language, "step_two.progress",
                        {{"done", std::int64_t{done}}, {"all", static_cast<std::int64_t>(asked.size())}}));
            for (auto const* question : asked)
                add_question_form(html, view, *question);
        });
}

asio::awaitable<Result<Registration>> save_answer(Services& services, std::string token,
                                                  events::EventPtr event, net::Fields fields)
{
    auto const key = fields.find("question").value_or("");
    auto const* question = event && event->form ? find_question(event->form->questions, key) : nullptr;
    if (!question || question->step != 2)
        co_return refuse(ProblemName::validation, "own.unknown_action");
    auto const sent = object_from_form(fields.pairs(), *event);
    auto const* given = sent.at("answers").as_object().if_contains(key);
    // An unticked box of a form of its own says no.
    bool const is_box = question->type == "boolean" || question->type == "consent";
    json::value const answer = given ? *given : is_box ? json::value(false) : json::value();
    if (question->required && is_blank(answer))
        co_return refuse_fields({{fmt::format("answers.{}", key), "field.missing", {}}});
    auto const present = co_await get(services, token);
    if (!present)
        co_return std::unexpected(present.error());
    Change wanted;
    wanted.answers = present->answers;
    wanted.answers->insert_or_assign(key, answer);
    co_return co_await change(services, std::move(token), std::move(wanted));
}

void show_wrong_answer(OwnView& view, net::Fields const& fields, Problem const& problem)
{
    view.answering = fields.find("question").value_or("");
    view.answer = {view.in.language, html::Values(fields.pairs()), problem.errors};
}

}
