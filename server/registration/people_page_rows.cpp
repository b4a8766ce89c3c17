// The rows of the people table.
#include "base/messages.h"
#include "registration/people_export.h"
#include "registration/people_page_list.h"
#include "registration/people_words.h"

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

void add_head_cell(Html& html, ListView const& view, std::string_view column, std::string_view sort)
{
    bool const sorted = !sort.empty() && view.query.sort == sort;
    html.add(Tag::th,
             {attr::scope("col"),
              attr::when(sorted, attr::aria("sort", view.query.descending ? "descending" : "ascending"))},
             [&] {
                 auto const label = message(view.language, fmt::format("people.column.{}", column));
                 if (sort.empty())
                     return html.text(label);
                 auto other = view.query;
                 other.cursor.reset();
                 other.sort = sort;
                 other.descending = sorted && !view.query.descending;
                 html.add(Tag::a, {attr::href(with_query(table_url(view.desked), other))}, label);
             });
}

void add_head(Html& html, ListView const& view)
{
    html.add(Tag::thead, [&] {
        html.add(Tag::tr, [&] {
            if (view.desked.sight.manage)
                html.add(Tag::th, {attr::scope("col")}, words(view, "choose"));
            add_head_cell(html, view, "name", "name");
            add_head_cell(html, view, "status", "status");
            if (!view.desked.sight.contacts)
                return;
            add_head_cell(html, view, "organisation", "organisation");
            add_head_cell(html, view, "type", "");
            add_head_cell(html, view, "answers", "");
            add_head_cell(html, view, "tags", "");
            add_head_cell(html, view, "registered", "arrival");
            add_head_cell(html, view, "source", "");
        });
    });
}

void add_answers(Html& html, ListView const& view, Person const& person)
{
    auto const& event = *view.desked.event;
    bool first = true;
    for (auto const& question : event.form ? event.form->questions : std::vector<events::Question>()) {
        auto const* answer = person.answers.if_contains(question.key);
        if (!answer)
            continue;
        bool const masked = is_masked(question, {view.desked.sight, view.query.reveal});
        html.add(Tag::div, {attr::cls(first ? "" : "people-more")}, [&] {
            html.add(Tag::span, {attr::cls("quiet")},
                     message(view.language, "people.label",
                             {{"label", html::shown(question.label, view.language).words}}));
            html.text(" ");
            html.text(masked ? "•••" : answer_words(question, *answer, view.language));
        });
        first = false;
    }
}

void add_choice_cell(Html& html, ListView const& view, Person const& person)
{
    html.add(Tag::td, [&] {
        html.add(Tag::input,
                 {attr::type("checkbox"), attr::name("id"), attr::value(person.id), attr::form("bulk"),
                  attr::aria("label", words(view, "choose_person", {{"name", person.name}}))});
    });
}

void add_row(Html& html, ListView const& view, Person const& person)
{
    auto const& language = view.language;
    html.add(Tag::tr, {attr::data("id", person.id), attr::data("version", person.version)}, [&] {
        if (view.desked.sight.manage)
            add_choice_cell(html, view, person);
        html.add(Tag::th, {attr::scope("row")}, [&] {
            html.add(Tag::a, {attr::href(person_url(view.desked, person.id))},
                     [&] { add_name(html, person); });
            if (person.seats > 1)
                html.add(Tag::span, {attr::cls("quiet")},
                         words(view, "and_companions", {{"count", person.seats - 1}}));
        });
        html.add(Tag::td, [&] { add_status(html, language, person); });
        if (!view.desked.sight.contacts)
            return;
        html.add(Tag::td, person.organisation.value_or(""));
        html.add(Tag::td, type_words(language, *view.desked.event, person));
        html.add(Tag::td, [&] { add_answers(html, view, person); });
        html.add(Tag::td, [&] {
            for (auto const& tag : person.tags)
                html.add(Tag::span, {attr::cls("people-tag")}, tag);
        });
        html.add(Tag::td, [&] { add_instant(html, language, *view.desked.event, person.created_at); });
        html.add(Tag::td, value_words(language, "source", person.source));
    });
}

}

void add_people_table(Html& html, ListView const& view)
{
    html.add(Tag::div,
             {attr::cls("people-scroll"), attr::role("region"), attr::tabindex(0),
              attr::aria("label", words(view, "table"))},
             [&] {
                 html.add(Tag::table, {attr::cls("people-table"), attr::data("people-table")}, [&] {
                     html.add(Tag::caption, {attr::cls("visually-hidden")}, words(view, "table_caption"));
                     add_head(html, view);
                     html.add(Tag::tbody, [&] {
                         for (auto const& person : view.list.people)
                             add_row(html, view, person);
                     });
                 });
             });
}

}
