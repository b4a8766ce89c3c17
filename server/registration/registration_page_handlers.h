// The handlers behind registration_pages.h, and what they share.
#pragma once

#include "html/frame.h"
#include "net/multipart.h"
#include "registration/desk.h"
#include "registration/form_commands.h"
#include "registration/registration_pages.h"

#include <string>
#include <string_view>

namespace kutsu::registration
{

// What every handler is given; lives as long as the routes.
struct PageContext
{
    Services& services;
    html::Assets assets;
    Uploads& uploads;
};

asio::awaitable<net::Response> show_form(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_form(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> show_own(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_own(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> show_programme(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> show_lost_link(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_lost_link(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> to_lost_link(PageContext const& context, net::Request const& request);

asio::awaitable<net::Response> show_calendar(PageContext const& context, net::Request const& request);
asio::awaitable<net::Response> take_calendar(PageContext const& context, net::Request const& request);

// What is known of somebody who comes with a code: values of the form's fields, what is wrong with the code,
// and what stands above the form.
struct InvitedGuest
{
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<FieldError> errors;
    html::SafeHtml note;
};
asio::awaitable<InvitedGuest> invited_guest(PageContext const& context, events::EventPtr event,
                                            net::Request const& request, std::string code);

// As the link says; keeps a reference to `registration`.
OwnView own_view(PageContext const& context, std::string const& language, Registration const& registration);
// Pages with a secret in their address: found by nobody, told to nobody.
net::Response private_page(std::string body, int status, std::string_view language);
// Keeps the files of a form and puts their ids into its fields, as if they had been typed. What cannot be
// taken is a mistake of its field.
asio::awaitable<std::vector<FieldError>> keep_files(PageContext const& context, events::EventPtr event,
                                                    std::string peer, net::SentForm& sent);
// The names of files among these fields, beside them, for showing them again.
asio::awaitable<std::vector<std::pair<std::string, std::string>>>
with_file_names(PageContext const& context, events::EventPtr event,
                std::vector<std::pair<std::string, std::string>> fields);

// A page that nobody keeps, because what is in it belongs to one visitor.
net::Response personal_page(std::string body, int status, std::string_view language);
// The detail of a refusal in the reader's language.
std::string problem_words(std::string_view language, Problem const& problem);

}
