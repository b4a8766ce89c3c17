#include "events/events_page_filter.h"

#include "base/unicode.h"

#include <algorithm>

namespace kutsu::events
{
namespace
{

Day day_of(LocalTime local)
{
    return Day(date::floor<date::days>(local));
}

bool has(std::vector<std::string> const& codes, std::string_view code)
{
    return std::ranges::find(codes, code) != codes.end();
}

// Every word of the question, anywhere.
bool has_words(std::string_view text, std::string_view folded)
{
    while (!folded.empty()) {
        auto const end = std::min(folded.find(' '), folded.size());
        if (text.find(folded.substr(0, end)) == std::string_view::npos)
            return false;
        folded.remove_prefix(std::min(end + 1, folded.size()));
    }
    return true;
}

bool is_within(Filter const& filter, Event const& event)
{
    return (!filter.from || day_of(event.span.ends.local) >= *filter.from) &&
           (!filter.to || day_of(event.span.starts.local) <= *filter.to);
}

}

bool Filter::is_empty() const
{
    return kind.empty() && city.empty() && language.empty() && project.empty() && q.empty() && !from && !to;
}

Filter filter_from(net::Fields const& query)
{
    constexpr std::size_t longest = 200;
    auto const text = [&](std::string_view name) {
        auto line = tidy_line(query.find(name).value_or(""));
        return line.size() <= longest ? line : std::string();
    };
    Filter filter;
    filter.kind = text("kind");
    filter.city = text("city");
    filter.language = text("language");
    filter.project = text("project");
    filter.q = text("q");
    filter.from = parse_day(text("from"));
    filter.to = parse_day(text("to"));
    filter.past = text("past") == "1";
    return filter;
}

html::Url with_filter(html::Url const& list, Filter const& filter, std::string_view without)
{
    auto url = list;
    auto const put = [&](std::string_view name, std::string const& value) {
        if (!value.empty() && name != without)
            url = url.with(name, value);
    };
    put("kind", filter.kind);
    put("city", filter.city);
    put("language", filter.language);
    put("project", filter.project);
    put("q", filter.q);
    put("from", filter.from ? format_day(*filter.from) : "");
    put("to", filter.to ? format_day(*filter.to) : "");
    put("past", filter.past ? "1" : "");
    return url;
}

std::string search_text(Event const& event)
{
    std::string text;
    auto const put = [&](std::string_view more) { text.append(more).append("\n"); };
    auto const put_all = [&](Text const& words) {
        for (auto const& each : words.all())
            put(each.text);
    };
    put_all(event.title);
    put_all(event.description);
    if (event.venue) {
        put_all(event.venue->name);
        put(event.venue->city);
    }
    if (event.project) {
        put(event.project->acronym);
        put_all(event.project->title);
    }
    for (auto const& session : event.sessions) {
        put_all(session.title);
        for (auto const& speaker : session.speakers) {
            put(display_name(speaker, "en"));
            put(display_name(speaker, "ru"));
        }
    }
    return fold_for_search(text);
}

bool matches(Filter const& filter, Event const& event, std::function<std::string const&()> const& text)
{
    if (!filter.kind.empty() && event.kind != filter.kind)
        return false;
    if (!filter.city.empty() && (!event.venue || event.venue->city_slug != filter.city))
        return false;
    if (!filter.language.empty() && !has(event.floor_languages, filter.language) &&
        !has(event.interpretation_languages, filter.language))
        return false;
    if (!filter.project.empty() && (!event.project || event.project->id != filter.project))
        return false;
    return is_within(filter, event) && (filter.q.empty() || has_words(text(), fold_for_search(filter.q)));
}

}
