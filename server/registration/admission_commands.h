// What organisers do with those who wait for approval. Needs manage_registrations; else not_allowed.
#pragma once

#include "registration/admission.h"
#include "registration/people_commands.h"

#include <vector>

namespace kutsu::registration
{

// Those who wait, by arrival; at most most_people of them, with how many there are.
asio::awaitable<Result<PeopleList>> waiting_for_approval(Services& services, Desked const& desked);

// Each goes through the desk on its own: what fails does not stop the others. Results in the order of asking.
asio::awaitable<Result<std::vector<Decided>>> decide_all(Services& services, Desked const& desked,
                                                         std::vector<Verdict> verdicts);

}
