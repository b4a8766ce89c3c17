// What the organisers' pages about ways in share.
#pragma once

#include "registration/people_page_parts.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

std::vector<net::Route> approval_page_routes(PeopleRoomPtr const& room);
std::vector<net::Route> invitation_page_routes(PeopleRoomPtr const& room);
std::vector<net::Route> invitation_answer_routes(PeopleRoomPtr const& room);
std::vector<net::Route> allotment_page_routes(PeopleRoomPtr const& room);
std::vector<net::Route> allotment_contact_routes(PeopleRoomPtr const& room);

// An organiser who may decide who comes; whoever may not, is told that there is nothing here.
asio::awaitable<Result<Desked>> deciding_by_page(Services& services, net::Request const& request);
asio::awaitable<Result<Desked>> deciding_by_api(Services& services, net::Request const& request,
                                                bool changes);

// The ways in of an event, as links; the current one is marked.
void add_ways_nav(html::Html& html, std::string_view language, Desked const& desked,
                  std::string_view current);
// "20.5.2027 klo 16.00 Joensuu / 18.00 Petropavl"
std::string instant_words(std::string_view language, events::Event const& event, Instant at);
// A state in words with its colour.
void add_state_words(html::Html& html, std::string_view words, std::string_view css);
// What has just been done: ?done=KEY&n=COUNT, in the words ways.done.KEY.
void add_ways_done(html::Html& html, std::string_view language, net::Request const& request);
// A box to choose a row by; its label is read out.
void add_row_box(html::Html& html, std::string_view name, std::string_view value, std::string_view label);

// Fields of one line, as these pages have them.
html::Field ways_field(std::string_view label, std::string name, std::int64_t limit, bool required = false);

}
