// Opens the sockets and upgrades them: all of it before anything is measured.
#pragma once

#include <cstdint>
#include <vector>

namespace kutsu::bench
{

// `count` upgraded, non-blocking sockets to /live, spread over the ports in turn. Throws std::system_error
// when the machine has no more file descriptors, std::runtime_error when a server does not upgrade.
std::vector<int> open_sockets(std::size_t count, std::vector<std::uint16_t> const& ports);

// Closes without TIME_WAIT, so that rounds of ten thousand do not use up the local ports.
void close_sockets(std::vector<int> const& sockets);

// As many file descriptors as this process may have; throws when `needed` is more.
void raise_descriptor_limit(std::size_t needed);

}
