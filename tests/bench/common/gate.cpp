#include "common/gate.h"

#include <iostream>
#include <stdexcept>
#include <string>

namespace kutsu::bench
{

void wait_for_go()
{
    std::cout << "ready" << std::endl;
    std::string line;
    if (!std::getline(std::cin, line))
        throw std::runtime_error("the driver is gone");
}

void say_done()
{
    std::cout << "done" << std::endl;
}

void report(boost::json::object const& figures)
{
    std::cout << boost::json::serialize(figures) << std::endl;
}

}
