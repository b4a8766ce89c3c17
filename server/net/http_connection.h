// One HTTP connection: requests one after another, each guarded, answered and written before the next is
// looked at.
#pragma once

#include "net/core.h"

namespace kutsu::net
{

void open_http(Thread& thread, Socket socket, Admission admission);

}
