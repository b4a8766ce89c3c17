// The driver reads the counters of other processes right before and after what is measured: a program of the
// benchmark says when it is prepared, and begins when it is told so.
#pragma once

#include <boost/json.hpp>

namespace kutsu::bench
{

// Prints "ready" and waits for a line of standard input.
void wait_for_go();

// Prints "done": what is measured is over, the rest is arithmetic.
void say_done();

// One line of JSON.
void report(boost::json::object const& figures);

}
