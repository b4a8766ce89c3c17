// The port: one acceptor a thread on it; the kernel deals the connections out.
#pragma once

#include "net/core.h"

#include <memory>
#include <vector>

namespace kutsu::net
{

// Throws std::system_error with a sentence for the operator when the address or the port cannot be had.
void bind_all(std::vector<std::unique_ptr<Thread>>& threads, ServerOptions const& options);
// Until the thread's acceptor is closed.
asio::awaitable<void> accept_connections(Thread& thread);

}
