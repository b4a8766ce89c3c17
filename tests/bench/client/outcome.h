// What the answers say, worked out after the measured time.
#pragma once

#include "client/crowd.h"
#include "common/guests.h"

#include <string>
#include <vector>

namespace kutsu::bench
{

struct Outcome
{
    Nanoseconds answered_at = -1; // from the beginning; -1: no answer
    std::string status;           // of the registration, or the name of a problem
    std::int64_t position = 0;    // 0: none
    std::string token;
};

// By request. JSON-RPC ids are the numbers of the requests.
std::vector<Outcome> outcomes_of(Course const& course);

// One line a request, separated by tabs: submission id, event, e-mail, due, sent, answered (nanoseconds from
// the beginning), status, position, token.
void write_ledger(std::string const& path, std::vector<Guest> const& guests,
                  std::vector<std::string> const& events, std::vector<Request> const& requests,
                  Course const& course, std::vector<Outcome> const& outcomes);

// Rate and latency are of those who were registered.
json::object figures_of(std::vector<Request> const& requests, Course const& course,
                        std::vector<Outcome> const& outcomes);

}
