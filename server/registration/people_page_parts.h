// What the pages of the people table share.
#pragma once

#include "html/forms.h"
#include "html/frame.h"
#include "registration/people_door.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct PeopleRoom
{
    Services& services;
    html::Assets assets;
};
using PeopleRoomPtr = std::shared_ptr<PeopleRoom>;
using PeoplePage = asio::awaitable<net::Response> (*)(PeopleRoom&, net::Request const&);

net::Route people_route(PeopleRoomPtr const& room, std::string method, std::string pattern, PeoplePage page,
                        std::size_t body_limit = 64UL * 1024);
std::vector<net::Route> people_list_routes(PeopleRoomPtr const& room);
std::vector<net::Route> people_person_routes(PeopleRoomPtr const& room);
std::vector<net::Route> people_bulk_routes(PeopleRoomPtr const& room);
std::vector<net::Route> people_import_routes(PeopleRoomPtr const& room);
std::vector<net::Route> people_message_routes(PeopleRoomPtr const& room);

std::string page_language(PeopleRoom const& room, net::Request const& request);
// Who is not signed in goes to the door; what somebody may not see does not exist for them.
net::Response people_refused(PeopleRoom const& room, net::Request const& request, Problem const& problem);

// A page about the people of an event, with the way back to the table.
struct PeopleFrame
{
    std::string title;
    int status = 200;
    bool is_table = false; // the table itself: no way back, with its script
};
net::Response people_page(PeopleRoom const& room, std::string const& language, Desked const& desked,
                          PeopleFrame const& frame, std::function<void(html::Html&)> const& body);

// /app/events/SLUG and what lies under it.
html::Url table_url(Desked const& desked);
html::Url table_url(Desked const& desked, std::string_view under);
html::Url person_url(Desked const& desked, std::string_view id);
// The same with a list's filter and order.
html::Url with_query(html::Url url, PeopleQuery const& query);

// "vahvistettu", with its sign; "jonossa, sija 3".
void add_status(html::Html& html, std::string_view language, Person const& person);
// The name in both scripts.
void add_name(html::Html& html, Person const& person);
void add_instant(html::Html& html, std::string_view language, events::Event const& event, Instant at);
void add_post_form(html::Html& html, html::Url const& action, std::vector<html::Attr> more,
                   std::function<void()> const& body);
void add_button(html::Html& html, std::string_view words, std::string_view css = {},
                std::string_view name = {}, std::string_view value = {});
// What has been done, after a form was sent and the page asked for anew: ?done=KEY.
void add_done(html::Html& html, std::string_view language, net::Request const& request);
std::string_view seats_css(std::string_view status);

}
