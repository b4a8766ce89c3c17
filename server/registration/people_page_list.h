// The table's page in parts.
#pragma once

#include "base/messages.h"
#include "registration/people_page_parts.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace kutsu::registration
{

struct ListView
{
    std::string const& language;
    Desked const& desked;
    PeopleQuery const& query;
    PeopleList const& list;
    net::Request const& request;
};

inline std::string words(ListView const& view, std::string_view key, Arguments const& arguments = {})
{
    return message(view.language, fmt::format("people.{}", key), arguments);
}

// The rows with their head; hooks of people.ts: data-people-table, data-id and data-version on each row.
void add_people_table(html::Html& html, ListView const& view);
// Search and facets: one form that narrows the list.
void add_people_filter(html::Html& html, ListView const& view);
// What it is narrowed by now, each with a way to take it back.
void add_people_chips(html::Html& html, ListView const& view);

}
