// What the doors of the people table share: who asks, and of which event.
#pragma once

#include "net/http.h"
#include "registration/people_commands.h"

#include <functional>
#include <optional>
#include <string>

namespace kutsu::registration
{

// A change over HTTP needs the session's X-CSRF-Token.
asio::awaitable<Result<Desked>> desked_by_api(Services& services, net::Request const& request, bool changes);
// A form needs to come from our own pages.
asio::awaitable<Result<Desked>> desked_by_page(Services& services, net::Request const& request);

// A list as the wire shows it: {"items", "next", "total", "all", "facets", "version"}.
json::object to_json(PeopleList const& list, Desked const& desked, PeopleQuery const& query,
                     bool with_facets);
json::object to_json(PersonFile const& file, Desked const& desked, Shown const& shown);
json::object to_json(BulkAction action, std::vector<BulkResult> const& results);

Result<Bulk> decode_bulk(json::object const& object, Desked const& desked, std::string_view language);
std::optional<BulkAction> bulk_action_named(std::string_view name);

// The people a request asks for as a file, csv or xlsx; a refusal as a problem.
asio::awaitable<net::Response> people_file(Services& services, Desked const& desked,
                                           net::Request const& request, std::string kind);

}
