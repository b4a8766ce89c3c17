// A crowd of sockets that submit prepared frames at their instants and take the answers, on one thread.
#pragma once

#include "common/figures.h"

#include <string>
#include <vector>

namespace kutsu::bench
{

struct Request
{
    std::size_t socket = 0; // index into the sockets
    Nanoseconds due = 0;    // from the beginning
    std::string frame;
};

struct Received
{
    std::size_t socket = 0;
    Nanoseconds at = 0; // from the beginning
    std::string text;
};

struct Course
{
    std::vector<Nanoseconds> sent_at; // by request, from the beginning; -1: never sent
    std::vector<Received> received;   // in order
    Nanoseconds wall = 0;             // until the last answer
    Nanoseconds cpu = 0;              // of this thread
    std::size_t closed_early = 0;     // sockets the server closed
};

// `requests` in order of their instants. Returns when every request has an answer, or after `patience`
// without any. Latency counts from the instant a request was due, whenever it could be sent: nothing is
// omitted because the generator waited.
Course run_crowd(std::vector<int> const& sockets, std::vector<Request> const& requests, Nanoseconds patience);

}
