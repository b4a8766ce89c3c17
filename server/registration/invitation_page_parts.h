// What the page of invitations and what it sends share.
#pragma once

#include "registration/invitation_commands.h"
#include "registration/ways_page_parts.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct InvitationsView
{
    PeopleRoom const& room;
    std::string const& language;
    Desked const& desked;
    std::vector<Invitation> const& list;
    std::string state;     // what the list is narrowed to
    html::FormState form;  // one of the three, as it came back
    std::string open_form; // invite, share, paste
    std::vector<std::string> failures;
    net::Request const& request;
};
net::Response invitations_page(InvitationsView const& view, int status);
std::string invitation_words(std::string_view language, std::string_view key,
                             Arguments const& arguments = {});

asio::awaitable<net::Response> take_invitations(PeopleRoom& room, net::Request const& request);

}
