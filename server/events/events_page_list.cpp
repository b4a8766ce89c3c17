// The list of events (S1): by month, a card each, what to do when there are none.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

void add_date_block(Html& html, Span const& span)
{
    auto const starts = date::year_month_day(date::floor<date::days>(span.starts.local));
    auto const ends = date::year_month_day(date::floor<date::days>(span.ends.local));
    auto const first = static_cast<unsigned>(starts.day());
    auto const last = static_cast<unsigned>(ends.day());
    html.add(Tag::div, {attr::cls("date-block"), attr::aria("hidden", "true")},
             starts == ends ? fmt::format("{}", first) : fmt::format("{}–{}", first, last));
}

void add_card(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const& language = in.language;
    auto const title = html::shown(event.title, language);
    html.add(Tag::li, {attr::cls("event-card")}, [&] {
        add_date_block(html, event.span);
        html.add(Tag::div, {attr::cls("event-card-body")}, [&] {
            html.add(Tag::p, {attr::cls("eyebrow")}, kind_in_city(language, event));
            html.add(Tag::h3, [&] {
                html.add(Tag::a, {attr::href(event_url(language, event)), attr::lang(title.other_language)},
                         title.words);
            });
            add_note(html, title, language);
            html.add(Tag::p, {attr::cls("when")}, [&] {
                if (is_one_day(event.span)) {
                    html.add(Tag::span, {attr::cls("when-date")}, date_words(language, event.span));
                    html.text(" ");
                }
                add_times(html, language, event.span, event.other_time_zones);
            });
            if (!event.floor_languages.empty())
                html.add(Tag::p, {attr::cls("quiet")},
                         message(language, "list.languages",
                                 {{"languages", language_names(language, event.floor_languages)}}));
            add_state(html, state_words(language, event, in.now));
        });
    });
}

void add_months(Html& html, ListView const& view)
{
    std::string month;
    for (std::size_t i = 0; i < view.events.size();) {
        month = format_month(view.in.language, view.events[i]->span.starts.local);
        html.add(Tag::h2, {attr::cls("month")}, month);
        html.add(Tag::ol, {attr::cls("event-list")}, [&] {
            for (; i < view.events.size() &&
                   format_month(view.in.language, view.events[i]->span.starts.local) == month;
                 ++i)
                add_card(html, view.in, *view.events[i]);
        });
    }
}

void add_nothing(Html& html, ListView const& view)
{
    auto const& language = view.in.language;
    auto const* key = !view.filter.is_empty() ? "list.no_hits"
                      : view.filter.past      ? "list.no_past"
                                              : "list.no_upcoming";
    html.add(Tag::p, {attr::cls("empty")}, message(language, key));
    if (!view.filter.is_empty())
        html.add(Tag::p, [&] {
            html.add(Tag::a, {attr::href(html::in_language(language, {}))},
                     message(language, "list.show_all"));
        });
}

void add_other_list(Html& html, ListView const& view)
{
    auto other = view.filter;
    other.past = !view.filter.past;
    auto const list = html::in_language(view.in.language, {});
    html.add(Tag::p, {attr::cls("other-list")}, [&] {
        html.add(Tag::a, {attr::href(with_filter(list, other))},
                 message(view.in.language, view.filter.past ? "list.to_upcoming" : "list.to_past"));
    });
}

// The feed that holds what the reader is looking at.
Url feed_of(Filter const& filter, std::string_view language)
{
    Url feed = Url::local({"calendar", "events.ics"});
    if (!filter.project.empty())
        feed = Url::local({"calendar", "projects", filter.project + ".ics"});
    else if (!filter.city.empty())
        feed = Url::local({"calendar", "cities", filter.city + ".ics"});
    else if (!filter.kind.empty())
        feed = Url::local({"calendar", "kinds", filter.kind + ".ics"});
    return feed.with("lang", language);
}

void add_subscribe(Html& html, ListView const& view)
{
    auto const& language = view.in.language;
    auto const feed = feed_of(view.filter, language);
    html.add(Tag::section, {attr::cls("subscribe"), attr::aria("labelledby", "subscribe")}, [&] {
        html.add(Tag::h2, {attr::id("subscribe")}, message(language, "list.subscribe"));
        html.add(Tag::p, message(language, "calendar.delay"));
        html.add(Tag::ul, {attr::cls("plain-links")}, [&] {
            if (auto const webcal = Url::webcal(view.in.base_url, feed); !webcal.empty())
                html.add(Tag::li, [&] {
                    html.add(Tag::a, {attr::href(webcal)}, message(language, "calendar.subscribe"));
                });
            html.add(Tag::li,
                     [&] { html.add(Tag::a, {attr::href(feed)}, message(language, "calendar.feed_file")); });
        });
    });
}

std::vector<html::Funding> fundings(std::vector<EventPtr> const& events)
{
    std::vector<html::Funding> list;
    std::set<std::string> seen;
    for (auto const& event : events) {
        if (event->project && seen.insert(event->project->programme.id).second)
            list.push_back(funding_of(*event));
    }
    return list;
}

html::Head list_head(ListView const& view)
{
    auto const& language = view.in.language;
    html::Head head;
    head.title = message(language, view.filter.past ? "list.past_title" : "list.title");
    head.description = message(language, "site.description");
    auto const address = with_filter(html::in_language(language, {}), view.filter).text();
    head.query = address.substr(std::min(address.find('?'), address.size()));
    head.calendar = Url::local({"calendar", "events.ics"}).with("lang", language);
    head.calendar_title = message(language, "list.title");
    head.is_listed = view.filter.is_empty() && !view.filter.past;
    head.funding = fundings(view.events);
    return head;
}

}

std::string render_list_page(ListView const& view)
{
    auto const& language = view.in.language;
    return html::page(view.in, list_head(view), {}, [&](Html& html) {
        add_age_notice(html, view.in);
        html.add(Tag::div, {attr::cls("list-head")}, [&] {
            html.add(Tag::h1, message(language, view.filter.past ? "list.past_title" : "list.title"));
            html.add(Tag::p, {attr::cls("lead")}, message(language, "site.description"));
        });
        add_filter(html, view);
        if (view.events.empty())
            add_nothing(html, view);
        else
            add_months(html, view);
        add_other_list(html, view);
        add_subscribe(html, view);
    });
}

Choices choices_from(std::vector<EventPtr> const& events, std::string_view language)
{
    std::map<std::string, std::string> kinds;
    std::map<std::string, std::string> cities;
    std::map<std::string, std::string> spoken;
    std::map<std::string, std::string> projects;
    for (auto const& event : events) {
        auto const kind_key = fmt::format("kind.{}", event->kind);
        kinds[event->kind] = has_message(language, kind_key) ? message(language, kind_key) : event->kind;
        if (event->venue)
            cities[event->venue->city_slug] =
                city_words(language, event->venue->city, event->venue->city_slug);
        for (auto const& codes : {event->floor_languages, event->interpretation_languages}) {
            for (auto const& code : codes)
                spoken[code] = language_name(language, code);
        }
        if (event->project)
            projects[event->project->id] = event->project->acronym;
    }
    auto const list = [](std::map<std::string, std::string> const& from) {
        std::vector<Choice> choices;
        for (auto const& [value, label] : from)
            choices.push_back({value, label});
        return choices;
    };
    return {list(kinds), list(cities), list(spoken), list(projects)};
}

}
