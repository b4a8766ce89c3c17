// Which events a reader of the list asks for: the GET form of contract §3, also as a query to keep and to
// shorten.
#pragma once

#include "events/catalogue.h"
#include "html/url.h"
#include "net/http.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::events
{

struct Filter
{
    std::string kind;
    std::string city;     // slug
    std::string language; // spoken or interpreted
    std::string project;  // id
    std::string q;
    std::optional<Day> from; // days on the event's own wall
    std::optional<Day> to;
    bool past = false;

    bool is_empty() const; // but for `past`
};

Filter filter_from(net::Fields const& query);
// The address with the filter's parameters, without one of them where `without` names it.
html::Url with_filter(html::Url const& list, Filter const& filter, std::string_view without = {});

// Everything of an event that a search looks through, folded; costly, so callers keep it.
std::string search_text(Event const& event);
// `text` is search_text(event); asked for only when the filter has words.
bool matches(Filter const& filter, Event const& event, std::function<std::string const&()> const& text);

}
