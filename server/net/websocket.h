// A connection after its upgrade: the Session that rooms see, and the conformance echo on the same class.
#pragma once

#include "net/core.h"

namespace kutsu::net
{

struct Opening
{
    Head head;
    Request request;
    std::string subprotocol; // to answer with; perhaps empty
    bool is_echo = false;
};

void open_websocket(Thread& thread, Socket socket, Admission admission, Opening opening);

}
