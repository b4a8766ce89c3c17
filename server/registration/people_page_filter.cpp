// Search and facets of the people table.
#include "base/messages.h"
#include "registration/people_export.h"
#include "registration/people_page_list.h"
#include "registration/people_words.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

void add_facet_choice(Html& html, ListView const& view, FacetCount const& each, std::size_t number)
{
    auto const id = fmt::format("facet-{}-{}", each.facet, number);
    auto const& event = *view.desked.event;
    html.add(Tag::div, {attr::cls("choice")}, [&] {
        html.add(Tag::input,
                 {attr::type("checkbox"), attr::id(id), attr::name(each.facet), attr::value(each.value),
                  attr::checked(view.query.filter.has(each.facet, each.value))});
        html.add(Tag::label, {attr::for_field(id)}, [&] {
            html.text(facet_value_words(view.language, event, each.facet, each.value));
            html.text(" ");
            html.add(Tag::span, {attr::cls("quiet")},
                     message(view.language, "people.count", {{"count", each.count}}));
        });
    });
}

// A chosen value nobody has any more stays, so that it can be taken back.
std::vector<FacetCount> choices_of(ListView const& view, std::string_view facet)
{
    std::vector<FacetCount> choices;
    for (auto const& each : view.list.facets) {
        if (each.facet == facet)
            choices.push_back(each);
    }
    if (auto const chosen = view.query.filter.choices.find(facet);
        chosen != view.query.filter.choices.end()) {
        for (auto const& value : chosen->second) {
            if (std::ranges::find(choices, value, &FacetCount::value) == choices.end())
                choices.push_back({std::string(facet), value, 0});
        }
    }
    std::ranges::sort(choices, [](auto const& a, auto const& b) {
        return std::tie(b.count, a.value) < std::tie(a.count, b.value);
    });
    return choices;
}

std::vector<std::string> shown_facets(ListView const& view)
{
    std::vector<std::string> shown(facets().begin(), facets().end());
    for (auto const& question :
         view.desked.event->form ? view.desked.event->form->questions : std::vector<events::Question>())
        shown.push_back("answer." + question.key);
    return shown;
}

void add_facets(Html& html, ListView const& view)
{
    for (auto const& facet : shown_facets(view)) {
        auto const choices = choices_of(view, facet);
        bool const chosen = view.query.filter.choices.contains(facet);
        if (!chosen && (choices.empty() ||
                        (choices.size() == 1 && (choices[0].count == view.list.all || facet == "tag"))))
            continue;
        html.add(Tag::details, {attr::open(chosen || facet == "status")}, [&] {
            html.add(Tag::summary, facet_words(view.language, *view.desked.event, facet));
            for (std::size_t i = 0; i < choices.size(); ++i)
                add_facet_choice(html, view, choices[i], i);
        });
    }
}

}

void add_people_filter(Html& html, ListView const& view)
{
    html.add(Tag::form,
             {attr::method("get"), attr::action(table_url(view.desked)), attr::cls("people-filter"),
              attr::role("search"), attr::aria("label", words(view, "filter"))},
             [&] {
                 html.add(Tag::label, {attr::for_field("people-q")}, words(view, "search"));
                 html.add(Tag::input,
                          {attr::type("search"), attr::id("people-q"), attr::name("q"), attr::maxlength(200),
                           attr::autocomplete("off"), attr::value(view.query.filter.q)});
                 html.add(Tag::p, {attr::cls("hint")}, words(view, "search_hint"));
                 add_facets(html, view);
                 if (auto const sort = sort_words(view.query); sort != sort_words(PeopleQuery()))
                     html::add_hidden(html, "sort", sort);
                 add_button(html, words(view, "filter_apply"));
             });
}

void add_people_chips(Html& html, ListView const& view)
{
    if (view.query.filter.is_empty())
        return;
    html.add(Tag::ul, {attr::cls("chips"), attr::aria("label", words(view, "filter_on"))}, [&] {
        for (auto const& [name, value] : pairs_of(view.query.filter)) {
            auto without = view.query;
            if (name == "q")
                without.filter.q.clear();
            else if (std::erase(without.filter.choices[name], value); without.filter.choices[name].empty())
                without.filter.choices.erase(name);
            PeopleFilter only;
            if (name == "q")
                only.q = value;
            else
                only.choices[name] = {value};
            html.add(Tag::li, [&] {
                html.add(Tag::a, {attr::cls("chip"), attr::href(with_query(table_url(view.desked), without))},
                         [&] {
                             html.add(Tag::span, {attr::cls("visually-hidden")},
                                      words(view, "filter_remove"));
                             html.text(filter_words(view.language, *view.desked.event, only));
                         });
            });
        }
    });
}

}
