// "Tell us more": the questions of the second step, on the page of one's own registration. Each is a form of
// its own and saves by itself; what depends on other answers appears when those are there.
#pragma once

#include "net/multipart.h"
#include "registration/registration_page_handlers.h"
#include "registration/registration_pages.h"

namespace kutsu::registration
{

// Nothing when there is nothing to ask (any more).
void add_step_two(html::Html& html, OwnView const& view);

// action=answer: one question's field, saved with the other answers as they are. Its mistakes are for the
// field of that question.
asio::awaitable<Result<Registration>> save_answer(Services& services, std::string token,
                                                  events::EventPtr event, net::Fields fields);
// The form of that question shows what was entered and what is wrong with it.
void show_wrong_answer(OwnView& view, net::Fields const& fields, Problem const& problem);

}
