// The filter of the list: a GET form, and chips that take one condition away each.
#include "base/messages.h"
#include "events/events_page_views.h"

#include <algorithm>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

void add_select(Html& html, std::string_view name, std::string_view label, std::string_view any,
                std::vector<Choice> const& choices, std::string_view chosen)
{
    // Where there is nothing to choose, nothing is asked.
    if (choices.size() < 2 && chosen.empty())
        return;
    auto const id = "filter-" + std::string(name);
    html.add(Tag::div, {attr::cls("field")}, [&] {
        html.add(Tag::label, {attr::for_field(id)}, label);
        html.add(Tag::select, {attr::id(id), attr::name(name)}, [&] {
            html.add(Tag::option, {attr::value("")}, any);
            for (auto const& choice : choices)
                html.add(Tag::option, {attr::value(choice.value), attr::selected(choice.value == chosen)},
                         choice.label);
        });
    });
}

void add_input(Html& html, std::string_view type, std::string_view name, std::string_view label,
               std::string_view value)
{
    auto const id = "filter-" + std::string(name);
    html.add(Tag::div, {attr::cls("field")}, [&] {
        html.add(Tag::label, {attr::for_field(id)}, label);
        html.add(Tag::input, {attr::type(type), attr::id(id), attr::name(name), attr::value(value)});
    });
}

void add_fields(Html& html, ListView const& view)
{
    auto const& language = view.in.language;
    auto const& filter = view.filter;
    auto const any = message(language, "list.any");
    add_input(html, "search", "q", message(language, "list.q"), filter.q);
    add_select(html, "kind", message(language, "list.kind"), any, view.choices.kinds, filter.kind);
    add_select(html, "city", message(language, "list.city"), any, view.choices.cities, filter.city);
    add_select(html, "language", message(language, "list.language"), any, view.choices.languages,
               filter.language);
    add_select(html, "project", message(language, "list.project"), any, view.choices.projects,
               filter.project);
    add_input(html, "date", "from", message(language, "list.from"),
              filter.from ? format_day(*filter.from) : "");
    add_input(html, "date", "to", message(language, "list.to"), filter.to ? format_day(*filter.to) : "");
    if (filter.past)
        html.add(Tag::input, {attr::type("hidden"), attr::name("past"), attr::value("1")});
    html.add(Tag::button, {attr::type("submit")}, message(language, "list.show"));
}

std::string label_of(std::vector<Choice> const& choices, std::string const& value)
{
    auto const found = std::ranges::find(choices, value, &Choice::value);
    return found == choices.end() ? value : found->label;
}

std::string day_words(std::string_view language, std::optional<Day> day)
{
    return day ? format_date_short(language, LocalTime(date::local_days(*day))) : std::string();
}

void add_each_chip(ListView const& view, auto const& chip)
{
    auto const& language = view.in.language;
    auto const& filter = view.filter;
    auto const chosen = [](std::vector<Choice> const& choices, std::string const& value) {
        return value.empty() ? value : label_of(choices, value);
    };
    chip("q", message(language, "list.q"), filter.q);
    chip("kind", message(language, "list.kind"), chosen(view.choices.kinds, filter.kind));
    chip("city", message(language, "list.city"), chosen(view.choices.cities, filter.city));
    chip("language", message(language, "list.language"), chosen(view.choices.languages, filter.language));
    chip("project", message(language, "list.project"), chosen(view.choices.projects, filter.project));
    chip("from", message(language, "list.from"), day_words(language, filter.from));
    chip("to", message(language, "list.to"), day_words(language, filter.to));
}

void add_chips(Html& html, ListView const& view)
{
    auto const& language = view.in.language;
    auto const& filter = view.filter;
    if (filter.is_empty())
        return;
    auto const chip = [&](std::string_view name, std::string_view label, std::string const& value) {
        if (value.empty())
            return;
        html.add(Tag::li, [&] {
            html.add(
                Tag::a,
                {attr::cls("chip"), attr::href(with_filter(html::in_language(language, {}), filter, name))},
                [&] {
                    html.text(
                        message(language, "list.chip", {{"what", std::string(label)}, {"value", value}}));
                    html.add(Tag::span, {attr::cls("visually-hidden")},
                             message(language, "list.chip_remove"));
                });
        });
    };
    html.add(Tag::nav, {attr::aria("label", message(language, "list.chips"))},
             [&] { html.add(Tag::ul, {attr::cls("chips")}, [&] { add_each_chip(view, chip); }); });
}

}

void add_filter(Html& html, ListView const& view)
{
    auto const& language = view.in.language;
    html.add(Tag::details, {attr::cls("filter"), attr::open(!view.filter.is_empty())}, [&] {
        html.add(Tag::summary, message(language, "list.filter"));
        html.add(Tag::form,
                 {attr::method("get"), attr::action(html::in_language(language, {})), attr::role("search")},
                 [&] { add_fields(html, view); });
    });
    add_chips(html, view);
}

}
